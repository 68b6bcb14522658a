"""Counts how often the engine's judgements agree with the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from screening.engine.results import Assertion, Judgement
from screening.engine.severity import severity_of
from screening.training.corpus import Labelled

GROUPS = {
    **dict.fromkeys((a for a in Assertion if a.raises), "raises"),
    Assertion.NEGATED: "negated",
    Assertion.POLICY_PROHIBITION: "policy or boilerplate",
    Assertion.BOILERPLATE: "policy or boilerplate",
    Assertion.REMEDIATED: "remedied or past",
    Assertion.HISTORICAL: "remedied or past",
}
"""The assertions in four groups; to mix them up within a group does little harm."""
_BINS = 10
_FEWEST = 30
"""A figure over fewer passages than this says little and is left out of the comparison by language."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares between 0 and 1; None where nothing of the kind was there to measure."""

    passages: int
    flag_precision: float | None
    flag_recall: float | None
    flag_f1: float | None
    critical_recall: float | None
    """Share of the passages whose true severity is critical that were flagged."""
    negated_flagged: float | None
    assertion_of_four: float | None
    assertion_of_ten: float | None
    category_f1: float | None
    """Micro-F1 over the passages that truly raise a flag."""
    signal_f1: float | None
    people_right: float | None
    severity_right: float | None
    calibration_error: float | None
    """Expected calibration error in ten equal bins."""
    by_language: dict[str, float] = field(default_factory=dict)
    """Flag F1 of each language with enough passages."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(rows: Sequence[Labelled], judged: Sequence[Judgement], floors: dict[str, str] | None = None) -> Measured:
    """Compare labels and judgements, pair by pair."""
    pairs = list(zip(rows, judged, strict=True))
    raised = [(row, j) for row, j in pairs if row.flag]
    true_levels = (
        [severity_of(row.signals, row.assertion, row.people, floors=floors) for row, _ in raised] if floors else []
    )
    critical = [j.flag for (_, j), level in zip(raised, true_levels, strict=False) if level == "critical"]
    precision, recall, f1 = _f1([(row.flag, j.flag) for row, j in pairs])
    languages = sorted({row.language for row in rows})
    return Measured(
        passages=len(rows),
        flag_precision=precision,
        flag_recall=recall,
        flag_f1=f1,
        critical_recall=_share(critical),
        negated_flagged=_share([j.flag for row, j in pairs if row.assertion is Assertion.NEGATED]),
        assertion_of_four=_share([GROUPS[row.assertion] == GROUPS[j.assertion] for row, j in pairs]),
        assertion_of_ten=_share([row.assertion is j.assertion for row, j in pairs]),
        category_f1=_micro([(set(row.categories), set(j.categories)) for row, j in raised]),
        signal_f1=_micro([(set(row.signals), set(j.signals)) for row, j in raised]),
        people_right=_share([row.people == j.people for row, j in raised]),
        severity_right=_share([j.severity == level for (_, j), level in zip(raised, true_levels, strict=False)]),
        calibration_error=_calibration(pairs),
        by_language={
            code: value
            for code in languages
            if (value := _f1([(row.flag, j.flag) for row, j in pairs if row.language == code])[2]) is not None
            and sum(row.language == code for row in rows) >= _FEWEST
        },
    )


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _f1(pairs: Sequence[tuple[bool, bool]]) -> tuple[float | None, float | None, float | None]:
    """Precision, recall and F1 of (truth, claim)."""
    hits = sum(truth and claim for truth, claim in pairs)
    true, claimed = sum(truth for truth, _ in pairs), sum(claim for _, claim in pairs)
    if not true or not claimed:
        return None, None, None
    return round(hits / claimed, 4), round(hits / true, 4), round(2 * hits / (true + claimed), 4)


def _micro(pairs: Sequence[tuple[set[str], set[str]]]) -> float | None:
    total = sum(len(truth) + len(claim) for truth, claim in pairs)
    return round(2 * sum(len(truth & claim) for truth, claim in pairs) / total, 4) if total else None


def _calibration(pairs: Sequence[tuple[Labelled, Judgement]]) -> float | None:
    if not pairs:
        return None
    scores = np.array([j.score for _, j in pairs])
    truth = np.array([row.flag for row, _ in pairs])
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = [abs(scores[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return round(float(sum(gaps)), 4)
