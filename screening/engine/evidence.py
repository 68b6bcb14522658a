"""Gathers all that speaks for and against a flag in one passage into one row of numbers with names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from screening.engine import assertion, language, numbers, words
from screening.engine.assertion import Cue, Cues
from screening.engine.classifier import FIRST_LABELS
from screening.engine.numbers import Measure
from screening.engine.results import Passage
from screening.engine.signals import Phrases

Floats = NDArray[np.float32]

_NONE: frozenset[str] = frozenset()
_BEFORE = ("negation", "policy", "definition", "contrast", "own_voice")
"""Cues that tell something of the passage behind them."""
_TYPES = ("audit", "self_assessment", "statement", "grievance", "news", "cap")
FIRST = len(FIRST_LABELS)
"""So many labels stand before the signals."""
_RAISING = slice(2, 7)
_SETTLED = slice(7, 12)
_QUOTE = re.compile('["“”„«»「」‘’]')
_ASKS = ("?", "？", "؟")
_DIGIT = re.compile(r"\d")

_SOOTHING = frozenset({"policy", "remedied", "past", "definition", "negation", "elsewhere"})
STRUCTURE = (
    "question", "asked_before", "answer_yes", "answer_no", "cells", "short", "quoted", "digits", "clauses",
    "measured_harm", "measured_alone", "measured_within", "denied_by_management", "phrase", "weak_language",
)  # fmt: skip
CLAUSES = ("clause_flag_most", "clause_flag_last", "clause_raise_most", "clause_negated_most")
RULES = (
    *(f"cue_{kind}" for kind in assertion.KINDS),
    *(f"late_{kind}" for kind in assertion.KINDS),
    *(f"before_{kind}" for kind in _BEFORE),
    *(f"type_{kind}" for kind in _TYPES),
    *STRUCTURE,
    *(f"in_{code}" for code in language.SUPPORTED),
)
SCORES = (*FIRST_LABELS, "raising_over_settled", "top_signal")
WORDS_ONLY = (*SCORES, *CLAUSES, *RULES)
SIGNAL_INPUTS = ("words", "wide", "close", "phrase", "measure", "behind_top", "category")
"""What the layer for single signals sees of one passage and one signal."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What the rules saw in one passage."""

    cues: tuple[Cue, ...]
    measures: tuple[Measure, ...]
    phrases: tuple[tuple[str, str], ...]
    """Signal and the words of the phrase that names it."""
    clauses: tuple[str, ...]
    row: tuple[float, ...]
    """The values of `RULES`, in that order."""
    settled: bool = False
    """A year of birth makes somebody too young, and nothing soothes: "youngest worker born 2011 (audit 2024)"."""


def observe(passages: Sequence[Passage], cues: Cues, phrases: Phrases) -> list[Observed]:
    """Read cues, measures and the shape of each passage."""
    tokens = [words.tokens(passage.text) for passage in passages]
    found = cues.find_all([(run, passage.language) for run, passage in zip(tokens, passages, strict=True)])
    for passage, its_cues in zip(passages, found, strict=True):
        cues.remember(passage.text, passage.language, its_cues)
    befores = cues.kinds([(passage.before, passage.language) for passage in passages])
    return [
        _observe(passage, run, tuple(its_cues), before, phrases.find(run))
        for passage, run, its_cues, before in zip(passages, tokens, found, befores, strict=True)
    ]


def _observe(
    passage: Passage,
    tokens: Sequence[str],
    found: tuple[Cue, ...],
    before: frozenset[str],
    phrases: Sequence[tuple[str, str]],
) -> Observed:
    parts = tuple(assertion.clauses(passage.text, passage.language))
    measures = numbers.measures_in(passage.text)
    kinds = frozenset(cue.kind for cue in found)
    turn = max((cue.place for cue in found if cue.kind == "contrast"), default=-1)
    late = frozenset(cue.kind for cue in found if cue.place > turn) if turn >= 0 else _NONE
    row = (
        *_marks(assertion.KINDS, kinds),
        *_marks(assertion.KINDS, late),
        *_marks(_BEFORE, before),
        *_marks(_TYPES, passage.document_type),
        *_structure(passage, tokens, kinds, measures, len(parts), phrase=bool(phrases)),
        *_marks(language.SUPPORTED, passage.language),
    )
    born = numbers.births_in(passage.text) if measures else ()
    young = any(measure.harm and measure.signal == "CL.MINAGE" for measure in born)
    settled = young and kinds.isdisjoint(_SOOTHING) and not passage.text.rstrip().endswith(_ASKS)
    return Observed(found, measures, tuple(phrases), parts, row, settled)


