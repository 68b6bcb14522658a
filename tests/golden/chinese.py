"""Prints Chinese text into a PDF without a font of its own, as many office programs of the region do."""

from __future__ import annotations

from collections.abc import Sequence

from tests.golden import make

TITLE_SIZE, SIZE, LEADING, TOP, LEFT, BOTTOM = 16, 11, 20, 770, 60, 70
A_LINE = 40
"""Signs on a line."""


def printed(title: str, paragraphs: Sequence[str]) -> bytes:
    """A PDF of a title and paragraphs, with as many pages as they take."""
    lines = [(title, TITLE_SIZE), ("", SIZE)]
    for paragraph in paragraphs:
        lines += [(paragraph[start : start + A_LINE], SIZE) for start in range(0, len(paragraph), A_LINE)] + [
            ("", SIZE)
        ]
    a_page = (TOP - BOTTOM) // LEADING
    return _pdf([lines[start : start + a_page] for start in range(0, len(lines), a_page)])


def _pdf(pages: Sequence[Sequence[tuple[str, int]]]) -> bytes:
    kids = " ".join(f"{6 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for place, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents {7 + 2 * place} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        shown = "".join(
            f"BT /F1 {size} Tf {LEFT} {TOP - LEADING * number} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for number, (text, size) in enumerate(lines)
            if text
        )
        objects.append(make.stream(shown.encode()))
    return make.pdf(objects)
