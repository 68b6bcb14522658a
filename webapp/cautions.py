"""What the engine adds to a finding in its own English sentences, said in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from webapp import words


@dataclass(frozen=True, slots=True)
class Caution:
    """One sentence of what a finding carries along, and whether it is in the reader's language."""

    text: str
    known: bool


def _same(text: str) -> str:
    return text


def _signals(codes: str) -> str:
    return ", ".join(words.signal(code) for code in codes.split(", "))


_KINDS: tuple[tuple[str, LazyString, Callable[[str], str]], ...] = (
    (r"The language could not be told: read the passage yourself\.",
     _l("The language could not be told: read the passage yourself."), _same),
    (r"The engine has not learned the language (?P<it>\S+): read the passage yourself\.",
     _l("The engine has not learned this language (%(it)s): read the passage yourself."), words.language),
    (r"The engine is weaker in this language\.", _l("The engine is weaker in this language."), _same),
    (r"Judged by words and rules only, without sentence vectors\.",
     _l("Judged by words and rules only; the slow look at the sentence as a whole was not taken."), _same),
    (r"The question tells that this answer admits harm\.", _l("The question tells that this answer admits harm."),
     _same),
    (r"The question tells that this answer tells of no harm\.",
     _l("The question tells that this answer tells of no harm."), _same),
    (r"The document lists this among its findings, with a grade\.",
     _l("The document lists this among its findings, with a grade."), _same),
    (r"The clause after the contrast decided\.", _l("What stands after “but” or “however” decided."), _same),
    (r"It was read together with what stands before it\.", _l("It was read together with what stands before it."),
     _same),
    (r"The same amount is in both \((?P<it>[^\n]*?\")\)\.", _l("The same amount is in both (%(it)s)."), _same),
    (r"Answer: \"(?P<it>[^\n]*?)\"; passage: \"(?P<other>[^\n]*?)\" \(\w+\)\.",
     _l("Answer: “%(it)s”; passage: “%(other)s”."), _same),
    (r"Both are about (?P<it>[A-Z]+\.[A-Z]+(?:, [A-Z]+\.[A-Z]+)*)\.", _l("Both are about: %(it)s."), _signals),
    (r"Neither leans clearly by itself; read together, they seem to agree\.",
     _l("Neither is clear by itself; read together, they seem to agree."), _same),
    (r"Neither leans clearly by itself; read together, they seem to clash\.",
     _l("Neither is clear by itself; read together, they seem to clash."), _same),
    (r"The answer admits a problem\.", _l("The answer admits a problem."), _same),
    (r"The answer says that all is well\.", _l("The answer says that all is well."), _same),
    (r"The passage reports a problem(?:; it reads as [^.]*)?\.", _l("The passage reports a problem."), _same),
    (r"The passage reports none(?:; it reads as [^.]*)?\.", _l("The passage reports no problem."), _same),
    (r"The passage seems to speak for it\.", _l("The passage seems to bear it out."), _same),
    (r"The passage seems to speak against it\.", _l("The passage seems to speak against it."), _same),
    (r"The answer seems to say the same\.", _l("The answer seems to say the same."), _same),
    (r"The answer seems to say the opposite\.", _l("The answer seems to say the opposite."), _same),
)  # fmt: skip
"""Sentences of `screening.engine` (`explaining`, `checklists`, `listed`, `turning`) and of `screening.comparing`."""

_COMPILED = tuple((re.compile(pattern), said, shape) for pattern, said, shape in _KINDS)


def cautions(note: str) -> list[Caution]:
    """The sentences of a note one by one; one that this version does not know stays as it is, in English."""
    found: list[Caution] = []
    rest = note.strip()
    while rest:
        for pattern, said, shape in _COMPILED:
            match = pattern.match(rest)
            if match is not None:
                parts = {name: shape(text) for name, text in match.groupdict().items()}
                found.append(Caution(str(said) % parts if parts else str(said), known=True))
                break
        else:
            match = re.match(r".+?(?:\.(?=\s)|$)", rest, re.DOTALL)
            found.append(Caution(rest if match is None else match.group(), known=False))
        rest = "" if match is None else rest[match.end() :].lstrip()
    return found
