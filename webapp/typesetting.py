"""Sets paragraphs on the pages of a PDF, in any writing for which this machine has letters; says where it has none."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from webapp import faces
from webapp.faces import FOLDERS, Face

DOTS = 240
"""An inch, for writing that is drawn as pictures of lines: sharp in print, and a few kilobytes a line."""

RTL = frozenset({"ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO"})
UNSPACED = frozenset({"THAI", "LAO", "KHMER", "MYANMAR", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH",
                      "IDEOGRAPHIC"})  # fmt: skip
"""Writing without blanks between words: a line may end after any letter that carries its marks."""

_THAI_BEFORE, _THAI_AFTER = frozenset("เแโใไ"), frozenset("ะาำๅๆฯ")
_POINTS, _MM = 72.0, 25.4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line in one font; None is the plain font of the paper."""

    text: str
    face: Face | None


@dataclass(slots=True)
class Paper:
    """A PDF in the making. Paragraphs go below each other; `missing` are the writings that could not be set."""

    language: str
    title: str
    cannot: Callable[[str], str]
    """The sentence that stands in the place of words in this writing."""
    folders: tuple[str, ...] = FOLDERS
    pdf: FPDF = field(default_factory=lambda: FPDF(format="A4"))
    family: str = "Helvetica"

    def __post_init__(self) -> None:
        self.pdf.set_margins(20, 18)
        self.pdf.set_auto_page_break(True, margin=18)
        self.pdf.set_title(self.title)
        self.pdf.set_lang(self.language)
        self.pdf.c_margin = 0  # Lines of text begin where lines that are pictures do.
        plain = faces.plain_face(self.folders)
        if plain is not None:
            self.family = "plain"
            self.pdf.add_font("plain", "", plain)
            self.pdf.add_font("plain", "B", faces.bold_of(plain, self.folders))
        self.pdf.add_page()

    def missing(self, text: str) -> str:
        """The writing of this text that cannot be set, by its English name; empty where all of it can."""
        return next((piece for run in text.splitlines() if (piece := _lacking(self._pieces(run)))), "")

    def write(self, text: str, *, size: float = 10, bold: bool = False, soft: bool = False, indent: float = 0) -> None:
        """A paragraph, or several; where letters are lacking, a sentence says so instead."""
        lacking = self.missing(text)
        for line in (self.cannot(lacking) if lacking else text).splitlines():
            self._paragraph(line, size, bold=bold, soft=soft, indent=indent)

    def gap(self, millimetres: float) -> None:
        self.pdf.ln(millimetres)

    def heading(self, text: str, *, size: float) -> None:
        """A heading that is also found in the outline, and that does not stand alone at the foot of a page."""
        if self.pdf.will_page_break(30):
            self.pdf.add_page()
        if not self.missing(text):
            self.pdf.start_section(text)
        self.write(text, size=size, bold=True)

    def to_fill_in(self, label: str) -> None:
        """A line to write on by hand."""
        if self.pdf.will_page_break(14):
            self.pdf.add_page()
        self.gap(7)
        left, right, at = self.pdf.l_margin, self.pdf.w - self.pdf.r_margin, self.pdf.get_y()
        self.pdf.line(left, at, right, at)
        self.gap(1)
        self.write(label, size=8, soft=True)

    def done(self) -> bytes:
        return bytes(self.pdf.output())

    def _paragraph(self, text: str, size: float, *, bold: bool, soft: bool, indent: float) -> None:
        pieces = self._pieces(text)
        self.pdf.set_text_color(90 if soft else 0)
        self.pdf.set_font(self.family, "B" if bold else "", size)
        self.pdf.set_x(self.pdf.l_margin + indent)
        if all(piece.face is None for piece in pieces):
            self.pdf.multi_cell(0, size * 0.5, text or " ", new_x="LMARGIN", new_y="NEXT", align="L")
            return
        width = self.pdf.w - self.pdf.r_margin - self.pdf.l_margin - indent
        is_rtl = bool(faces.writings(text) & RTL) and _leads_from_right(text)
        plain = faces.plain_face(self.folders)
        for line in _lines(pieces, _Setter(size, plain), width / _MM * DOTS):
            self._picture(line, size, plain, grey=90 if soft else 0, indent=indent, width=width, is_rtl=is_rtl)

    def _picture(
        self, line: list[Piece], size: float, plain: Path | None, *, grey: int, indent: float, width: float,
        is_rtl: bool,
    ) -> None:  # fmt: skip
        """One line as a picture; who cannot see it hears its words."""
        image = _Setter(size, plain).draw(line, grey)
        wide, high = image.width / DOTS * _MM, image.height / DOTS * _MM
        if self.pdf.will_page_break(high):
            self.pdf.add_page()
        left = self.pdf.l_margin + indent + (width - wide if is_rtl else 0)
        words = "".join(piece.text for piece in line).strip()
        self.pdf.image(image, x=left, y=self.pdf.get_y(), w=wide, h=high, alt_text=words)
        self.pdf.set_y(self.pdf.get_y() + high)

    def _pieces(self, text: str) -> list[Piece]:
        """The text in stretches of one font. A piece without letters has no face and a writing that is lacking."""
        if not faces.writings(text):
            return [Piece(text, None)] if self._has(text) else [Piece(text, _LACKING)]
        whole = faces.face_for(text, self.folders)
        if whole is not None:
            return [Piece(text, whole)]
        if faces.writings(text) & RTL:
            return [Piece(text, _LACKING)]  # Parts of a line that runs both ways cannot be set one by one.
        return [self._piece(part) for part in _by_writing(text)]

    def _piece(self, part: str) -> Piece:
        if not faces.writings(part):
            return Piece(part, None if self._has(part) else _LACKING)
        return Piece(part, faces.face_for(part, self.folders) or _LACKING)

    def _has(self, text: str) -> bool:
        plain = faces.plain_face(self.folders)
        letters = faces.letters_of(plain) if plain is not None else frozenset(range(32, 256))
        return all(ord(letter) in letters or letter.isspace() for letter in text)


