"""Prints Chinese from the top down, and in other directions, in a font of its own: its shapes are mere squares."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fpdf import FPDF

SAID = "工厂扣押了四十名外籍工人的护照他们不能离开宿舍每天工作十六小时没有休息日工资被扣留三个月"
A_COLUMN = 12
"""Signs of a column or a line."""
COLUMNS = [SAID[start : start + A_COLUMN] for start in range(0, len(SAID), A_COLUMN)]
_EM, _SIZE, _APART = 1000, 14, 24


def font(folder: Path, signs: str = SAID) -> Path:
    """A font file with a square for each of these signs."""
    names = {ord(sign): f"u{ord(sign):04X}" for sign in sorted(set(signs))}
    pen = TTGlyphPen(None)
    pen.moveTo((60, -60))
    for corner in ((60, 820), (940, 820), (940, -60)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    glyphs = [".notdef", *names.values()]
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_EM, 60)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    place = folder / "squares.ttf"
    builder.save(place)
    return place


def sheet(font: Path) -> FPDF:
    """An empty A4 page in points."""
    document = FPDF(unit="pt", format=(595, 842))
    document.add_page()
    document.add_font("Squares", "", font)
    document.set_font("Squares", size=_SIZE)
    return document


def by_signs(font: Path, *, rows_first: bool = False, rotate: int = 0) -> bytes:
    """Columns from the right to the left, each sign put on the page by itself; row by row, if so asked."""
    document = sheet(font)
    spots = [(column, row) for column, text in enumerate(COLUMNS) for row in range(len(text))]
    for column, row in sorted(spots, key=lambda spot: spot[::-1]) if rows_first else spots:
        document.text(500 - column * _APART, 80 + row * (_SIZE + 1), COLUMNS[column][row])
    return _turned(bytes(document.output()), rotate)


def by_font(font: Path) -> bytes:
    """Columns of which the font itself says that it runs downward (ISO 32000-1, 9.7.4.3)."""
    document = sheet(font)
    for column, text in enumerate(COLUMNS):
        document.text(500 - column * _APART, 80, text)
    return bytes(document.output()).replace(b"/Identity-H", b"/Identity-V")


def level(font: Path, *, rotate: int = 0, lying: int = 0) -> bytes:
    """Lines from left to right, on a page that is shown turned, or themselves printed `lying` at so many degrees."""
    document = sheet(font)
    for number, text in enumerate(COLUMNS):
        if lying:
            with document.rotation(lying, 100 + number * _APART, 500):
                document.text(100 + number * _APART, 500, text)
        else:
            document.text(80, 80 + number * _APART, text)
    return _turned(bytes(document.output()), rotate)


def _turned(data: bytes, rotate: int) -> bytes:
    if not rotate:
        return data
    document = pdfium.PdfDocument(data)
    document[0].set_rotation(rotate)
    kept = io.BytesIO()
    document.save(kept)
    document.close()
    return kept.getvalue()


def table(font: Path, cells: Sequence[str]) -> bytes:
    """Lines of one or two signs under each other, as in a narrow column of a table, beside level lines."""
    document = sheet(font)
    for number, text in enumerate(cells):
        document.text(60, 80 + number * _APART, text)
        document.text(120, 80 + number * _APART, COLUMNS[number % 3])
    return bytes(document.output())
