"""Makes a filled form: a self-assessment whose answers stand in AcroForm fields, with labels printed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.golden import make

TOP, STEP = 720, 34


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    name: str
    value: str


def form(title: str, fields: Sequence[Field]) -> bytes:
    """One page with a text field for each line."""
    first = 6
    numbers = range(first, first + len(fields))
    references = " ".join(f"{number} 0 R" for number in numbers)
    words = make.text(title, y=780, size=16)
    for place, field in enumerate(fields):
        words += make.text(_escaped(field.label), y=TOP - STEP * place, size=10)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{references}] >> >>".encode(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{make.A4}] /Contents 5 0 R /Annots [{references}]"
        " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
        make.stream(words),
    ]
    for place, field in enumerate(fields):
        bottom = TOP - STEP * place - 18
        objects.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({_escaped(field.name)}) /V ({_escaped(field.value)})"
            f" /Rect [72 {bottom} 520 {bottom + 16}] /P 4 0 R >>".encode("cp1252")
        )
    return make.pdf(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
