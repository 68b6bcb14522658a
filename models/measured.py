"""How well a classifier's second opinion agrees with what people decided: plain counts, and the shares that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

FEWEST_ROWS = 10
FEWEST_OF_A_KIND = 3
"""With fewer rows, or fewer that were confirmed, a share says more about chance than about the classifier. Our own."""
_NOISE = 0.002
"""A candidate's F1 may be so much lower, for rounding, before it counts as worse."""


def is_lower(candidate: float, current: float) -> bool:
    """Whether the F1 of a candidate is lower than that of what is in use: it is promoted by a further word alone."""
    return candidate < current - _NOISE


def misses_more(candidate: int, current: int) -> bool:
    """Whether a candidate misses more critical passages than what is in use, be it only one: a further word as well.

    The rule of the page and of the command line.
    """
    return candidate > current


class Part(StrEnum):
    """By what the rows that were held apart are looked at."""

    ALL = "all"
    SEVERITY = "severity"
    SIGNAL = "signal"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Score:
    """Of passages that people decided on: how many they confirmed, how many were pointed to, and how many were both."""

    rows: int
    confirmed: int
    pointed_to: int
    both: int

    @property
    def precision(self) -> float | None:
        """Of those pointed to, the share that people confirmed; None where none was."""
        return self.both / self.pointed_to if self.pointed_to else None

    @property
    def recall(self) -> float | None:
        """Of those that people confirmed, the share pointed to; None where none was confirmed."""
        return self.both / self.confirmed if self.confirmed else None

    @property
    def f1(self) -> float | None:
        total = self.confirmed + self.pointed_to
        return 2 * self.both / total if total else None

    @property
    def missed(self) -> int:
        """Of those that people confirmed, how many it would point away from."""
        return self.confirmed - self.both


def score(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Count pairs of: confirmed by people, pointed to by the classifier."""
    seen = list(pairs)
    return Score(
        len(seen), sum(truth for truth, _ in seen), sum(said for _, said in seen),
        sum(truth and said for truth, said in seen),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """The candidate beside what is in use, on the same rows. With nothing in use, every flag counts as pointed to."""

    part: Part
    name: str
    """The code of the signal, severity or language; empty for all."""
    candidate: Score
    current: Score

    @property
    def is_too_few(self) -> bool:
        return self.candidate.rows < FEWEST_ROWS or self.candidate.confirmed < FEWEST_OF_A_KIND


@dataclass(frozen=True, slots=True)
class Change:
    """What promoting the candidate would change for findings that wait: the second opinion shown beside them."""

    weighed: int
    waiting: int
    """How many wait in all; the first of the queue are weighed."""
    raised: int
    """It says finding where what is in use says none."""
    dropped: int
    """It says none where what is in use says finding."""
    raised_examples: tuple[str, ...] = ()
    dropped_examples: tuple[str, ...] = ()
    """Keys of the findings on which it is surest."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a candidate learned from, and how good it is on documents that were held apart."""

    rows: int
    documents: int
    confirmed: int
    rejected: int
    apart_rows: int
    apart_documents: int
    left_out: int
    """Rows not learned from, because the same words stand in a document that was held apart."""
    compared: tuple[Compared, ...] = ()
    change: Change = Change(0, 0, 0, 0)

    @property
    def overall(self) -> Compared | None:
        return next((row for row in self.compared if row.part is Part.ALL), None)

    @property
    def is_worse(self) -> bool:
        """Whether the candidate's F1 over all is lower than that of what is in use."""
        found = self.overall
        return found is not None and is_lower(found.candidate.f1 or 0.0, found.current.f1 or 0.0)

    @property
    def on_critical(self) -> Compared | None:
        """How both do on critical passages; None where none was held apart that people confirmed."""
        found = (row for row in self.compared if row.part is Part.SEVERITY and row.name == "critical")
        return next((row for row in found if row.candidate.confirmed), None)

    @property
    def loses_critical(self) -> bool:
        """Whether the candidate misses more of the confirmed critical passages than what is in use, be it only one."""
        found = self.on_critical
        return found is not None and misses_more(found.candidate.missed, found.current.missed)

    def written(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Measured:
        """What `written` wrote."""
        change: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in kept["change"].items()
        }
        compared = tuple(
            Compared(Part(one["part"]), one["name"], Score(**one["candidate"]), Score(**one["current"]))
            for one in kept["compared"]
        )
        return cls(**{**kept, "compared": compared, "change": Change(**change)})
