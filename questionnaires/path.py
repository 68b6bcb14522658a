"""The way through a questionnaire for one set of answers: what is asked, what is missing, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from questionnaires import rules
from questionnaires.checking import depends_on
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.rules import Answers, Rule, Value


@dataclass(frozen=True, slots=True)
class Step:
    """A question on the way."""

    question: Question
    required: bool
    answered: bool
    refused: bool
    """Answered, but against its constraint."""


@dataclass(frozen=True, slots=True)
class Path:
    """The steps in the order in which they are asked, and the values that were worked out on the way."""

    steps: tuple[Step, ...]
    computed: Mapping[str, Value]

    @property
    def open(self) -> tuple[Step, ...]:
        """What still stands between these answers and submitting them."""
        return tuple(step for step in self.steps if step.refused or (step.required and not step.answered))

    @property
    def progress(self) -> tuple[int, int]:
        """Answered, and asked."""
        return sum(step.answered for step in self.steps), len(self.steps)


class Guide:
    """Finds paths through one questionnaire. Made once; its rules are compiled once. Thread-safe: it never changes."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        """The questionnaire must have passed `checking.check`; raises RuleError or CycleError otherwise."""
        self._questions = questionnaire.questions
        order = TopologicalSorter(depends_on(questionnaire)).static_order()
        self._order = [self._questions[id_] for id_ in order]
        self._sections = {
            id_: _compiled(section.relevant) for id_, section in questionnaire.section_of.items() if section.relevant
        }
        self._rules = {
            question.id: {name: rules.compile_rule(text) for name, text in question.rules}
            for question in self._questions.values()
        }

    def path(self, answers: Answers) -> Path:
        """The way for these answers. An answer whose question is no longer asked counts for nothing."""
        seen: dict[str, Value] = {}
        asked: set[str] = set()
        for question in self._order:
            if not self._is_asked(question, seen):
                continue
            asked.add(question.id)
            if question.kind is Kind.COMPUTED:
                seen[question.id] = self._rules[question.id]["value"](seen)
            else:
                seen[question.id] = answers.get(question.id)
        steps = tuple(
            self._step(question, seen)
            for question in self._questions.values()
            if question.id in asked and question.kind is not Kind.COMPUTED
        )
        computed = {id_: seen[id_] for id_ in asked if self._questions[id_].kind is Kind.COMPUTED}
        return Path(steps, computed)

    def _is_asked(self, question: Question, seen: Answers) -> bool:
        section, own = self._sections.get(question.id), self._rules[question.id].get("relevant")
        return all(rule is None or rules.holds(rule, seen) for rule in (section, own))

    def _step(self, question: Question, seen: Answers) -> Step:
        own = self._rules[question.id]
        value = seen.get(question.id)
        required_if, constraint = own.get("required_if"), own.get("constraint")
        return Step(
            question=question,
            required=question.required or (required_if is not None and rules.holds(required_if, seen)),
            answered=value is not None,
            refused=value is not None and constraint is not None and rules.fails(constraint, seen),
        )


def _compiled(text: str) -> Rule:
    return rules.compile_rule(text)
