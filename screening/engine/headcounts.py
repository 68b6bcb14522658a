"""Reads how many people a value counts, and how many of them are women and men: `412 (208 women, 204 men)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from screening.engine.labels import lexicon

_MOST = 1_000_000
_NUMBER = r"\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+|\d{1,7}"
_FIRST = re.compile(
    r"^(?:approx(?:imately|\.)?|about|ca\.?|circa|around|environ|etwa|rund|ongeveer|aprox\.?|约|約|共|(?:in )?total:?)?"
    rf"\s*(?P<n>{_NUMBER})(?!\d|[.,]\d|\s*(?:%|hours|years|/))",
    re.IGNORECASE,
)


_INTERVIEWS = (
    "intervi", "entrevi", "entretien", "gesprek", "gesproken", "gespräch", "befragt", "interrog", "görüş", "phỏng vấn",
    "wawancara", "访谈", "面谈",
)  # fmt: skip
"""Parts of words, in small letters, without which no text speaks of interviews."""


@dataclass(frozen=True, slots=True)
class Headcount:
    people: int | None
    women: int | None
    men: int | None


def headcount(value: str) -> Headcount:
    """What the value counts; None for what it does not say, or says twice."""
    first = _FIRST.match(value)
    people = None if first is None else _whole(first["n"])
    women, men = (_of(value, sex) for sex in ("women", "men"))
    if people is not None and first is not None and (women == people or men == people):
        # "18 women, 14 men" begins with a part and not with the whole.
        begins = value[first.end("n") :].lstrip()
        if any(begins.casefold().startswith(word) for word in (*_words("women"), *_words("men"))):
            people = women + men if women is not None and men is not None else None
    if people is not None and any(part is not None and part > people for part in (women, men)):
        women = men = None
    return Headcount(people, women, men)


def asks_people(text: str) -> bool:
    """Whether a text may speak of interviews: a quick look before the slow one."""
    small = text.lower()
    return any(part in small for part in _INTERVIEWS)


def interviewed(sentence: str) -> int | None:
    """The number of people interviewed, where a sentence says so in words that the lexicon knows."""
    found = {int(match["n"]) for pattern in _sentences() for match in pattern.finditer(sentence)}
    return found.pop() if len(found) == 1 else None


def _whole(text: str) -> int | None:
    number = int(re.sub(r"\D", "", text))
    return number if 0 < number <= _MOST else None


def _of(value: str, sex: str) -> int | None:
    found = {match["a"] or match["b"] for match in _beside(sex).finditer(value)}
    return _whole(found.pop()) if len(found) == 1 else None


@cache
def _words(sex: str) -> tuple[str, ...]:
    return tuple(lexicon()["sexes"][sex])


@cache
def _beside(sex: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_words(sex), key=len, reverse=True)))
    return re.compile(
        rf"(?<![\w.,])(?P<a>{_NUMBER})\s*(?:x\s*)?(?:名)?(?:{words})(?![^\W\d_])"
        rf"|(?<![^\W\d_])(?:{words})(?:性)?\s*[:：=]?\s*(?P<b>{_NUMBER})(?!\d|[.,]\d|%)",
        re.IGNORECASE,
    )


@cache
def _sentences() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rule, re.IGNORECASE) for rule in lexicon()["sentences"]["interviews"])
