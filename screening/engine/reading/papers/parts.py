"""Opens the parts of an Office file (a ZIP of XML) within bounds, and their XML without outside or growing parts."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers.pager import TooMuch, Unreadable
from screening.engine.reasons import Reason

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What the standard library raises on a ZIP that is damaged or packed in a way that it does not know."""
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Parts:
    """The parts of one file. Reading them counts against the limits; what is too much raises TooMuch."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits, self._left = limits, limits.part_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN_ZIP as error:
            raise Unreadable(Reason.BROKEN) from error
        self.names = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}
        """Some writers put backslashes between folders, or a slash before a name."""
        if len(self.names) > limits.members:
            raise TooMuch(Reason.TOO_MANY_MEMBERS)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises Unreadable, TooMuch."""
        info = self.names.get(name)
        if info is None:
            raise Unreadable(Reason.BROKEN)
        if info.flag_bits & 1:
            raise Unreadable(Reason.ENCRYPTED)
        try:
            with self._zip.open(info) as file:
                body = file.read(self._left + 1)
        except BROKEN_ZIP as error:
            raise Unreadable(Reason.BROKEN) from error
        self._left -= len(body)
        if self._left < 0:
            raise TooMuch(Reason.UNPACKS_TOO_LARGE)
        return body

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a part, which are not counted; as many as can be read of one that is damaged."""
        try:
            with self._zip.open(self.names[name]) as file:
                return file.read(size)
        except (*BROKEN_ZIP, KeyError):
            return b""

    def print_of(self, name: str) -> tuple[int, int]:
        """What two copies of one part have in common: their sum and their size, as the file tells them."""
        info = self.names[name]
        return info.CRC, info.file_size

    def tree(self, name: str) -> Element:
        """The XML of a part. Raises Unreadable, TooMuch."""
        return parsed(self.read(name))

    def walk(self, name: str) -> Iterator[tuple[str, Element]]:
        """The XML of a part as it is read: (`start` or `end`, element), so that a large one need not be held."""
        try:
            yield from iterparse(io.BytesIO(self.read(name)), events=("start", "end"), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise Unreadable(Reason.BROKEN) from error

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the file, by id: (the last word of its kind, the name of the part)."""
        folder, file = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        if place not in self:
            return {}
        found = {}
        for relation in self.tree(place).iter(_RELATIONS):
            if relation.get("TargetMode") == "External":  # Nothing outside of the file is ever asked for.
                continue
            target = relation.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], path)
        return found

    def first_related(self, name: str, kind: str) -> str | None:
        """The first part of this kind that a part refers to."""
        return next((path for what, path in self.related(name).values() if what == kind and path in self), None)


def parsed(body: bytes) -> Element:
    """XML without document type, entities and outside parts. Raises Unreadable."""
    try:
        tree: Any = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(Reason.BROKEN) from error
    return tree  # type: ignore[no-any-return]


def local(element: Element) -> str:
    """The name of an element without its namespace: strict and transitional files use different ones."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return value
    return None
