"""Seeing a questionnaire before any supplier does: who meets which questions, and by which answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.definition import Questionnaire
from questionnaires.path import Guide, Path
from questionnaires.reaching import bringing_up, telling_answers
from questionnaires.rules import Value

MOST_TRIED = 20_000
"""Sets of answers that are tried at most: more ways than that nobody reads."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way through: which questions are asked, and answers that lead there."""

    asked: tuple[str, ...]
    answers: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways that were found, the shortest first. `complete` is False where there were too many to try."""

    ways: tuple[Way, ...]
    complete: bool


def ways(questionnaire: Questionnaire, *, most: int = MOST_TRIED) -> Ways:
    """Every way through a questionnaire that passed `checking.check`, for all answers that make a difference.

    Each question that a rule looks at is answered in every way that could tell, in the order in which it comes
    up. Always ends: no question is answered twice on a way, and no more than `most` sets of answers are tried.
    """
    guide = Guide(questionnaire)
    telling = telling_answers(questionnaire)
    found: dict[tuple[str, ...], Way] = {}
    waiting: list[tuple[dict[str, Value], Path]] = [({}, guide.path({}))]
    tried = 0
    while waiting and tried < most:
        answers, path = waiting.pop()
        tried += 1
        following = next(
            (
                step.question.id
                for step in path.steps
                if step.question.id in telling and step.question.id not in answers
            ),
            None,
        )
        if following is None:
            asked = tuple(step.question.id for step in path.steps)
            found.setdefault(asked, Way(asked, answers))
            continue
        for value in reversed(telling[following]):
            more = {**answers, following: value}
            waiting.append((more, guide.path_after(path, more, [following])))
    shortest_first = sorted(found.values(), key=lambda way: (len(way.asked), way.asked))
    return Ways(tuple(shortest_first), complete=not waiting)


@dataclass(frozen=True, slots=True)
class Brought:
    """A question that is not always asked: the rules that decide about it, and answers that bring it up."""

    question: str
    rules: tuple[str, ...]
    answers: Mapping[str, Value]
    """Empty where too many combinations would have to be tried to find any."""


def conditional(questionnaire: Questionnaire) -> list[Brought]:
    """The questions that only some suppliers meet, in order."""
    answers = bringing_up(questionnaire)
    found = []
    for section in questionnaire.sections:
        for question in section.questions:
            rules = tuple(text for text in (section.relevant, question.relevant) if text)
            if rules and question.id in answers:
                found.append(Brought(question.id, rules, answers[question.id]))
    return found
