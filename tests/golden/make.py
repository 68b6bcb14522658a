"""Makes small odd PDFs, byte by byte, so that a test can say exactly what is wrong with each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from fpdf import FPDF

A4 = "0 0 595 842"


def pdf(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    file = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, table)
    return bytes(file)


def stream(body: bytes, *, packed: bool = False) -> bytes:
    if packed:
        body = zlib.compress(body, 1)
    kind = b" /Filter /FlateDecode" if packed else b""
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(body), kind, body)


def pages(contents: Sequence[bytes], *, rotate: int = 0, box: str = A4, packed: bool = False) -> bytes:
    """A PDF with one page for each content stream; `/F1` is Helvetica, `/I1` a dark 2 x 2 picture."""
    count = len(contents)
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(count))
    picture = b"<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        picture + b" /Length 4 >>\nstream\n\x10\x80\x40\x20\nendstream",
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {rotate} /Contents {6 + 2 * index} 0 R"
            " /Resources << /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >> >>".encode()
        )
        objects.append(stream(content, packed=packed))
    return pdf(objects)


def text(words: str, *, x: int = 72, y: int = 720, size: int = 12, before: str = "") -> bytes:
    """A content stream that prints one line with its baseline at x, y from the bottom left."""
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({words}) Tj ET\n".encode("cp1252")


def picture() -> bytes:
    """A content stream that covers an A4 page with a picture."""
    return b"q 595 0 0 842 0 0 cm /I1 Do Q\n"


def locked(words: str, *, password: str, owner: str = "owner") -> bytes:
    document = FPDF()
    document.set_encryption(owner_password=owner, user_password=password)
    document.add_page()
    document.set_font("Helvetica", size=12)
    document.cell(text=words)
    return bytes(document.output())


def form(name: str, value: str) -> bytes:
    """A page with one filled text field."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{A4}] /Contents 6 0 R /Annots [5 0 R]"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V ({value})"
            " /Rect [72 600 300 620] /P 4 0 R >>".encode(),
            stream(text("How many workers do you employ?")),
        ]
    )


def bomb(megabytes: int) -> bytes:
    """A page whose content is this large when it is unpacked, and tiny in the file."""
    return pages([b" " * (megabytes * 1024 * 1024) + text("after the blanks")], packed=True)
