"""Gathers what tells whether an answer assures or admits, whether a passage finds harm, and what a yes would mean."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from screening.engine.classifier import Floats
from screening.engine.results import Passage
from screening.engine.screener import Screener
from screening.engine.weighed import Weighed, odds, vectors_of

_KIND = "self_assessment"
_OPENINGS = Path(__file__).with_name("openings.toml")
_MARKS = " \"'“„«(¡¿"
_UNSPACED = "\u3400"
"""Chinese begins here: it writes no spaces, nor does Thai."""


def weigh_once(found: Sequence[Passage], screener: Screener) -> Weighed:
    """What the engine thinks of each text, in order; a text that comes several times is weighed once."""
    place = {text: i for i, text in enumerate(dict.fromkeys(found))}
    weighed = screener.weigh(list(place))
    rows = np.array([place[text] for text in found], dtype=np.int64)
    return Weighed(
        statuses=weighed.statuses[rows],
        signals=weighed.signals[rows],
        rules=weighed.rules[rows],
        vectors=weighed.vectors[rows],
        languages=tuple(weighed.languages[row] for row in rows),
    )


def weigh_answers(said: Sequence[tuple[str, str, str | None]], screener: Screener) -> tuple[Weighed, Weighed]:
    """Each answer (question, answer, language) weighed with its question before it, and as a row of a checklist."""
    plain = [Passage(answer, question, language=tongue, document_type=_KIND) for question, answer, tongue in said]
    cells = [
        Passage(f"{question} | {answer}", language=tongue, document_type=_KIND, in_table=True)
        for question, answer, tongue in said
    ]
    return weigh_once(plain, screener), weigh_once(cells, screener)


def answer_inputs(plain: Weighed, cells: Weighed) -> Floats:
    """Rows of numbers that tell, with the direction of its question, whether an answer assures or admits."""
    return np.hstack([odds(plain), odds(cells), vectors_of(plain), vectors_of(cells)])


def passage_inputs(seen: Weighed) -> Floats:
    """Rows of numbers that tell whether a passage finds harm or its absence."""
    return odds(seen)


def opening(answer: str, of_language: str | None) -> tuple[float, float]:
    """Whether an answer opens with a yes, or with a no; where two words fit, the longer one counts."""
    start = answer.lower().lstrip(_MARKS)
    known = _openings().get(of_language or "en", {}) | _openings()["every"]
    found = {
        kind: max((len(word) for word in known.get(kind, ()) if _opens(start, word)), default=0)
        for kind in ("yes", "no", "open")
    }
    most = max(found.values())
    clear = most > 0 and list(found.values()).count(most) == 1
    return float(clear and found["yes"] == most), float(clear and found["no"] == most)


def _opens(start: str, word: str) -> bool:
    """A word of a script with spaces ends where the next letter is none."""
    spaced = word[0] < _UNSPACED and not "\u0e00" <= word[0] <= "\u0e7f"
    return start.startswith(word) and not (spaced and start[len(word) : len(word) + 1].isalpha())


@cache
def _openings() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_OPENINGS.read_text(encoding="utf-8"))
