"""Warms a reader up on a small document of our own, so that every forked child starts warm.

Without it each child looks for the machine's fonts again and runs cold code: measured, that costs a document
about as much as five pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.engine.reading.recognising import Recogniser

_LINES = 40
_ROUNDS = 30
"""Python makes code faster after it has run some times; a few rounds of pages are enough."""


def sample() -> bytes:
    """A PDF of one page: lines in a standard font, one of them white on a dark box, over a table of two columns."""
    rows = "".join(f"0 -16 Td (Line {number} of a page that is known beforehand.) Tj\n" for number in range(_LINES))
    rules = "".join(f"40 {y} 500 0.5 re f\n40 {y} m 540 {y} l S\n" for y in range(100, 740, 32))
    rules += "".join(f"{x} 100 0.5 608 re f\n{x} 100 10 608 re S\n" for x in (40, 110, 300, 530))
    drawing = (
        "0.2 g 40 740 400 40 re f\nBT /F1 12 Tf 1 g 50 755 Td (White on dark) Tj ET\n"
        f"BT /F1 10 Tf 0 g 50 720 Td\n{rows}ET\n{rules}"
    ).encode()
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(drawing), drawing),
    )
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)
    return bytes(file)


def warm_pdfium() -> None:
    """Read and draw the sample with the quick reader."""
    from screening.engine import headers
    from screening.engine.reading import attached, contradictions, drawing, forms, frames, pdfium
    from screening.engine.reading.limits import Limits

    limits = Limits()
    headers.may_name_columns("Finding, status")  # Loads the names of columns.
    for _ in range(_ROUNDS):
        document = pdfium.open_document(sample(), None)
        attached.count(document.raw, limits)
        forms.is_dynamic(document.raw)
        contradictions.contradicts_itself(sample())
        frames.pack(pdfium.PageReader(document, limits).answer(1))
        document.close()
    document = pdfium.open_document(sample(), None)
    drawing.draw(document, 1, 100, limits)
    document.close()


def warm_plumber() -> None:
    """Read the sample with the slower reader."""
    from screening.engine.reading import plumber
    from screening.engine.reading.limits import Limits

    with plumber.open_document(sample(), None) as document:
        list(plumber.pages(document, None, Limits()))


_loaded: list[Recogniser] = []


def recogniser() -> Recogniser | None:
    """The program that this zygote has loaded for recognising words, if any."""
    return _loaded[0] if _loaded else None


def warm_pictures(engine: str = "none", languages: str = "", data: str = "") -> str:
    """Load the program that recognises words, where one is installed, and try it. Gives back its name."""
    from PIL import (  # noqa: F401
        Image,
        ImageDraw,
        Jpeg2KImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
    )

    from screening.engine import headers
    from screening.engine.reading import pictures
    from screening.engine.reading.limits import Limits
    from screening.engine.reading.recognising import Engine, load

    found = load(Engine(engine), tuple(languages.split(",")) if languages else (), data)
    if found is not None:
        _loaded.append(found)
    known = Image.new("L", (600, 120), 255)
    ImageDraw.Draw(known).text((20, 40), "A line of print that is known beforehand.", fill=0, font_size=24)
    pictures.page(1, known, Limits(), found)
    headers.may_name_columns("Finding, status")  # Loads the names of columns.
    return found.name if found is not None else ""


def warm_papers() -> None:
    """Read a small page, a table and a mail with the reader of everything else."""
    import encodings.idna  # noqa: F401  What a child would load while it reads a file, loaded before.
    from encodings import big5, cp1250, cp1251, cp1254, euc_kr, gb18030, shift_jis  # noqa: F401

    from screening.engine.reading.limits import Limits
    from screening.engine.reading.papers import opening

    table = "Finding;Corrective action;Due date\n" + "Exit locked;Remove the lock;2026-03-01\n" * _LINES
    page = "<html><body><p>Exits</p><table><tr><td>Unlocked?</td><td>No</td></tr></table></body></html>"
    mail = "From: a@example.org\nTo: b@example.org\nSubject: Audit\nMIME-Version: 1.0\n\nThe audit is done.\n"
    for text in (table, page, mail):
        opening.read(text.encode(), Limits(), None)
    opening.read("Prüfung der Brandschutztüren über alle Stockwerke".encode("cp1252"), Limits(), None)
    opening.read(_office_sample(), Limits(), None)
    opening.read(rb"{\rtf1\ansi{\fonttbl{\f0 Any;}}\pard Known\par}", Limits(), None)


def _office_sample() -> bytes:
    """The smallest text of an Office program: a ZIP with one part."""
    import io
    import zipfile

    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>Known</w:t></w:r></w:p></w:body></w:document>',
        )
    return kept.getvalue()
