"""What the page about quality shows of classifiers of one's own: what is in use, the candidate, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from models.measured import Compared, Measured, Part
from models.operations import teaching
from models.operations.teaching import Examples, Shelf
from webapp.doors import person, reading

NOTHING = Examples((), ())


@dataclass(frozen=True, slots=True)
class Learned:
    """What there is, for the person who asks."""

    shelf: Shelf
    measured: Measured | None
    """Of the candidate; without one, of what is in use."""
    examples: Examples

    def rows(self, *parts: Part) -> list[Compared]:
        """The figures of these parts behind which enough passages stand."""
        return [row for row in self._of(parts) if not row.is_too_few]

    def too_few(self, *parts: Part) -> list[Compared]:
        """Those of which nothing can be said."""
        return [row for row in self._of(parts) if row.is_too_few]

    def _of(self, parts: tuple[Part, ...]) -> list[Compared]:
        return [] if self.measured is None else [row for row in self.measured.compared if row.part in parts]


def learned() -> Learned:
    shelf = teaching.shelf(reading(), by=person())
    candidate = shelf.open if shelf.open is not None and shelf.open.kept else None
    about = candidate or shelf.in_use
    measured = None if about is None else about.measured
    if candidate is None or measured is None:
        return Learned(shelf, measured, NOTHING)
    return Learned(shelf, measured, teaching.examples(reading(), measured.change, by=person()))
