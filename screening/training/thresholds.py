"""Chooses where to draw the lines, from scores of passages that the classifier had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from screening.engine import evidence, meaning
from screening.engine.classifier import FIRST_LABELS, Classifier, Floats
from screening.engine.screener import families, marks
from screening.engine.severity import LEVELS
from screening.training.corpus import Labelled
from screening.training.unseen import Unseen

QUICK_RECALL = 0.975
"""The quick look may lose at most one in forty of the flagged passages; all later figures include that loss."""
CRITICAL_RECALL = 0.97
UNSURE_RECALL = 0.99
"""Sentence vectors are not asked about passages below the line that so many flagged ones pass by words alone."""
_LOWEST_CRITICAL = 0.75
"""The line for critical matters lies at most so much below the general one, lest everything be flagged. By folds of the
corpus: 0.6 gives F1 .806 and finds 95 % of critical passages, 0.75 gives .812 and 94 %, 1 gives .816 and 90 %."""
_FIRST = len(FIRST_LABELS)


def choose(learned: Classifier, unseen: Unseen, rows: Sequence[Labelled], apart: NDArray[np.bool_]) -> dict[str, float]:
    """The thresholds of a classifier; see `Classifier.thresholds`.

    `apart` says which of the rows the slow encoder had not seen either: lines for its judgements come from those.
    """
    flags = np.array([row.flag for row in rows])
    worst = np.array([_floor(learned, row) for row in rows])
    words_only = learned.words_only.flag(unseen.inputs)
    one, two = meaning.Meant(unseen.by_wide), meaning.Meant(unseen.by_wide, unseen.by_close)
    with_wide = learned.with_wide.flag(one.inputs(unseen.inputs))
    both = learned.with_both.flag(two.inputs(unseen.inputs))
    flag = np.where((with_wide >= meaning.OPEN[0]) & (with_wide <= meaning.OPEN[1]), both, with_wide)
    general = _best_f1(flag[apart], flags[apart])
    critical = _for_recall(flag[apart & flags & (worst == "critical")], CRITICAL_RECALL)
    return {
        "quick": _for_recall(_squash(learned.quick.logits(unseen.quick)[:, 0])[flags], QUICK_RECALL),
        "unsure": _for_recall(words_only[flags], UNSURE_RECALL),
        "signal": _signal_bar(learned, unseen, two, rows, apart & flags),
        "signal_with_wide": _signal_bar(learned, unseen, one, rows, flags),
        "words_only": _best_f1(words_only, flags),
        "with_wide": _best_f1(with_wide, flags),
        "critical": float(np.clip(critical, general * _LOWEST_CRITICAL, general)),
        **dict.fromkeys(("high", "medium", "low"), general),
    }


def _floor(learned: Classifier, row: Labelled) -> str:
    return max((learned.floors[code] for code in row.signals), key=LEVELS.index, default="none")


def _for_recall(scores: Floats, recall: float) -> float:
    """The highest line that still lets this share of the scores pass."""
    return float(np.quantile(scores, 1 - recall, method="lower")) if len(scores) else 0.0


def _best_f1(scores: Floats, truth: NDArray[np.bool_]) -> float:
    """The line with the best F1 in steps of 0.01; of equals the lowest, for the sake of recall."""
    lines = np.arange(0.2, 0.8, 0.01)
    f1 = [2 * (truth & (scores >= t)).sum() / max(1, truth.sum() + (scores >= t).sum()) for t in lines]
    return float(lines[int(np.argmax(f1))])


def _signal_bar(
    learned: Classifier, unseen: Unseen, meant: meaning.Meant, rows: Sequence[Labelled], asked: NDArray[np.bool_]
) -> float:
    """The line for a signal with the best micro-F1 over the rows that are asked about, all of them flagged."""
    place = {code: i for i, code in enumerate(learned.signals)}
    named, measured = marks(unseen.seen, place)
    pairs = evidence.signal_rows(
        unseen.by_words[:, _FIRST:], meant.signals(), named, measured, families(learned.signals)
    )
    likely = _squash(meant.decision(learned).signal.logits(pairs)[..., 0])[asked]
    truth = np.array([[code in row.signals for code in learned.signals] for row in rows])[asked]
    lines = np.arange(0.1, 0.6, 0.02)
    best = likely == likely.max(axis=1, keepdims=True)
    f1 = [2 * (truth & ((likely >= t) | best)).sum() / (truth.sum() + ((likely >= t) | best).sum()) for t in lines]
    return float(lines[int(np.argmax(f1))])


def _squash(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)
