"""Measures the engine and writes its card: `python -m screening.training.evaluate`.

Two kinds of figures, never mixed: cross-validated ones on the project's own corpus, which the writers of the
rules have seen; and ones on the frozen evaluation set, which neither rules nor classifier were made from.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from screening.engine.meaning import Encoders
from screening.engine.results import Judgement, Passage
from screening.engine.screener import Screener
from screening.training import card, corpus, encoding, measures, relations, train
from screening.training.corpus import Labelled

ROOT = Path(__file__).resolve().parents[2]
FROZEN = Path(__file__).with_name("evaluation") / "passages.jsonl"
SHARED = Path(os.environ.get("SALIENT_SHARED", ROOT.parent / "shared"))
CARD = ROOT / "docs" / "classifier-card.md"
FIGURES = ROOT / "docs" / "classifier-card.json"
_NEGATIVES = "comply_chain_negatives.jsonl"


def cross_validated(rows: list[Labelled], encoders: Encoders) -> tuple[list[Labelled], list[Judgement]]:
    """The passages that the slow encoder was never taught, and a judgement of each.

    They are judged by an engine whose linear part and layers learned from the other folds alone.
    """
    lesson = train.prepare(rows, encoders)
    parted = train.parts(lesson, np.arange(len(rows)))
    unseen = train.unseen(lesson, parted)
    judged: dict[int, Judgement] = {}
    for part in parted:
        learned = train.finished(lesson, part.linear, unseen.without(part.ask))
        ask = part.ask[lesson.apart[part.ask]].tolist()
        judged |= dict(zip(ask, Screener(learned, encoders).judge([rows[i].passage for i in ask]), strict=True))
    return [rows[i] for i in sorted(judged)], [judged[i] for i in sorted(judged)]


def guidance_flagged(screener: Screener) -> dict[str, float] | None:
    """Share of guidance pages and of their passages that are flagged; None without the benchmark.

    These pages talk about abuse at length and report none, so every flag is a false one.
    """
    path = SHARED / "benchmarks" / _NEGATIVES
    if not path.is_file():
        return None
    pages = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    judged = [screener.judge(list(_passages(text))) for text in pages]
    flags = [judgement.flag for page in judged for judgement in page]
    return {
        "pages": len(pages),
        "pages_flagged": round(sum(any(j.flag for j in page) for page in judged) / len(pages), 4),
        "passages": len(flags),
        "passages_flagged": round(sum(flags) / max(1, len(flags)), 4),
    }


def _passages(text: str) -> Iterator[Passage]:
    from screening.engine.language import language_of
    from screening.engine.passages import of_page
    from screening.engine.results import Page, PageStatus

    yield from of_page(Page(1, PageStatus.READ, text, language=language_of(text)))


def main(arguments: Sequence[str] = ()) -> int:
    """Print the figures and write the card. `--quick` leaves out the cross-validation."""
    encoders = encoding.encoders()
    screener = Screener.load(encoders=encoders)
    floors = dict(screener.learned.floors)
    rows = corpus.load()
    figures: dict[str, object] = {"engine": screener.version, "corpus": card.counts(rows)}
    if "--quick" not in arguments:
        figures["cross_validated"] = measures.measure(*cross_validated(rows, encoders), floors).as_dict()
    if FROZEN.is_file():
        frozen = corpus.load_frozen(FROZEN)
        judged = screener.judge([row.passage for row in frozen])
        figures["frozen"] = measures.measure(frozen, judged, floors).as_dict()
    figures["guidance"] = guidance_flagged(screener)
    figures["relations"] = relations.measured(screener)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if "--quick" not in arguments:
        CARD.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        CARD.write_text(card.page(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
