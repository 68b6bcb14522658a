"""An invented installation of any size, for measuring: how many of everything, and in which proportions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything to invent. The proportions are our own proposal, not counted anywhere.

    The same numbers, `seed` and `today` give the same rows, key by key.
    """

    findings: int
    documents: int
    suppliers: int
    reviewers: int
    seed: int
    today: date
    """The last day of the invented history; a thousand days before it, the first document came."""

    @classmethod
    def of(
        cls, findings: int, *, today: date, documents: int | None = None, suppliers: int | None = None,
        reviewers: int = 20, seed: int = 7,
    ) -> Size:  # fmt: skip
        """Ten findings a document and fifty documents a supplier, where nothing else is said."""
        papers = documents or max(1, findings // 10)
        return cls(findings, papers, suppliers or min(2000, max(3, papers // 50)), reviewers, seed, today)
