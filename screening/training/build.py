"""Builds the shipped classifier from the corpus: `python -m screening.training.build`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from screening.engine import classifier
from screening.training import corpus, encoding, relations, train


def build(folder: Path = classifier.SHIPPED) -> None:
    """Train on the whole corpus and write classifier.npz and classifier.json into a folder.

    What holds answers against evidence learns from the judgements of this classifier, so it follows at once.

    Raises CorpusError for a faulty corpus, RuntimeError where the sentence encoder is not installed.
    """
    rows = corpus.load()
    classifier.save(train.train(train.prepare(rows, encoding.encoders())), folder)
    relations.build(folder)


def main() -> int:
    began = time.perf_counter()
    try:
        build()
    except (corpus.CorpusError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    size = (classifier.SHIPPED / "classifier.npz").stat().st_size / 1e6
    print(f"built in {time.perf_counter() - began:.0f} s, {size:.1f} MB: {classifier.SHIPPED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
