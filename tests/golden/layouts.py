"""Makes pages in the layouts that reports are printed in, with text whose right order is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF

from tests.golden import make

HEADING = "Audit report of the spinning mill and of its hostel for the workers"
LEFT = (
    "The passports of forty", "workers are kept in a", "locked safe. They cannot", "leave the hostel after",
    "nine in the evening and", "are fined when late.",
)  # fmt: skip
RIGHT = (
    "Wages were paid two", "months late. Nobody had", "a written contract. The", "fire exits on the second",
    "floor were locked while", "people worked there.",
)  # fmt: skip


def in_columns(*, row_by_row: bool, left: Sequence[str] = LEFT, right: Sequence[str] = RIGHT) -> bytes:
    """Two columns under a heading and over a last line, given row by row or one column after the other."""
    words = make.text(HEADING, y=780, size=14)
    one = [make.text(line, y=740 - 14 * row, size=10) for row, line in enumerate(left)]
    other = [make.text(line, x=320, y=740 - 14 * row, size=10) for row, line in enumerate(right)]
    pairs = [part for pair in zip(one, other, strict=True) for part in pair]
    words += b"".join(pairs if row_by_row else one + other)
    return make.pages(
        [words + make.text("This line runs below both columns of the page, over all of its width.", y=600)]
    )


def broken(lines: Sequence[str], font: Path | None = None) -> bytes:
    """Lines of one paragraph, broken where they are."""
    file = FPDF(unit="pt")
    file.add_page()
    if font is None:
        file.set_font("Helvetica", size=11)
    else:
        file.add_font("Own", fname=str(font))
        file.set_font("Own", size=11)
    for row, line in enumerate(lines):
        file.text(50, 60 + 15 * row, line)
    return bytes(file.output())


def with_footnote() -> bytes:
    """A sentence over two lines with a raised number in it, and the note of that number at the foot."""
    first = make.text("Workers were not paid for the overtime of March", y=700)
    raised = make.text("3", x=342, y=705, size=7)
    second = make.text("and their passports were kept in the office.", y=684)
    return make.pages([first + raised + second + make.text("3 According to the wage records.", y=60, size=8)])


def with_running_heads(count: int = 4) -> bytes:
    """Pages with a head and a numbered foot, and a sentence that runs from each page to the next."""
    return make.pages(
        [
            make.text("Supplier audit report, confidential", y=810, size=9)
            + make.text(f"On day {number} the exits were locked and nobody had a key, the auditor", y=700)
            + make.text("wrote, and workers could not leave the building.", y=684)
            + make.text(f"Page {number} of {count}", x=280, y=30, size=9)
            for number in range(1, count + 1)
        ]
    )


def sideways(by: int, lines: Sequence[str], *, word_by_word: bool = False) -> bytes:
    """A page with print that lies level as the page was made, and is then shown turned by so many degrees."""
    words = b""
    for row, line in enumerate(lines):
        x = 72.0
        for piece in [f"{word} " for word in line.split()] if word_by_word else [line]:
            words += make.text(piece, x=round(x), y=720 - 16 * row)
            x += 6.1 * len(piece)
    return make.pages([words], rotate=by)


def on_its_side(by: int, lines: Sequence[str]) -> bytes:
    """Such print on a page that is shown as it was made."""
    return turned(by, lines).replace(f"/Rotate {by}".encode(), b"/Rotate " + b"0" * len(str(by)))


def turned(by: int, lines: Sequence[str]) -> bytes:
    """A page that is shown turned by so many degrees, with print that stands upright when it is."""
    across = {90: "0 1 -1 0 {} 100", 180: "-1 0 0 -1 500 {}", 270: "0 -1 1 0 {} 700"}[by]
    start, step = {90: (200, 20), 180: (200, 20), 270: (400, -20)}[by]
    return make.pages(
        [
            b"".join(
                f"BT /F1 12 Tf {across.format(start + step * row)} Tm ({line}) Tj ET\n".encode()
                for row, line in enumerate(lines)
            )
        ],
        rotate=by,
    )


def from_the_right(text: str, font: Path, *, first_word_first: bool) -> bytes:
    """A line of words from right to left, each held as it is seen; the words in either order."""
    file = FPDF(unit="pt")
    file.add_page()
    file.add_font("Own", fname=str(font))
    file.set_font("Own", size=14)
    right = 540.0
    placed = []
    for word in text.split(" "):
        right -= file.get_string_width(word)
        placed.append((right, word[::-1]))
        right -= file.get_string_width(" ")
    for x, word in placed if first_word_first else reversed(placed):
        file.text(x, 100, word)
    return bytes(file.output())
