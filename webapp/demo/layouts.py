"""How the demonstration documents look: each kind of document in a dress of its own, as in a real archive."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Lengths in points. `columns` is the number of columns of running text."""

    font: str = "helvetica"
    size: float = 11.0
    landscape: bool = False
    columns: int = 1
    cover: bool = True
    running_head: bool = True
    numbered: bool = True
    accent: Colour = (38, 70, 83)
    margin: float = 62.0
    table_size: float = 9.0
    ruled: bool = True
    """Whether tables have lines; without them only their headers are shaded."""


LAYOUTS: dict[str, Layout] = {
    "report": Layout(),
    "visit": Layout(font="times", size=13, cover=False, accent=(120, 46, 30), margin=84),
    "checklist": Layout(size=10, numbered=False, accent=(42, 111, 79), margin=48),
    "findings": Layout(landscape=True, size=10, cover=False, accent=(90, 60, 120), margin=44, table_size=8.5),
    "self_assessment": Layout(font="times", size=11.5, numbered=False, accent=(30, 80, 140)),
    "followup": Layout(size=11.5, accent=(150, 90, 20)),
    "grievance": Layout(font="times", size=11.5, accent=(70, 70, 70)),
    "certificate": Layout(font="times", size=12, cover=True, running_head=False, numbered=False, accent=(150, 120, 40)),
    "statement": Layout(size=12, columns=2, numbered=False, accent=(20, 90, 100), margin=54),
}

PAGE_OF: dict[str, str] = {
    "en": "Page {number} of {all}",
    "nl": "Pagina {number} van {all}",
    "de": "Seite {number} von {all}",
    "fr": "Page {number} sur {all}",
    "es": "Página {number} de {all}",
}
"""What the foot of a page says, by language."""
