"""Asks the sentence encoders: the quick one about many passages, the slow one about those that stay open after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.engine import evidence, language
from screening.engine.classifier import Classifier, Decision, Floats
from screening.engine.vectors import Vectors

OPEN = (0.1, 0.95)
"""Between these probabilities of a flag the slow encoder is asked too. By folds of the corpus: asking it about all
gives F1 .846, about these, half of them, .845."""
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meant:
    """Scores of passages by their vectors, a row each; None where an encoder was not asked."""

    wide: Floats | None = None
    close: Floats | None = None

    def decision(self, learned: Classifier) -> Decision:
        """The layers that were learned for what is known."""
        if self.wide is None:
            return learned.words_only
        return learned.with_wide if self.close is None else learned.with_both

    def inputs(self, words: Floats) -> Floats:
        """The inputs of the assertion layer of `decision`: those by words, and the scores by vectors beside them."""
        known = [scores for scores in (self.wide, self.close) if scores is not None]
        return np.hstack([words, *(evidence.scores_row(scores) for scores in known)])

    def signals(self) -> tuple[Floats | None, Floats | None]:
        """The scores of the signals alone."""
        wide = None if self.wide is None else self.wide[:, evidence.FIRST :]
        return wide, None if self.close is None else self.close[:, evidence.FIRST :]


@dataclass(frozen=True, slots=True)
class Asked:
    """Passages that are judged from the same knowledge: their places in the list, and what the vectors said."""

    places: Places
    meant: Meant


class Encoders:
    """Both encoders, either of which may be absent."""

    def __init__(self, wide: Vectors | None = None, close: Vectors | None = None) -> None:
        self.wide = wide if wide is not None else Vectors.wide()
        self.close = close if close is not None else Vectors.close()

    def ask(
        self,
        learned: Classifier,
        texts: Sequence[str],
        languages: Sequence[str | None],
        words: Floats,
        most: int | None,
    ) -> list[Asked]:
        """What the vectors say, in groups of equal knowledge that hold each passage once.

        `words` are the inputs by words. With `most`, as in a long document, so many are asked about, first those that
        words leave nearest to the line; and the slow encoder only about passages in which the quick one is blind, half
        as many.
        """
        flag, lines = learned.words_only.flag(words), learned.thresholds
        ask: Places = np.arange(len(flag))
        if most is not None:
            ask = _nearest(flag, np.flatnonzero(flag >= lines["unsure"]), lines["words_only"], most)
        ask = ask if self.wide.available else ask[:0]
        rest = Asked(np.setdiff1d(np.arange(len(texts)), ask), Meant())
        if not len(ask):
            return [rest]
        wide = learned.wide.scores(self.wide.of([texts[i] for i in ask]))
        flag = learned.with_wide.flag(Meant(wide).inputs(words[ask]))
        again = self._again(flag, [languages[i] for i in ask], lines["with_wide"], most)
        once = np.setdiff1d(np.arange(len(ask)), again)
        groups = [rest, Asked(ask[once], Meant(wide[once]))]
        if len(again):
            close = learned.close.scores(self.close.of([texts[i] for i in ask[again]]))
            groups.append(Asked(ask[again], Meant(wide[again], close)))
        return groups

    def _again(self, flag: Floats, languages: Sequence[str | None], line: float, most: int | None) -> Places:
        if not self.close.available:
            return np.empty(0, dtype=np.int64)
        blind = np.array([tongue is None or tongue in language.WEAK for tongue in languages])
        if most is None:
            return np.flatnonzero(((flag >= OPEN[0]) & (flag <= OPEN[1])) | blind)
        return _nearest(flag, np.flatnonzero(blind), line, most // 2)

    def everything(self, learned: Classifier, texts: Sequence[str]) -> tuple[Meant, Floats]:
        """What both say of each text, and their vectors side by side, with zeros for those of an absent encoder."""
        wide = self.wide.of(texts) if self.wide.available else None
        close = self.close.of(texts) if self.close.available and wide is not None else None
        rows = [
            vectors if vectors is not None else np.zeros((len(texts), encoder.size), dtype=np.float32)
            for vectors, encoder in ((wide, self.wide), (close, self.close))
        ]
        meant = Meant(
            None if wide is None else learned.wide.scores(wide), None if close is None else learned.close.scores(close)
        )
        return meant, np.hstack(rows)


def _nearest(flag: Floats, places: Places, line: float, most: int) -> Places:
    """So many of the places, whose probability lies nearest to the line: there one more look changes most."""
    return np.sort(places[np.argsort(np.abs(flag[places] - line), kind="stable")][:most])
