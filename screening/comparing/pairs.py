"""What is compared: a supplier's own answer, and a passage of evidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A supplier's own answer with its question, and a passage of evidence. Languages are ISO 639-1, None if unsure."""

    question: str
    answer: str
    passage: str
    question_language: str | None = None
    answer_language: str | None = None
    passage_language: str | None = None
