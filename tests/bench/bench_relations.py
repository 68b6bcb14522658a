"""Says what reading an answer and a passage together adds, on the frozen pairs, of which nothing was learned.

Usage: python -m tests.bench.bench_relations

Prints the share of relations that are right of three, and how well related is told from unrelated, and a clash from
support (AUC): by the layers that do not read them together, by reading together alone, and by both.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
from sklearn.metrics import roc_auc_score

from screening.comparing import layers
from screening.comparing.weighing import Pair, hold
from screening.engine.screener import Screener
from screening.training.cards import RELATIONS
from screening.training.relations import FROZEN


def main() -> int:
    if not FROZEN.is_file():
        print("left out: no frozen pairs here", file=sys.stderr)
        return 0
    rows = [json.loads(line) for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    held = hold([Pair(row["question"], row["answer"], row["passage"]) for row in rows], Screener.load())
    if any(one.together is None for one in held):
        print("The slow encoder is not installed here: nothing is read together.", file=sys.stderr)
        return 1
    truth = np.array([RELATIONS.index(row["relation"]) for row in rows])
    learned = layers.load()
    alone = np.exp(4 * np.array([one.together for one in held]))
    ways = {
        "not read together": learned.probabilities([replace(one, together=None) for one in held]),
        "read together alone": alone / alone.sum(axis=1, keepdims=True),
        "both": learned.probabilities(held),
    }
    related = truth < 2
    for name, likely in ways.items():
        clash = np.log(likely[related, 0] / likely[related, 1])
        print(
            f"{name:20} right {(likely.argmax(axis=1) == truth).mean():.3f}, "
            f"related AUC {roc_auc_score(related, 1 - likely[:, 2]):.2f}, "
            f"clash AUC {roc_auc_score(truth[related] == 0, clash):.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
