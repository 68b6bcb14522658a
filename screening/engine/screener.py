"""Judges passages in two stages: a quick look at every one, and a careful one where something may be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from screening.engine import (
    addresses,
    asking,
    assertion,
    checklists,
    choosing,
    classifier,
    evidence,
    explaining,
    language,
    listed,
    passages,
    people,
    rereading,
    severity,
)
from screening.engine.asking import Questions
from screening.engine.assertion import Cues
from screening.engine.classifier import ASSERTIONS, FIRST_LABELS, RAISING, SHIPPED, Classifier, Floats, Layer
from screening.engine.evidence import Observed
from screening.engine.meaning import Encoders, Meant
from screening.engine.results import Assertion, Finding, Judgement, Passage, Reading
from screening.engine.scoring import Scorer
from screening.engine.signals import Phrases
from screening.engine.signals import lexicon as phrase_lexicon
from screening.engine.vocabulary import Vocabulary
from screening.engine.weighed import Weighed

RULES_VERSION = "6"
"""Raised with every change of the rules or the lexicon, so that two results can be told apart."""
_SHORT = 60
"""A document of so many passages at most, such as a letter, a complaint or a form, is judged with all care."""
_FREE = 8
"""In a longer one so many passages, and one more for every three pages, are compared by sentence vector."""
_ASKED = 0.5
"""A bare question is raised only where more speaks for harm than against it."""
_FIRST = len(FIRST_LABELS)
_COUNTED = frozenset({Assertion.REMEDIATED, Assertion.HISTORICAL})
"""Without a flag, people are counted only where something did happen to them."""


class Screener:
    """The engine's judgement. Build it once a process with `load`; it is not safe to share between threads."""

    def __init__(
        self,
        learned: Classifier,
        encoders: Encoders | None = None,
        *,
        every: bool = False,
        questions: Layer | None = None,
    ) -> None:
        # One core a worker: threads of the number library would only fight those of the other workers.
        threadpool_limits(limits=1, user_api="blas")
        self.learned = learned
        self._every = every
        self.version = f"rules-{RULES_VERSION}+classifier-{learned.version}"
        self.encoders = encoders if encoders is not None else Encoders()
        known = Vocabulary()
        self._quick = Scorer(learned.weights[:, :_FIRST], learned.offset[:_FIRST], learned.worth, known)
        self._careful = Scorer(learned.weights, learned.offset, learned.worth, known)
        self._cues = Cues(assertion.lexicon())
        self._phrases = Phrases(phrase_lexicon())
        self._place = {code: place for place, code in enumerate(learned.signals)}
        self._family = families(learned.signals)
        # Without the slow encoder, what a question wants cannot be told well enough.
        able = questions is not None and self.encoders.wide.available and self.encoders.close.available
        self._questions = Questions(questions, self.weigh) if able and questions is not None else None

    @classmethod
    def load(cls, folder: Path = SHIPPED, *, encoders: Encoders | None = None, every: bool = False) -> Screener:
        """The screener with the classifier in this folder. Raises ClassifierError.

        With `every`, `screen` gives passages without a signal too, so that what was passed over can be sampled.
        """
        learned = classifier.load(folder)
        return cls(learned, encoders, every=every, questions=asking.load(learned.version, folder))

    def screen(self, reading: Reading) -> tuple[Finding, ...]:
        """Every passage of a document in which a signal was seen, flagged or not, with its places."""
        found = passages.passages_of(reading)
        most = None if len(found) <= _SHORT else _FREE + len(reading.pages) // 3
        pages = {page.number: page for page in reading.pages}
        return tuple(
            Finding(passage, judgement, pages[passage.page].boxes(passage.start, passage.end) if passage.page else ())
            for passage, judgement in zip(found, self.judge(found, most=most), strict=True)
            if judgement.signals or self._every
        )

    def judge(self, found: Sequence[Passage], *, most: int | None = None) -> list[Judgement]:
        """One judgement a passage, in order; the same list gives the same judgements, whatever came before it.

        `most` bounds how many passages are compared by sentence vector, the most doubtful first, and lets the quick
        look set passages aside; a vector costs as much time as all the rest for twenty passages. With None every
        passage is judged with all care. See `meaning` for which vectors are asked.
        """
        found = [addresses.without(_with_language(passage)) for passage in found]
        likely = self.quick_look(found)
        line = 0.0 if most is None else self.learned.thresholds["quick"]
        keep = [place for place in np.flatnonzero(likely >= line).tolist() if _says_something(found[place])]
        careful = dict(zip(keep, self._judge_carefully([found[place] for place in keep], most), strict=True))
        judged = [
            careful.get(place) or _at_first_sight(passage, score)
            for place, (passage, score) in enumerate(zip(found, likely.tolist(), strict=True))
        ]
        shortly = most is not None
        rereading.reread(found, keep, judged, self._judge_carefully, shortly=shortly)
        if self._questions is not None:
            checklists.judge_replies(
                found, judged, self._judge_carefully, self._questions, floors=self.learned.floors, shortly=shortly
            )
        listed.judge_listed(
            found, judged, self.weigh, self.learned.signals, floors=self.learned.floors, shortly=shortly
        )
        return judged

    def quick_scores(self, found: Sequence[Passage]) -> Floats:
        """The first labels of each passage by its words alone, without what stands around it."""
        return self._quick.scores([passage.text for passage in found])

    def quick_look(self, found: Sequence[Passage]) -> Floats:
        """How likely each passage is to raise a flag, at first sight; below the line nothing is looked at again."""
        return _probability(self.learned.quick.logits(self.quick_scores(found))[:, 0])

    def _judge_carefully(self, found: list[Passage], most: int | None) -> list[Judgement]:
        if not found:
            return []
        observed = self.observe(found)
        scores = self._careful.scores([p.text for p in found], [(p.before, p.document_type) for p in found])
        inputs = self.inputs(observed, scores)
        texts, languages = [p.text for p in found], [p.language for p in found]
        judged: dict[int, Judgement] = {}
        for asked in self.encoders.ask(self.learned, texts, languages, inputs, most):
            places = asked.places.tolist()
            some, seen = [found[i] for i in places], [observed[i] for i in places]
            judged |= zip(places, self._decide(some, seen, scores[places], inputs[places], asked.meant), strict=True)
        return [judged[place] for place in range(len(found))]

    def weigh(self, found: Sequence[Passage]) -> Weighed:
        """What the engine thinks of each passage before any line is drawn; every one is weighed with all care."""
        found = [addresses.without(_with_language(passage)) for passage in found]
        observed = self.observe(found)
        scores = self._careful.scores([p.text for p in found], [(p.before, p.document_type) for p in found])
        meant, vectors = self.encoders.everything(self.learned, [p.text for p in found])
        decision = meant.decision(self.learned)
        logits = decision.assertion.logits(meant.inputs(self.inputs(observed, scores))).astype(np.float64)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return Weighed(
            statuses=(shares / shares.sum(axis=1, keepdims=True)).astype(np.float32),
            signals=self._signal_probabilities(observed, scores, meant),
            rules=np.array([seen.row for seen in observed], dtype=np.float32),
            vectors=vectors,
            languages=tuple(passage.language for passage in found),
        )

    def observe(self, found: Sequence[Passage]) -> list[Observed]:
        """What the rules see in each passage."""
        return evidence.observe(found, self._cues, self._phrases)

    def inputs(self, observed: Sequence[Observed], scores: Floats) -> Floats:
        """The inputs of the calibrated layers without vectors; columns as in `evidence.WORDS_ONLY`."""
        # A passage of one clause speaks for itself: only the others are taken apart.
        parts = [seen.clauses if len(seen.clauses) > 1 else () for seen in observed]
        starts = np.cumsum([0, *(len(clauses) for clauses in parts)]).astype(np.int64)
        clauses = self._careful.scores([clause for clauses in parts for clause in clauses])
        rules = np.array([seen.row for seen in observed], dtype=np.float32)
        return np.hstack([evidence.scores_row(scores), evidence.clause_rows(clauses, starts, scores), rules])

    def _decide(
        self,
        found: Sequence[Passage],
        observed: Sequence[Observed],
        scores: Floats,
        inputs: Floats,
        meant: Meant,
    ) -> list[Judgement]:
        if not found:
            return []
        inputs, decision = meant.inputs(inputs), meant.decision(self.learned)
        flag = decision.flag(inputs)
        lines = self.learned.thresholds
        surely = max(lines["high"], lines["with_wide"], lines["words_only"])
        flag = np.maximum(flag, [surely * seen.settled for seen in observed])
        statuses = decision.assertion.logits(inputs)
        raised = statuses[:, :RAISING].argmax(axis=1).tolist()
        settled = (RAISING + statuses[:, RAISING:].argmax(axis=1)).tolist()
        chosen = choosing.signals_of(
            self._signal_probabilities(observed, scores, meant),
            flag,
            [{code for code, _ in seen.phrases} for seen in observed],
            self.learned.signals,
            line=lines["signal" if meant.close is not None else "signal_with_wide"],
            least=self._line("critical", meant),
        )
        either = [(ASSERTIONS[one], ASSERTIONS[other]) for one, other in zip(raised, settled, strict=True)]
        return [
            self._one(*each, meant=meant) for each in zip(found, observed, flag.tolist(), chosen, either, strict=True)
        ]

    def _line(self, level: str, meant: Meant) -> float:
        """From what probability a matter of this severity is flagged; each depth of looking has its own scale."""
        lines = self.learned.thresholds
        line = lines.get(level, 1.0)
        if meant.wide is None:
            return max(line, lines["words_only"])
        return line if meant.close is not None else line * lines["with_wide"] / lines["high"]

    def _signal_probabilities(self, observed: Sequence[Observed], scores: Floats, meant: Meant) -> Floats:
        seen, measured = marks(observed, self._place)
        rows = evidence.signal_rows(scores[:, _FIRST:], meant.signals(), seen, measured, self._family)
        return _probability(meant.decision(self.learned).signal.logits(rows)[..., 0])

    def _one(
        self, passage: Passage, seen: Observed, flag: float, chosen: tuple[str, ...],
        either: tuple[Assertion, Assertion], *, meant: Meant,
    ) -> Judgement:  # fmt: skip
        """One judgement. `either` is its assertion if it raises a flag, and if it does not."""
        learned, (raised, settled) = self.learned, either
        if not chosen:
            return Judgement(assertion=settled, score=round(flag, 4), language=passage.language)
        may_count = settled in _COUNTED or flag >= self._line("critical", meant)
        counted = people.people_in(passage.text, passage.language) if may_count else None
        level = severity.severity_of(chosen, raised, counted, floors=learned.floors)
        flagged = flag >= max(self._line(level, meant), _ASKED * evidence.is_bare_question(passage))
        status = raised if flagged else settled
        return Judgement(
            signals=chosen,
            categories=tuple(dict.fromkeys(code.partition(".")[0] for code in chosen)),
            assertion=status,
            flag=flagged,
            severity=level if flagged else "none",
            score=round(flag, 4),
            people=counted if flagged or status in _COUNTED else None,
            language=passage.language,
            explanation=explaining.explain(passage, seen, status, self._careful, flagged, meant),
        )


