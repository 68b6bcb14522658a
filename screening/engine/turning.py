"""Takes the clause after "however" by itself, because a raising clause wins over a soothing one.

Annotation guide, rule 2. "No child was found; however, two of them were 14" reads as calm on the whole.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from screening.engine import assertion
from screening.engine.results import Explanation, Judgement, Passage

SURE = 0.7
"""The clause must be so likely by itself to raise the whole; chosen by grouped cross-validation on the corpus."""
_SPACELESS = frozenset({"zh", "th"})
_LEAST_BEFORE, _LEAST_AFTER = 15, 12
"""In characters: less is no clause."""


def turned(passage: Passage) -> Passage | None:
    """The passage from its last word of contrast on, with the rest as what stands before; None without one."""
    pattern = _contrast(passage.language)
    if pattern is None:
        return None
    places = [
        match.start()
        for match in pattern.finditer(passage.text)
        if match.start() >= _LEAST_BEFORE and len(passage.text) - match.end() >= _LEAST_AFTER
    ]
    if not places:
        return None
    return replace(passage, text=passage.text[places[-1] :], before=passage.text[: places[-1]].strip())


def in_context(passage: Passage) -> str:
    """The passage as its vectors should see it: one that opens with a word of contrast says little without the last."""
    pattern = _contrast(passage.language)
    opening = pattern.match(passage.text) if pattern is not None and passage.before else None
    return f"{passage.before} {passage.text}" if opening is not None else passage.text


def stronger(whole: Judgement, clause: Judgement, words: str) -> Judgement:
    """The judgement of the whole, raised by its last clause where that one is sure."""
    if whole.flag or not clause.flag or clause.score < SURE:
        return whole
    note = " ".join(filter(None, (clause.explanation.note, "The clause after the contrast decided.")))
    told = Explanation(
        rules=clause.explanation.rules, words=clause.explanation.words, assertion=words.split(",")[0][:80], note=note
    )
    return replace(clause, explanation=told)


@cache
def _contrast(language: str | None) -> re.Pattern[str] | None:
    phrases = assertion.lexicon().get(language or "en", {}).get("contrast", [])
    if not phrases:
        return None
    either = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(either if language in _SPACELESS else rf"\b(?:{either})\b", re.IGNORECASE)
