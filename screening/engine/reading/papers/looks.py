"""Tells by how words are dressed in a Word file or a sheet that people do not see them: white on white, or tiny."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from screening.engine.reading.papers.parts import Parts, attribute, local

_WHITE = 0xF4
"""Red, green and blue of at least this are as good as the paper."""
_TINIEST = 4
"""In half points, as Word counts: letters of two points are read by nobody."""
_NO_SHADE = frozenset({"auto", "ffffff", "FFFFFF"})
_SYMBOLS = {
    **dict.fromkeys((0xFE, 0x53, 0x54, 0x52, 0xFD, 0x78, 0xFB), "☒"),
    **dict.fromkeys((0xA8, 0x6F, 0xA3, 0x71, 0x72, 0x30), "☐"),
    **dict.fromkeys((0xFC, 0x50), "✓"),
}
"""Ticked boxes, empty boxes and ticks among the signs of Wingdings and Wingdings 2, by their numbers."""
_TICKED_FONTS = ("wingdings", "wingdings 2")


def is_white(colour: str | None) -> bool:
    """Whether a colour (`FFFFFF`, `#fff`, or with its opacity before it) is as white as paper."""
    told = (colour or "").lstrip("#")
    told = "".join(sign * 2 for sign in told) if len(told) == 3 else told[-6:]
    try:
        return len(told) == 6 and min(bytes.fromhex(told)) >= _WHITE
    except ValueError:
        return False


def is_unseen(properties: Element) -> bool:
    """Whether words with these properties of a run are as white as the paper or too small to be read."""
    told = {local(each): each for each in properties}
    if "sz" in told and (attribute(told["sz"], "val") or "99") in map(str, range(1, _TINIEST + 1)):
        return True
    shade = attribute(told["shd"], "fill") if "shd" in told else None
    return (
        "color" in told
        and is_white(attribute(told["color"], "val"))
        and "highlight" not in told
        and (shade or "auto") in _NO_SHADE
    )


def symbol(element: Element) -> str:
    """A sign of a symbol font in a sign of Unicode, where it is a tick or a box; else a blank."""
    code, font = attribute(element, "char") or "", attribute(element, "font") or ""
    try:
        number = int(code, 16) & 0xFF
    except ValueError:
        return " "
    return sign_of(number, font)


def sign_of(number: int, font: str) -> str:
    """The same for a sign that is told as the number of its place in a font."""
    return _SYMBOLS.get(number, " ") if font.lower() in _TICKED_FONTS else " "


def unseen_styles(parts: Parts, name: str | None) -> frozenset[int]:
    """Numbers of the cell styles of a workbook that show nothing: white letters on no ground, or a format of `;;;`."""
    if name is None:
        return frozenset()
    tree = parts.tree(name)
    lists = {local(each): list(each) for each in tree}
    codes = {attribute(each, "numFmtId"): attribute(each, "formatCode") or "" for each in lists.get("numFmts", ())}
    white = [
        any(local(part) == "color" and is_white(attribute(part, "rgb")) for part in font)
        for font in lists.get("fonts", ())
    ]
    found = set()
    for number, style in enumerate(lists.get("cellXfs", ())):
        font, fill = attribute(style, "fontId") or "0", attribute(style, "fillId") or "0"
        is_pale = font.isdecimal() and int(font) < len(white) and white[int(font)] and fill in ("0", "1")
        if is_pale or codes.get(attribute(style, "numFmtId"), "").replace(" ", "") == ";;;":
            found.add(number)
    return frozenset(found)
