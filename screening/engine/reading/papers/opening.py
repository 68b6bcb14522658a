"""Says what a file that is no PDF really is, and gives its pages and the files inside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import olefile

from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import (
    archives,
    calendars,
    docx,
    embedded,
    mail,
    msg,
    names,
    odf,
    plain,
    pptx,
    web,
    xls,
    xlsx,
)
from screening.engine.reading.papers.encodings import declared_in, decoded
from screening.engine.reading.papers.pager import Pager, Unreadable
from screening.engine.reading.papers.parts import Parts
from screening.engine.reading.papers.rich import reading as rich
from screening.engine.reading.papers.rich import writing
from screening.engine.reading.papers.rich.pictures import Pictures
from screening.engine.reasons import Reason

_OFFICE = {"word": ("docx", docx.read), "xl": ("xlsx", xlsx.read), "ppt": ("pptx", pptx.read)}
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_ENCRYPTED_MARK = 0x0100
"""Bit of the flags of an old Word file that says it is under a password ([MS-DOC], FibBase)."""
_PPT_ENCRYPTED = b"\xdf\xc4\xd1\xf3"
"""How the header of an encrypted old slide file begins, after 12 bytes ([MS-PPT], CurrentUserAtom)."""


@dataclass(slots=True)
class Paper:
    """A file that was read: what it is, its pages as answers to the parent, and how many files are inside."""

    kind: str
    pages: list[dict[str, Any]] = field(default_factory=list)
    members: int = 0
    refused: list[Reason] = field(default_factory=list)
    """Of members that are known not to come out, why."""
    lacks: Reason | None = None
    """Why something on the pages that people see could not be read."""
    shown: list[str] = field(default_factory=list)
    """Parts that are pictures which may show words, in the order of their pages."""

    @classmethod
    def of(cls, kind: str, pager: Pager, members: int = 0) -> Paper:
        return cls(kind, pager.answers(), members, lacks=pager.lacks, shown=pager.shown)


def read(data: bytes, limits: Limits, password: str | None) -> Paper:
    """The pages of a file. Raises Unreadable, TooMuch."""
    kind = kind_of(data)
    if kind is Kind.ZIP:
        return _zip(data, limits, password)
    if kind is Kind.OLE:
        return _ole(data, limits)
    if kind is Kind.TEXT:
        return _text(data, limits)
    if kind is Kind.RTF:
        found = rich.read(data, limits)
        return Paper.of("rtf", writing.pages(found, limits), len(found.files))
    if kind in (Kind.TAR, Kind.GZIP, Kind.BZIP2, Kind.XZ):
        return _archive(data, kind, limits, password)
    raise Unreadable(Reason.NOT_SUPPORTED)


def members(data: bytes, limits: Limits, first: int, password: str | None) -> Iterator[archives.Entry]:
    """The files inside, from number `first` on with their bytes. Raises Unreadable, TooMuch."""
    kind = kind_of(data)
    if kind is Kind.TEXT:
        found: Iterator[tuple[str, bytes]] = mail.attachments(mail.parsed(data))
    elif kind is Kind.OLE:
        found = msg.attachments(_opened(data))
    elif kind is Kind.ZIP and (office := _office(Parts(data, limits))):
        found = embedded.files(office)
    elif kind is Kind.RTF:
        found = ((f"object-{number}", body) for number, body in enumerate(rich.read(data, limits).files, start=1))
    elif kind is not None:
        yield from archives.entries(data, kind, limits, first=first, password=password)
        return
    else:
        return
    for number, (name, body) in enumerate(found, start=1):
        if number >= first:
            reason = None if body else Reason.EMPTY_FILE
            yield archives.Entry(number, names.safe(name), len(body), reason, body or None)


def shown(data: bytes, limits: Limits, first: int, password: str | None) -> Iterator[archives.Entry]:
    """The pictures that a text or its slides show, from number `first` on with their bytes.

    Raises Unreadable, TooMuch.
    """
    album: Parts | Pictures
    if kind_of(data) is Kind.RTF:
        text = rich.read(data, limits)
        album, wanted = text.pictures, writing.pages(text, limits).shown
    else:
        album, wanted = Parts(data, limits), read(data, limits, password).shown
    for number, name in enumerate(wanted[first - 1 :], start=first):
        body = album.read(name)
        reason = Reason.TOO_LARGE if len(body) > limits.file_bytes else None if body else Reason.EMPTY_FILE
        yield archives.Entry(number, f"picture-{number}", len(body), reason, None if reason else body)


def _zip(data: bytes, limits: Limits, password: str | None) -> Paper:
    parts = Parts(data, limits)
    office = _office(parts)
    if office is None:
        return _archive(data, Kind.ZIP, limits, password)
    main = parts.first_related("", "officeDocument") or ""
    folder = next((folder for folder in _OFFICE if main.startswith(f"{folder}/")), None) or next(
        (folder for folder in _OFFICE if any(name.startswith(f"{folder}/") for name in parts.names)), None
    )
    if folder is not None:
        if main.endswith(".bin") or "xl/workbook.bin" in parts:
            raise Unreadable(Reason.OLD_FORMAT)
        kind, reader = _OFFICE[folder]
        return Paper.of(kind, reader(parts, limits), embedded.count(parts))
    word = _open_document_kind(parts)
    if word is None:
        raise Unreadable(Reason.NOT_SUPPORTED)
    return Paper.of(word, odf.read(parts, limits))


def _office(parts: Parts) -> Parts | None:
    """The parts, where they are an Office file's and not an archive's."""
    if "[Content_Types].xml" in parts or "mimetype" in parts:
        return parts
    return parts if "content.xml" in parts and "META-INF/manifest.xml" in parts else None


def _open_document_kind(parts: Parts) -> str | None:
    if "content.xml" not in parts:
        return None
    told = parts.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in parts else ""
    return next((kind for word, kind in _OPEN_DOCUMENT.items() if f".{word}" in told), "odt")


def _archive(data: bytes, kind: Kind, limits: Limits, password: str | None) -> Paper:
    """An archive's page is the list of what is in it."""
    pager = Pager(limits)
    paper = Paper(kind.value)
    if password is not None and kind is Kind.ZIP:
        archives.try_password(data, password)
    for entry in archives.entries(data, kind, limits, password=password):
        pager.line(f"{entry.name} ({entry.size} bytes)")
        paper.members += 1
        if entry.reason is not None:
            paper.refused.append(entry.reason)
    if not paper.members:
        raise Unreadable(Reason.NOTHING_INSIDE)
    if len(paper.refused) == paper.members:
        raise Unreadable(Reason.ENCRYPTED if Reason.ENCRYPTED in paper.refused else paper.refused[0])
    paper.pages = pager.answers()
    return paper