def families(signals: Sequence[str]) -> NDArray[np.int64]:
    """The number of each signal's category; signals stand in the order of their codes."""
    categories = [code.partition(".")[0] for code in signals]
    order = list(dict.fromkeys(categories))
    return np.array([order.index(category) for category in categories], dtype=np.int64)


def marks(observed: Sequence[Observed], place: dict[str, int]) -> tuple[Floats, Floats]:
    """Passages by signals: 1 where a phrase names the signal; 1 or -1 where a number is beyond or within its limit."""
    seen = np.zeros((len(observed), len(place)), dtype=np.float32)
    measured = np.zeros_like(seen)
    for row, what in enumerate(observed):
        for code, _ in what.phrases:
            if code in place:
                seen[row, place[code]] = 1
        for measure in what.measures:
            if measure.signal in place:
                measured[row, place[measure.signal]] = 1 if measure.harm else -1
    return seen, measured


def _at_first_sight(passage: Passage, score: float) -> Judgement:
    """What is said of a passage that no second look was taken at."""
    explanation = explaining.at_first_sight(passage.language)
    return Judgement(score=round(score, 4), language=passage.language, explanation=explanation)


def _says_something(passage: Passage) -> bool:
    """A passage without a letter, such as "(19,20)", says nothing, unless it fills a field or answers a question.

    One without text was an address, or its source.
    """
    if not passage.text:
        return False
    return any(map(str.isalpha, passage.text)) or not passage.page or passage.before.rstrip().endswith(("?", "？", "؟"))


def _with_language(passage: Passage) -> Passage:
    return passage if passage.language else replace(passage, language=language.language_of(passage.text))


def _probability(logits: NDArray[np.float32]) -> Floats:
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
