"""What a demonstration document is known to say: its findings, written down beside the very sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.taxonomy import Severity, Taxonomy
from screening.engine.results import Assertion

MANY_PEOPLE = 100
"""From so many affected people on, a low or medium finding counts one step graver (annotation guide, rule 4)."""

_STEPS = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Truth:
    """One passage of a document with what a careful reader says of it.

    Every other sentence of the document carries no flag. `quote` is the passage as printed, on one line;
    `people` is the number of affected people that it states.
    """

    quote: str
    signals: tuple[str, ...]
    assertion: Assertion
    people: int | None = None

    @property
    def flag(self) -> bool:
        """Whether a screening should raise it; the others are there because they are easily raised by mistake."""
        return self.assertion.raises and bool(self.signals)

    def severity(self, taxonomy: Taxonomy) -> Severity:
        """By the annotation guide, rule 4: the gravest floor, a step down for a mere risk, a step up for many."""
        if not self.flag:
            return Severity.NONE
        step = _STEPS.index(taxonomy.floor_of(self.signals))
        if self.assertion in (Assertion.RISK_POTENTIAL, Assertion.UNABLE_TO_VERIFY):
            step = max(0, step - 1)
        if (self.people or 0) >= MANY_PEOPLE and _STEPS[step] in (Severity.LOW, Severity.MEDIUM):
            step += 1
        return _STEPS[step]

    def is_met_by(self, quote: str, *, share: float = 0.6) -> bool:
        """Whether `quote` holds at least this share (0 to 1) of the passage's different words.

        Sentence splitters and tables cut differently, so that equality would measure the wrong thing.
        """
        wanted, seen = words(self.quote), words(quote)
        return len(wanted & seen) >= share * len(wanted)


def words(text: str) -> frozenset[str]:
    """The different words and numbers of a text, in small letters."""
    return frozenset(word.casefold() for word in _WORD.findall(text))
