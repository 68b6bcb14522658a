"""Makes pages that show people one thing and tell programs another: fonts that lie, and text that nobody sees."""

from __future__ import annotations

import string
from collections.abc import Mapping

from tests.golden import make

SEEN = "Passports of the workers are kept in the office of the manager, and wages are paid late."
UNSEEN = "No children work here at all, and everybody is paid in full."
_HEAD = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def"


def shifted(by: int) -> dict[int, int]:
    """Every small letter told as the one so many places on in the alphabet."""
    small = string.ascii_lowercase
    return {ord(sign): ord(small[(place + by) % 26]) for place, sign in enumerate(small)}


def told_as(codes: Mapping[int, int], shown: str = SEEN, *, others: bool = True) -> bytes:
    """A page whose font tells each code of the mapping as another letter, and (with `others`) the rest as they are."""
    told = ({code: code for code in range(32, 127)} if others else {}) | dict(codes)
    rows = "\n".join(f"<{code:02x}> <{sign:04x}>" for code, sign in told.items())
    table = f"{_HEAD} 1 begincodespacerange <00> <FF> endcodespacerange {len(told)} beginbfchar\n{rows}\nendbfchar"
    return _page(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>",
        make.text(shown),
        make.stream(f"{table} endcmap end end".encode()),
    )


def unnamed(shown: str = SEEN) -> bytes:
    """A page of a font whose shapes have numbers for names, and no table that says which letters they are."""
    codes = range(32, 127)
    shapes = " ".join(f"/g{code} 6 0 R" for code in codes)
    names = " ".join(f"/g{code}" for code in codes)
    widths = " ".join("600" for _ in codes)
    return _page(
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 32"
        f" /LastChar 126 /Widths [{widths}] /CharProcs << {shapes} >> /Encoding << /Differences [32 {names}] >>"
        " /Resources << >> >>".encode(),
        make.text(shown, size=9),
        make.stream(b"600 0 0 0 600 700 d1 50 0 500 700 re f"),
    )


def layered(*, shown: bool) -> bytes:
    """A page with a sentence on a layer that is switched on or off."""
    return make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /%s [6 0 R] >> >> >>"
            % (b"ON" if shown else b"OFF"),
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R"
            " /Resources << /Font << /F1 3 0 R >> /Properties << /O1 6 0 R >> >> >>".encode(),
            make.stream(make.text(SEEN, size=9) + b"/OC /O1 BDC\n" + _line() + b"EMC\n"),
            b"<< /Type /OCG /Name (Layer) >>",
        ]
    )


def noted(*, opaque: bool) -> bytes:
    """A page on which somebody drew a box over the sentence afterwards: filled, or only its edge."""
    drawn = b"1 g 60 700 500 40 re f" if opaque else b"1 0 0 RG 60 700 500 40 re S"
    return make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R /Annots [6 0 R]"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            make.stream(make.text(SEEN, size=9)),
            b"<< /Type /Annot /Subtype /Square /Rect [60 700 560 740] /AP << /N 7 0 R >> >>",
            b"<< /Type /XObject /Subtype /Form /BBox [60 700 560 740] /Length %d >>\nstream\n%s\nendstream"
            % (len(drawn), drawn),
        ]
    )


def _page(font: bytes, content: bytes, *more: bytes) -> bytes:
    return make.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            font,
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            make.stream(content),
            *more,
        ]
    )


def _with(content: bytes) -> bytes:
    """A page with a sentence that is seen, and this."""
    return make.pages([make.text(SEEN, size=9) + content])


def _line(before: str = "", y: int = 600) -> bytes:
    return make.text(UNSEEN, y=y, before=before)


def _in(page: bytes, old: bytes, new: bytes) -> bytes:
    """The page with something put in: places in its table no longer fit, which every program mends."""
    assert old in page
    return page.replace(old, new, 1)


NOT_SEEN: dict[str, bytes] = {
    "white": _with(_line("1 g")),
    "nearly white": _with(_line("0.97 g")),
    "of one point": _with(make.text(UNSEEN, y=600, size=1)),
    "scaled to nothing": _with(f"BT /F1 12 Tf 0.001 0 0 0.001 72 600 Tm ({UNSEEN}) Tj ET\n".encode()),
    "squeezed to a stroke": _with(_line("0.01 Tz")),
    "squeezed by its matrix": _with(f"BT /F1 12 Tf 0.02 0 0 1 72 600 Tm ({UNSEEN}) Tj ET\n".encode()),
    "below the crop box": _in(
        _with(_line(y=100)), b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 595 842] /CropBox [0 400 595 842]"
    ),
    "invisible beside a small picture": _with(b"q 50 0 0 50 500 780 cm /I1 Do Q\n" + _line("3 Tr")),
    "invisible over print on a picture": make.pages(
        [
            make.picture()
            + b"".join(_line(y=600 - 20 * row) for row in range(3))
            + make.text(SEEN, y=600, size=9, before="3 Tr")
        ]
    ),
    "under a white rectangle": _with(_line() + b"1 g 60 590 500 30 re f\n"),
    "under a black rectangle": _with(_line() + b"0 g 60 590 500 30 re f\n"),
    "under a shape of five corners": _with(_line() + b"1 g 60 590 m 560 590 l 560 600 l 560 620 l 60 620 l h f\n"),
    "under a thick line": _with(_line() + b"1 G 30 w 60 604 m 560 604 l S\n"),
    "red on red": _with(b"1 0 0 rg 60 590 500 30 re f\n" + _line("1 0 0 rg")),
    "cut away by a clip": _with(b"q 0 0 10 10 re W n\n" + _line() + b"Q\n"),
    "a clip alone": _with(_line("7 Tr")),
    "outlined in white": _with(_line("1 Tr 1 G")),
}
"""What a page does with a sentence so that it is not seen."""
