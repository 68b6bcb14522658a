"""How well a team's own classifier does on labelled text made by others: `python -m tests.bench.bench_tenants [NAME]`.

Splits each set as its note says, learns and predicts through the same public functions as the commands, and prints a
table. Nothing here is tuned: settings and lines come from cross-validation within the learned part.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from screening.engine.vectors import Vectors
from screening.tenants.examples import Example
from screening.tenants.learning import learn
from screening.tenants.measuring import Measured, measure
from screening.training.evaluate import SHARED

Row = dict[str, Any]
Split = tuple[list[Example], list[Example]]
_FOLDS = 5


def _rows(name: str) -> list[Row]:
    path = SHARED / "benchmarks" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _example(row: Row) -> Example:
    return Example(row["id"], row["text"], tuple(row["labels"]), row.get("doc"))


def _folds(name: str) -> Iterator[Split]:
    """Five folds that keep documents whole, dealt out in the order in which the documents come."""
    rows = [_example(row) for row in _rows(name)]
    docs = {key: place for place, key in enumerate(dict.fromkeys(row.doc or str(row.id) for row in rows))}
    for fold in range(_FOLDS):
        held = [docs[row.doc or str(row.id)] % _FOLDS == fold for row in rows]
        yield [r for r, h in zip(rows, held, strict=True) if not h], [r for r, h in zip(rows, held, strict=True) if h]


def _aims() -> Iterator[Split]:
    yield from _folds("aims_au")


def _esg() -> Iterator[Split]:
    yield from _folds("esg_zh")


def _mhlw() -> Iterator[Split]:
    rows = [row for row in _rows("mhlw_ja") if row["date"]]
    yield [_example(r) for r in rows if r["date"] < "2021"], [_example(r) for r in rows if r["date"] >= "2021"]


def _upr() -> Iterator[Split]:
    rows = _rows("upr_en")
    yield [_example(r) for r in rows if r["session"] <= 10], [_example(r) for r in rows if r["session"] > 10]


def _hrds() -> Iterator[Split]:
    def example(row: Row) -> Example:
        kinds = {kind for several in row["violation_types"] for kind in several}
        return Example(row["id"], f"{row['title']}\n{row['text']}", tuple(sorted(kinds)))

    yield [example(row) for row in _rows("hrdsattack_train")], [example(row) for row in _rows("hrdsattack_dev")]


SETS = {
    "aims_au": (_aims, "macro_f1", 0.66),
    "mhlw_ja": (_mhlw, "micro_f1", 0.975),
    "esg_zh": (_esg, "accuracy", 0.85),
    "upr_en": (_upr, "macro_f1", 0.85),
    "hrdsattack": (_hrds, "micro_f1", 0.70),
}


def main(names: Sequence[str]) -> int:
    print("| set | learned from | asked about | measure | figure | to reach | seconds to learn | all |")
    print("|---|---|---|---|---|---|---|---|")
    vectors, slow = Vectors.wide(), Vectors.untaught()
    for name in names or SETS:
        splits, wanted, bar = SETS[name]
        rows: list[Example] = []
        predicted: list[tuple[str, ...]] = []
        seconds, known = 0.0, 0
        for taught, asked in splits():
            began = time.perf_counter()
            classifier = learn(taught, vectors=vectors, slow=slow).classifier
            seconds, known = seconds + time.perf_counter() - began, len(taught)
            rows += asked
            predicted += [found.labels for found in classifier.predict(asked, vectors=vectors, slow=slow)]
            print(f"{name}: {seconds:.0f} s, {classifier.mix}, {classifier.lines.form}", file=sys.stderr, flush=True)
        found: Measured = measure(rows, predicted)
        every = f"micro {found.micro_f1:.3f}, macro {found.macro_f1:.3f}, accuracy {found.accuracy:.3f}"
        print(
            f"| {name} | {known} | {len(rows)} | {wanted} | {getattr(found, wanted):.4f} | {bar} | {seconds:.0f} "
            f"| {every} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