def _opened(data: bytes) -> Any:
    try:
        return olefile.OleFileIO(io.BytesIO(data))
    except msg.OLE_ERRORS as error:
        raise Unreadable(Reason.BROKEN) from error


def _ole(data: bytes, limits: Limits) -> Paper:
    ole = _opened(data)
    try:
        return _of_ole(ole, data, limits)
    except msg.OLE_ERRORS as error:
        raise Unreadable(Reason.BROKEN) from error


def _of_ole(ole: Any, data: bytes, limits: Limits) -> Paper:
    if ole.exists("EncryptedPackage") or ole.exists("EncryptedSummary"):
        raise Unreadable(Reason.ENCRYPTED)
    if ole.exists("Workbook") or ole.exists("Book"):
        return Paper.of("xls", xls.read(data, limits))
    if ole.exists("WordDocument"):
        head = ole.openstream("WordDocument").read(32)
        locked = len(head) >= 12 and int.from_bytes(head[10:12], "little") & _ENCRYPTED_MARK
        raise Unreadable(Reason.ENCRYPTED if locked else Reason.OLD_FORMAT)
    if ole.exists("PowerPoint Document"):
        head = ole.openstream("Current User").read(16) if ole.exists("Current User") else b""
        raise Unreadable(Reason.ENCRYPTED if head[12:16] == _PPT_ENCRYPTED else Reason.OLD_FORMAT)
    if msg.is_message(ole):
        return Paper.of("msg", msg.read(ole, limits), sum(1 for _ in msg.attachments(ole)))
    raise Unreadable(Reason.NOT_SUPPORTED)


def _text(data: bytes, limits: Limits) -> Paper:
    text = decoded(data, declared_in(data))
    if mail.looks_like(text):
        count = sum(1 for _ in mail.attachments(mail.parsed(data)))
        return Paper.of("eml", mail.read(data, limits), count)
    if web.looks_like(text):
        return Paper.of("html", web.read(text, limits))
    if calendars.looks_like(text):
        pager = Pager(limits)
        calendars.write(text, pager)
        return Paper.of("text", pager)
    opening = text[:512].lstrip()
    if opening.startswith("<?xml") and "<html" in text[:4096].lower():
        return Paper.of("html", web.read(text, limits))
    if opening.startswith("<") and text.rstrip().endswith(">"):  # XML of some kind: its words are no text for people.
        old = "mso-application" in text[:1024]
        raise Unreadable(Reason.OLD_FORMAT if old else Reason.NOT_SUPPORTED)
    kind, pager = plain.read(text, limits)
    return Paper.of(kind, pager)
