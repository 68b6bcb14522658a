"""The files that go wrong in every real archive: locked, scanned, damaged, blank, sent twice."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from webapp.demo.paper import A4, new_sheet, printed, wrapped
from webapp.demo.texts import Kind, Text

PASSWORD = "noorderdreef-2026"
"""Opens the locked file of the archive."""

_DOTS_PER_POINT = 1.25
_GROUND = 246
"""The grey of the scanned paper, 0 black to 255 white."""


def locked(text: Text) -> bytes:
    """The document behind a password."""
    sheet = new_sheet()
    sheet.set_encryption(owner_password=PASSWORD, user_password=PASSWORD)
    sheet.add_page()
    sheet.set_font("helvetica", "", 11)
    y = 90.0
    for block in text.blocks:
        for line in wrapped(block.text, "helvetica", "", 11, A4[0] - 120):
            sheet.text(60, y, line)
            y += 16
    return bytes(sheet.output())


def scanned(text: Text) -> bytes:
    """The document as a copier makes it: a slightly turned grey picture a page, and no text at all."""
    sheet = new_sheet()
    for page in _pages(text):
        sheet.add_page()
        sheet.image(_picture(page), x=0, y=0, w=A4[0], h=A4[1])
    return bytes(sheet.output())


def damaged(text: Text) -> bytes:
    """What is left when a transfer breaks off and the rest is filled with noise: nothing can be opened."""
    noise = random.Random(7)  # noqa: S311 The same noise each time, and no secret.
    return printed(text)[:400].replace(b"obj", b"o\x00j") + noise.randbytes(6000)


def blank() -> bytes:
    """A PDF with one page on which nothing stands."""
    sheet = new_sheet()
    sheet.add_page()
    return bytes(sheet.output())


def _pages(text: Text) -> list[list[str]]:
    """The lines of each page: a heading block begins a new page when it asks for one."""
    pages: list[list[str]] = [[text.title.upper(), text.subtitle, ""]]
    for block in text.blocks:
        if block.kind is Kind.NEW_PAGE:
            pages.append([])
            continue
        pages[-1] += [*wrapped(block.text, "helvetica", "", 12, A4[0] - 150), ""]
    return pages


def _picture(lines: list[str]) -> io.BytesIO:
    """A page of these lines as a picture that looks scanned."""
    size = (round(A4[0] * _DOTS_PER_POINT), round(A4[1] * _DOTS_PER_POINT))
    picture = Image.new("L", size, _GROUND)
    pen = ImageDraw.Draw(picture)
    for place, line in enumerate(lines):
        pen.text((80, 90 + place * 22), line, fill=40, font=_letters())
    turned = picture.rotate(0.6, fillcolor=_GROUND)
    kept = io.BytesIO()
    turned.quantize(16).save(kept, format="PNG")
    kept.seek(0)
    return kept


@cache
def _letters() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(15)