@lru_cache(maxsize=4096)
def _marks(names: tuple[str, ...], there: frozenset[str] | str | None) -> tuple[float, ...]:
    """One for each name that is there, else zero."""
    found = there if isinstance(there, frozenset) else (there,)
    return tuple(float(name in found) for name in names)


def _structure(
    passage: Passage,
    tokens: Sequence[str],
    kinds: frozenset[str],
    measures: Sequence[Measure],
    clauses: int,
    *,
    phrase: bool,
) -> tuple[float, ...]:
    text, before = passage.text.rstrip(), passage.before.rstrip()
    answer = _answer(text, passage.language)
    return (
        float(text.endswith(_ASKS)),
        float(before.endswith(_ASKS)),
        float(answer == "yes"),
        float(answer == "no"),
        float(passage.in_table or "|" in text),
        float(len(tokens) <= 6),
        float(_QUOTE.search(text) is not None),
        float(_DIGIT.search(text) is not None),
        float(min(5, clauses)),
        float(any(measure.harm for measure in measures)),
        float(any(measure.harm for measure in measures) and kinds.isdisjoint(_SOOTHING)),
        float(any(not measure.harm for measure in measures)),
        float("denied" in kinds and "alleged" in kinds),
        float(phrase),
        float(passage.language is None or passage.language in language.WEAK),
    )


def is_bare_question(passage: Passage) -> bool:
    """Whether nothing is said, only asked: a row of cells may hold the answer too."""
    return passage.text.rstrip().endswith(_ASKS) and "|" not in passage.text


def _answer(text: str, of_language: str | None) -> str | None:
    """`yes` or `no` where a cell of a checklist, or a short reply, says so."""
    cells = [cell.strip(" .☑☒✓✔✗✘").lower() for cell in text.split("|")]
    known = assertion.lexicon().get(of_language or "en", {})
    candidates = cells[1:] if len(cells) > 1 else [text.split(".")[0].split(",")[0].strip().lower()]
    for cell in candidates:
        for kind in ("yes", "no"):
            if cell in known.get(kind, ()) or (len(cells) > 1 and cell in ("✗", "✘", "☒") and kind == "no"):
                return kind
    return None


def scores_row(scores: Floats) -> Floats:
    """The first labels of a score matrix, and how far raising is ahead of settled; columns as in `SCORES`."""
    ahead = scores[:, _RAISING].max(axis=1) - scores[:, _SETTLED].max(axis=1)
    return np.column_stack([scores[:, :FIRST], ahead, scores[:, FIRST:].max(axis=1)]).astype(np.float32)


def clause_rows(clauses: Floats, starts: NDArray[np.int64], whole: Floats) -> Floats:
    """For each passage its strongest clause; columns as in `CLAUSES`.

    `clauses` are the scores of all clauses in one run, cut by `starts`; a passage with fewer than two clauses
    speaks for itself with its own scores in `whole`.
    """
    rows = _clause_values(whole)[:, [0, 0, 1, 2]]
    several = np.flatnonzero(np.diff(starts) > 1)
    if len(several):
        values = _clause_values(clauses)
        most = np.maximum.reduceat(values, starts[:-1][np.diff(starts) > 0], axis=0)
        place = np.cumsum(np.diff(starts) > 0) - 1
        last = values[starts[1:][several] - 1, 0]
        best = most[place[several]]
        rows[several] = np.column_stack([best[:, 0], last, best[:, 1], best[:, 2]])
    return rows.astype(np.float32)


def _clause_values(scores: Floats) -> Floats:
    """Flag, raising ahead of settled, and negated, for each row of scores."""
    ahead = scores[:, _RAISING].max(axis=1) - scores[:, _SETTLED].max(axis=1)
    return np.column_stack([scores[:, 0], ahead, scores[:, 7]]).astype(np.float32)


def signal_rows(
    by_words: Floats,
    by_vectors: Sequence[Floats | None],
    seen: Floats,
    measured: Floats,
    family: NDArray[np.int64],
) -> Floats:
    """Inputs of the signal layer, passages by signals by `SIGNAL_INPUTS`; zeros stand for absent vectors.

    `by_vectors` are the scores by the quick encoder and by the slow one.

    `family` gives the number of each signal's category, rising from left to right.
    """
    wide, close = (np.zeros_like(by_words) if scores is None else scores for scores in by_vectors)
    both = by_words + wide + close
    behind = both - both.max(axis=1, keepdims=True)
    firsts = np.searchsorted(family, np.arange(family[-1] + 1))
    kin = np.maximum.reduceat(both, firsts, axis=1)[:, family]
    return np.stack([by_words, wide, close, seen, measured, behind, kin], axis=2).astype(np.float32)
