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
CALM = 0.2
"""Below this probability of a flag a text is calm beyond doubt."""
CLAUSE = "The clause after the contrast decided."
JOINED = "It was read together with what stands before it."
_MOST_BEFORE = 400
"""Characters of what stands before: more would push the passage itself out of what an encoder reads."""
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


def joined(passage: Passage) -> tuple[Passage, Passage] | None:
    """What stands before, and it together with the passage, where that opens with a word of contrast.

    "However, two of them were 14." says little by itself. Only where the first is calm does the second tell of the
    passage: after a finding, "However, the exits were unlocked" would take over what is said in the finding.
    """
    pattern = _contrast(passage.language)
    if pattern is None or not passage.before or pattern.match(passage.text) is None:
        return None
    before = passage.before[-_MOST_BEFORE:]
    return replace(passage, text=before, before=""), replace(passage, text=f"{before} {passage.text}", before="")


def unopened(passage: Passage) -> Passage | None:
    """The passage without the word of contrast that it opens with; None where it opens otherwise or is little else."""
    pattern = _contrast(passage.language)
    opening = pattern.match(passage.text) if pattern is not None else None
    rest = passage.text[opening.end() :].lstrip(" ,，、:") if opening is not None else ""
    return replace(passage, text=rest[:1].upper() + rest[1:]) if len(rest) >= _LEAST_AFTER else None


def is_calm(judged: Judgement) -> bool:
    """Whether what was judged tells of no harm by itself, beyond doubt."""
    return not judged.flag and judged.score < CALM


def stronger(whole: Judgement, clause: Judgement, words: str, why: str = CLAUSE) -> Judgement:
    """The judgement of the whole, raised by another reading of it where that one is sure."""
    if whole.flag or not clause.flag or clause.score < SURE:
        return whole
    note = " ".join(filter(None, (clause.explanation.note, why)))
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
