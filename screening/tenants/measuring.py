"""Counts how well given labels agree with those of people: over all, for each label, and for each language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from screening.engine.language import language_of
from screening.tenants.examples import Example


@dataclass(frozen=True, slots=True)
class Of:
    """How one label fared; shares between 0 and 1."""

    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares between 0 and 1. Macro-F1 is the mean over labels that occur; accuracy is the share all right."""

    texts: int
    micro_f1: float
    macro_f1: float
    accuracy: float
    critical: int = 0
    """Texts with critical harm, as people labelled them."""
    critical_missed: int = 0
    """Those of them that were given none of the labels of people."""
    by_label: dict[str, Of] = field(default_factory=dict)
    by_language: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Texts and micro-F1 of each language."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure(rows: Sequence[Example], given: Sequence[Sequence[str]]) -> Measured:
    """Compare the labels of people with those given, row by row."""
    pairs = [(set(row.labels), set(labels)) for row, labels in zip(rows, given, strict=True)]
    names = sorted({label for truth, _ in pairs for label in truth})
    by_label = {name: _of([(name in truth, name in claim) for truth, claim in pairs]) for name in names}
    grave = [bool(truth & claim) for row, (truth, claim) in zip(rows, pairs, strict=True) if row.is_critical]
    languages = [language_of(row.text) or "unsure" for row in rows]
    return Measured(
        texts=len(pairs),
        micro_f1=_micro(pairs),
        macro_f1=round(sum(of.f1 for of in by_label.values()) / max(1, len(by_label)), 4),
        accuracy=round(sum(truth == claim for truth, claim in pairs) / max(1, len(pairs)), 4),
        critical=len(grave),
        critical_missed=grave.count(False),
        by_label=by_label,
        by_language={
            code: (languages.count(code), _micro([p for p, of in zip(pairs, languages, strict=True) if of == code]))
            for code in sorted(set(languages))
        },
    )


def _micro(pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    total = sum(len(truth) + len(claim) for truth, claim in pairs)
    return round(2 * sum(len(truth & claim) for truth, claim in pairs) / total, 4) if total else 1.0


def _of(pairs: Sequence[tuple[bool, bool]]) -> Of:
    hits = sum(truth and claim for truth, claim in pairs)
    true, claimed = sum(truth for truth, _ in pairs), sum(claim for _, claim in pairs)
    return Of(
        texts=true,
        precision=round(hits / claimed, 4) if claimed else 0.0,
        recall=round(hits / true, 4) if true else 0.0,
        f1=round(2 * hits / (true + claimed), 4) if true + claimed else 0.0,
    )
