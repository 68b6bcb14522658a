"""Makes a scan of a document: pictures of its pages, a little turned, grey and grainy, with no text behind them."""

from __future__ import annotations

import io
import random

import pypdfium2
from fpdf import FPDF
from PIL import Image, ImageChops, ImageFilter

DOTS_PER_POINT = 200 / 72
TURN = 0.7
"""Degrees that a page lies crooked at most."""
GRAIN = 18
"""Of 255 shades of grey, how far the grain goes."""


def scanned(data: bytes, *, seed: int = 1) -> bytes:
    """The document as an office copier sends it: the same pages each time for the same seed."""
    chance = random.Random(seed)
    document = pypdfium2.PdfDocument(data)
    sheet = FPDF(unit="pt")
    sheet.set_auto_page_break(False)
    try:
        for page in document:
            width, height = page.get_size()
            picture = _worn(page.render(scale=DOTS_PER_POINT, grayscale=True).to_pil(), chance)
            kept = io.BytesIO()
            picture.save(kept, format="JPEG", quality=70)
            kept.seek(0)
            sheet.add_page(orientation="L" if width > height else "P", format=(min(width, height), max(width, height)))
            sheet.image(kept, x=0, y=0, w=width, h=height)
            page.close()
    finally:
        document.close()
    return bytes(sheet.output())


def _worn(picture: Image.Image, chance: random.Random) -> Image.Image:
    grey = picture.convert("L").filter(ImageFilter.GaussianBlur(0.6))
    turned = grey.rotate(chance.uniform(-TURN, TURN), resample=Image.Resampling.BICUBIC, fillcolor=250)
    noise = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256)).point(lambda shade: shade * GRAIN // 255)
    grain = Image.new("L", turned.size)
    for x in range(0, turned.width, 256):
        for y in range(0, turned.height, 256):
            grain.paste(noise.rotate(90 * chance.randrange(4)), (x, y))
    return ImageChops.subtract(turned, grain)
