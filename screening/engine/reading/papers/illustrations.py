"""Decides which pictures of a text or of slides may show words: those of some size, each once, and no letterheads."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import charts
from screening.engine.reading.papers.pager import Pager
from screening.engine.reading.papers.parts import Parts

_LEAST_LONG, _LEAST_SHORT = 300, 100
"""Pixels of the longer and the shorter side: what is smaller is a logo, an icon or a signature."""
_LARGE = 30_000
"""Bytes from which on a picture that does not tell its size is taken to be large."""
_HEAD = 1 << 18
"""Bytes of a picture that tell its size."""
_MOST = 2000
"""Pictures of one file that are looked at; whatever comes after is taken to be large."""
_FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "JPEG2000", "WMF")

_BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError,
           EOFError, struct.error, zlib.error)  # fmt: skip
"""What the library raises on a picture that is not as it should be."""


class Album(Protocol):
    """Where the pictures of a file are, by name."""

    def __contains__(self, name: str) -> bool: ...

    def print_of(self, name: str) -> tuple[int, int]:
        """What two copies of one picture have in common: a sum of their bytes, and how many these are."""

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a picture."""


class Illustrations:
    """Notes in a pager where pictures stand that may show words; `besides` are those of headers and footers."""

    def __init__(self, album: Album, pager: Pager, besides: Iterable[str] = ()) -> None:
        self._album, self._pager = album, pager
        self._known = {album.print_of(name) for name in besides if name in album}
        self._looked_at = 0

    def see(self, name: str) -> None:
        """Note the picture of this name, unless it was met before or is small."""
        if name not in self._album:
            return
        mark = self._album.print_of(name)
        if mark in self._known:
            return
        self._known.add(mark)
        self._looked_at += 1
        if self._looked_at > _MOST or may_show_words(self._album.head(name, _HEAD), mark[1]):
            self._pager.show(name)


@dataclass(frozen=True, slots=True)
class Called:
    """Says where pictures and charts of a part stand, by what the part itself calls them."""

    parts: Parts
    pager: Pager
    related: dict[str, tuple[str, str]]
    illustrations: Illustrations

    def see(self, key: str) -> None:
        """Note a picture, or write the words of a chart or diagram."""
        what, name = self.related.get(key, ("", ""))
        if what == "image":
            self.illustrations.see(name)
        elif what in charts.KINDS:
            charts.write(self.parts, name, self.pager)

    def within(self, name: str) -> Called:
        """The same for another part of the file, such as its notes."""
        return replace(self, related=self.parts.related(name))


def of_text(parts: Parts, main: str, pager: Pager) -> Called:
    """For the main text of a Word file; what its headers and footers show too is left out."""
    related = parts.related(main)
    margins = [name for what, name in related.values() if what in ("header", "footer")]
    besides = [name for margin in margins for what, name in parts.related(margin).values() if what == "image"]
    return Called(parts, pager, related, Illustrations(parts, pager, besides))


def may_show_words(head: bytes, size: int) -> bool:
    """Whether a picture that begins so, of so many bytes, is large enough to show words."""
    pixels = _pixels(head)
    if pixels is None:
        return size >= _LARGE
    return is_large(*pixels)


def is_large(width: int, height: int) -> bool:
    """Whether there is room for words on so many pixels."""
    return max(width, height) >= _LEAST_LONG and min(width, height) >= _LEAST_SHORT


def _pixels(head: bytes) -> tuple[int, int] | None:
    """Width and height as the picture tells them; None where it does not."""
    from PIL import Image  # Loaded where a file has pictures: most have none.

    Image.MAX_IMAGE_PIXELS = Limits().opened_pixels
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(head), formats=_FORMATS) as picture:
            warnings.simplefilter("ignore")
            return picture.width, picture.height
    except (*_BROKEN, Image.DecompressionBombError):
        return None