_LACKING = Face(Path())
"""Stands for the font that this machine does not have."""


class _Setter:
    """Measures and draws lines whose pieces may be in several fonts."""

    def __init__(self, size: float, plain: Path | None) -> None:
        self._pixels, self._plain = size / _POINTS * DOTS, plain
        self._fonts: dict[Path, ImageFont.FreeTypeFont] = {}

    def width(self, piece: Piece) -> float:
        return self._font(piece).getlength(piece.text)

    def draw(self, line: list[Piece], grey: int) -> Image.Image:
        widths = [self.width(piece) for piece in line]
        high = round(self._pixels * 1.75)
        image = Image.new("L", (max(1, round(sum(widths)) + 4), high), 255)
        pen, at = ImageDraw.Draw(image), 2.0
        for piece, width in zip(line, widths, strict=True):
            pen.text((at, self._pixels * 1.25), piece.text, font=self._font(piece), fill=grey, anchor="ls")
            at += width
        return image

    def _font(self, piece: Piece) -> ImageFont.FreeTypeFont:
        path = piece.face.path if piece.face is not None else self._plain
        if path is None:
            raise LookupError("a piece without a font is not drawn")
        if path not in self._fonts:
            self._fonts[path] = ImageFont.truetype(str(path), self._pixels, layout_engine=ImageFont.Layout.RAQM)
        return self._fonts[path]


def _lacking(pieces: Sequence[Piece]) -> str:
    found = next((piece for piece in pieces if piece.face is _LACKING), None)
    if found is None:
        return ""
    return next(iter(sorted(faces.writings(found.text))), "SYMBOLS").replace("CJK", "CHINESE").title()


def _by_writing(text: str) -> Iterator[str]:
    """Stretches that need shaping and stretches that do not; blanks and signs go with what stands before them."""
    kinds, kind = [], ""
    for letter in text:
        own = faces.writing_of(letter)
        kind = own if own else kind if unicodedata.category(letter)[0] == "M" else ""
        kinds.append((kind, letter))
    for _kind, letters in groupby(kinds, key=lambda pair: pair[0]):
        yield "".join(letter for _, letter in letters)


def _leads_from_right(text: str) -> bool:
    first = next((letter for letter in text if unicodedata.bidirectional(letter) in ("L", "R", "AL")), "")
    return bool(first) and unicodedata.bidirectional(first) != "L"


def _lines(pieces: Sequence[Piece], setter: _Setter, width: float) -> Iterator[list[Piece]]:
    """Lines no wider than `width` dots. One word that is wider stands alone and is made to fit by nobody."""
    line: list[Piece] = []
    used = 0.0
    for piece in pieces:
        for word in _words(piece.text):
            part = Piece(word, piece.face)
            wide = setter.width(part)
            if line and used + setter.width(Piece(word.rstrip(), piece.face)) > width:
                yield _joined(line)
                line, used = [], 0.0
            line.append(part)
            used += wide
    if line:
        yield _joined(line)


def _joined(line: list[Piece]) -> list[Piece]:
    """Words of one font together again, so that what runs from the right is set as a whole."""
    return [
        Piece("".join(piece.text for piece in same), face) for face, same in groupby(line, key=lambda piece: piece.face)
    ]


def _words(text: str) -> Iterator[str]:
    """Where a line may end: after a blank, and in writing without blanks after each letter with its marks."""
    word = ""
    for at, letter in enumerate(text):
        word += letter
        following = text[at + 1 : at + 2]
        is_end = letter.isspace() and not following.isspace()
        if is_end or (following and faces.writing_of(letter) in UNSPACED and _may_part(letter, following)):
            yield word
            word = ""
    if word:
        yield word


def _may_part(letter: str, following: str) -> bool:
    if following.isspace() or unicodedata.category(following)[0] in "MP" or letter in _THAI_BEFORE:
        return False
    return following not in _THAI_AFTER
