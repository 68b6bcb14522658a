"""An answer in words, as it was submitted: what the machine reads, without the questionnaire that it came from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from models.findings import FindingSignal
from models.submissions import Answer

FREE_WORDS = frozenset({"text", "table"})
"""Kinds of questions whose answers are the supplier's own sentences."""

CONTRADICTION = "INT.INCONS"
"""The signal of two sources that say different things."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in words, as it was submitted."""

    answer_id: uuid.UUID
    version: int
    asked: str
    """The question's id."""
    admits: bool
    question: str
    answer: str
    kind: str
    language: str | None
    signals: frozenset[str]

    @property
    def text(self) -> str:
        """Question and answer, as they are quoted."""
        return f"{self.question} {self.answer}"


def in_words(row: Answer) -> Told | None:
    """None for an answer that was not submitted, or that is not asked for any more."""
    told = row.told
    if told is None:
        return None
    return Told(
        row.id, row.version, row.question, bool(told.get("admits")), told["question"], told["answer"], told["kind"],
        told["language"], frozenset(told["signals"]),
    )  # fmt: skip


def signal_rows(codes: Iterable[str]) -> list[FindingSignal]:
    """The signals of a finding in their order."""
    return [FindingSignal(signal=code, place=place) for place, code in enumerate(codes)]


def contradicting(codes: Iterable[str]) -> list[FindingSignal]:
    """The signals of a contradiction about these: that two sources differ comes first."""
    return signal_rows((CONTRADICTION, *(code for code in codes if code != CONTRADICTION)))
