"""The pictures and the files that stand in a rich text, out of the digits that they are written in."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from screening.engine.reading.papers import embedded

_NO_DIGITS = bytes(sorted(set(range(256)) - set(b"0123456789abcdefABCDEF")))
_PACKAGE = b"Package"
_EMBEDDED = 2
_FILE_HEAD, _LEAST_HEAD, _PALETTED = 14, 40, 8


@dataclass(slots=True)
class Pictures:
    """The pictures of one file by name, as `illustrations` asks for them."""

    bodies: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.bodies

    def print_of(self, name: str) -> tuple[int, int]:
        return zlib.crc32(self.bodies[name]), len(self.bodies[name])

    def head(self, name: str, size: int) -> bytes:
        return self.bodies[name][:size]

    def read(self, name: str) -> bytes:
        return self.bodies[name]

    def add(self, body: bytes) -> str:
        """Keep a picture and give its name."""
        name = str(len(self.bodies) + 1)
        self.bodies[name] = body
        return name


@dataclass(slots=True)
class Raw:
    """A picture or an object that is being read: digits, or bytes as they are."""

    digits: bytearray = field(default_factory=bytearray)
    plain: bytearray = field(default_factory=bytearray)
    is_dib: bool = False
    """A bitmap of Windows without the head of its file."""

    def body(self) -> bytes:
        """Its bytes; an odd digit at the end is left off."""
        if self.plain:
            return bytes(self.plain)
        digits = self.digits.translate(None, _NO_DIGITS)
        return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))

    def picture(self) -> bytes:
        """The same as a file that programs for pictures open."""
        body = self.body()
        return _as_file(body) if self.is_dib else body


def _as_file(bitmap: bytes) -> bytes:
    """A bitmap with the head that a file of it has (BITMAPFILEHEADER, before BITMAPINFOHEADER)."""
    if len(bitmap) < _LEAST_HEAD:
        return bitmap
    size, _, _, _, bits, _, _, _, _, colours, _ = struct.unpack_from("<IiiHHIIiiII", bitmap)
    palette = 4 * (min(colours, 256) or (1 << bits if bits <= _PALETTED else 0))
    return struct.pack("<2sIHHI", b"BM", _FILE_HEAD + len(bitmap), 0, 0, _FILE_HEAD + size + palette) + bitmap


def file_in(body: bytes) -> bytes:
    """The file in the data of an object ([MS-OLEDS], 2.2.5); the data themselves where there is none in them."""
    try:
        _, kind = struct.unpack_from("<II", body)
        if kind != _EMBEDDED:
            return body
        at, names = 8, []
        for _ in range(3):
            (length,) = struct.unpack_from("<I", body, at)
            names.append(body[at + 4 : at + 4 + length].rstrip(b"\0"))
            at += 4 + length
        (size,) = struct.unpack_from("<I", body, at)
    except struct.error:
        return body
    own = body[at + 4 : at + 4 + size]
    return (embedded.dragged_in(own) if names[0] == _PACKAGE else embedded.inner(own)) or own
