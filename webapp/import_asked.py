"""What a person asks for when beginning an import: where the files are, and whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import FileStorage

from models.errors import Invalid
from models.imports import ImportKind
from models.operations import scope
from models.operations.importing import Place
from models.operations.mapping import Rule, everything_of, read_mapping
from webapp.doors import close_reading, house, optional_key, person, reading, written

MAPPING_BYTES = 5 * 1024 * 1024


def rules() -> tuple[Rule, ...]:
    """Whose the files are. Without a word on it the texts propose, and a person decides."""
    whose = request.form.get("whose", "text")
    if whose == "one":
        supplier_id = optional_key("supplier")
        if supplier_id is None:
            raise Invalid("Choose the supplier first.", field="supplier")
        return everything_of(scope.supplier(reading(), supplier_id, by=person()).id)
    if whose == "mapping":
        file = request.files.get("mapping")
        data = file.stream.read(MAPPING_BYTES + 1) if file is not None else b""
        if not data:
            raise Invalid("Choose the mapping file first.", field="mapping")
        return read_mapping(reading(), _text(data), by=person())
    return ()


def _text(data: bytes) -> str:
    try:
        if len(data) > MAPPING_BYTES:
            raise Invalid("The mapping has too many lines: use wildcards, such as mill-3/*.", field="mapping")
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The mapping is not readable as text: save it as CSV in UTF-8.", field="mapping") from None


def place() -> Place:
    """Where the files are. Folders and stores only as the operator has listed them."""
    source, settings = request.form.get("source", "zip"), house().settings
    if source == "folder":
        root = _listed(settings.import_folders, "root")
        return Place(ImportKind.FOLDER, str(_below(Path(root), written("folder", limit=1000))), _last(root, "folder"))
    if source == "store":
        address = _listed(settings.import_stores, "store")
        return Place(ImportKind.S3, _prefixed(address, written("prefix", limit=1000)), _last(address, "prefix"))
    file = request.files.get("archive")
    if file is None or not file.filename:
        raise Invalid("Choose the archive first.", field="archive")
    _check_archive(file)
    close_reading()
    stored = house().runtime.vault.put(cast(BinaryIO, file.stream), limit=settings.upload_bytes)
    return Place(ImportKind.ZIP, stored.sha256, file.filename)


def _check_archive(file: FileStorage) -> None:
    """A first look at its first bytes; workers open it, in their cage."""
    head = file.stream.read(6)
    file.stream.seek(0)
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise Invalid("This is no archive that can be opened: pack the folder as ZIP.", field="archive")


def _listed(places: tuple[str, ...], field: str) -> str:
    """One of the places in the settings, by its number."""
    text = request.form.get(field, "")
    if not text.isdecimal() or len(text) > 4 or int(text) >= len(places):
        raise Invalid("Choose one of the places that the operator has listed.", field=field)
    return places[int(text)]


def _below(root: Path, folder: str) -> Path:
    place = (root / folder.strip("/")).resolve()
    if not place.is_relative_to(root.resolve()) or not place.is_dir():
        raise Invalid("There is no such folder below the place that was chosen.", field="folder")
    return place


def _prefixed(address: str, prefix: str) -> str:
    """The place with a prefix below it. A sign that ends a path would let the prefix name a server of its own."""
    if "?" in prefix or "#" in prefix or not prefix.isprintable():
        raise Invalid("There is no such folder below the place that was chosen.", field="prefix")
    base, mark, query = address.partition("?")
    return "/".join(part for part in (base.rstrip("/"), prefix.strip("/")) if part) + mark + query


def _last(place: str, field: str) -> str:
    """What the import is called: the deepest folder that was named."""
    typed = written(field, limit=1000).strip("/")
    parts = urlsplit(place)
    return typed.rsplit("/", 1)[-1] or parts.path.strip("/").rsplit("/", 1)[-1] or parts.netloc or place
