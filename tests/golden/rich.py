"""Makes rich texts (RTF) as programs write them: words in code pages, tables, notes, pictures and files inside."""

from __future__ import annotations

import struct

FONTS = (
    rb"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fswiss\fcharset204{\*\panose 02020603}Arial CYR;}"
    rb"{\f2\fnil\fcharset2 Wingdings;}{\f3\fnil\fcharset128 MS Mincho;}{\f4\fnil\fcharset2 Symbol;}"
    rb"{\f5\fcharset238 Arial CE{\*\falt Arial};}}{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
)


def text(body: bytes, *, head: bytes = rb"\ansi\ansicpg1252\deff0", tables: bytes = FONTS) -> bytes:
    """A whole file around these paragraphs."""
    return rb"{\rtf1" + head + tables + rb"{\stylesheet{\s0 Normal;}}{\info{\title Unseen title}}" + body + b"}"


def row(*cells: bytes, ends: tuple[int, ...] = (), marks: dict[int, bytes] | None = None, head: bool = False) -> bytes:
    """A row of a table; `marks` are words before the borders of cells, by their numbers."""
    places = ends or tuple(2000 * number for number in range(1, len(cells) + 1))
    borders = b"".join((marks or {}).get(n, b"") + b"\\cellx%d" % place for n, place in enumerate(places))
    return (
        b"\\trowd" + (b"\\trhdr" if head else b"") + borders + b"\\pard\\plain\\intbl "
        + b"".join(cell + b"\\cell " for cell in cells) + b"\\row\n"
    )  # fmt: skip


def picture(body: bytes, kind: bytes = b"pngblip", *, plain: bool = False) -> bytes:
    """A picture in digits, 64 a line, as Word writes it; or in bytes as they are."""
    if plain:
        return b"{\\*\\shppict{\\pict\\%s\\bin%d %s}}" % (kind, len(body), body)
    digits = body.hex().encode()
    lines = b"\n".join(digits[start : start + 128] for start in range(0, len(digits), 128))
    return b"{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn a}{\\sv b}}}\\%s\\picw99 %s}}" % (kind, lines)


def dragged_in(name: bytes, body: bytes) -> bytes:
    """A file that was dragged into the text ([MS-OLEDS], an embedded object of the class Package)."""
    inside = (
        b"\x02\0" + name + b"\0" + b"C:\\" + name + b"\0" + b"\0\0\x03\0" + struct.pack("<I", 3) + b"C:\0"
        + struct.pack("<I", len(body)) + body
    )  # fmt: skip
    return embedded(b"Package", inside)


def embedded(kind: bytes, inside: bytes, look: bytes = b"") -> bytes:
    """An object with its data, and how it looks on the page."""
    data = (
        struct.pack("<III", 0x501, 2, len(kind) + 1) + kind + b"\0" + bytes(8) + struct.pack("<I", len(inside)) + inside
    )
    return (
        b"{\\object\\objemb{\\*\\objclass %s}{\\*\\objdata %s}{\\result \\pard\\plain %s}}"
        % (kind, data.hex().encode(), look)
    )  # fmt: skip


def ticked(chosen: int) -> bytes:
    """A box of an old form."""
    form = b"{\\*\\formfield{\\fftype1\\ffres%d\\ffdefres0{\\*\\ffname a}}}" % chosen
    return b"{\\field{\\*\\fldinst FORMCHECKBOX " + form + b"}{\\fldrslt}}"


def drop_down(chosen: int, *choices: bytes) -> bytes:
    """A list of an old form."""
    listed = b"".join(b"{\\*\\ffl %s}" % choice for choice in choices)
    return b"{\\field{\\*\\fldinst FORMDROPDOWN {\\*\\formfield{\\fftype2\\ffres%d%s}}}{\\fldrslt}}" % (chosen, listed)
