"""The words that can be chosen in a cell, and which choice somebody meant by what they wrote."""

from __future__ import annotations

from collections import Counter

from questionnaires.definition import YES_NO, Choice, Kind, Question, Words
from questionnaires.telling import said
from questionnaires.words import YES_NO_WORDS

CONSENT: tuple[Choice, ...] = (Choice("yes", YES_NO_WORDS["yes"]),)
ANSWERS: tuple[Choice, ...] = tuple(Choice(id_, YES_NO_WORDS[id_]) for id_ in YES_NO)


def choices_of(question: Question) -> tuple[Choice, ...]:
    """What can be chosen, also where the definition leaves it unsaid."""
    if question.kind is Kind.YES_NO:
        return ANSWERS
    return CONSENT if question.kind is Kind.CONSENT else question.choices


def shown(choices: tuple[Choice, ...], language: str) -> dict[str, str]:
    """The words for each choice, by its id; two with the same words carry their ids, so that they can be told apart."""
    words = {choice.id: _plain(said(choice.label, language)) for choice in choices}
    often = Counter(map(_folded, words.values()))
    return {id_: text if often[_folded(text)] == 1 and text else f"{text} [{id_}]" for id_, text in words.items()}


def meant(choices: tuple[Choice, ...], text: str, language: str) -> str | None:
    """The choice that was meant: by its words in this language, in any other, or by its id. None for no such choice."""
    wanted = _folded(_plain(text))
    languages = [language, *sorted({each for choice in choices for each in choice.label} - {language})]
    for each in languages:
        found = [id_ for id_, words in shown(choices, each).items() if _folded(words) == wanted]
        if len(found) == 1:
            return found[0]
    return next((choice.id for choice in choices if _folded(choice.id) == wanted), None)


def line(words: Words, language: str) -> str:
    """A text on one line."""
    return _plain(said(words, language))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(text: str) -> str:
    return text.casefold()
