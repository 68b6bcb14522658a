"""The way through a questionnaire for one set of answers: what is asked, what is missing, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from questionnaires import rules, syntax
from questionnaires.checking import in_order
from questionnaires.collecting import without_collector
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
    values: Mapping[str, Value]
    """What every question on the way is worth: its answer, None where there is none yet, or what was worked out."""

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
        with without_collector():
            self._stops = tuple(_stop(questionnaire, id_, place) for place, id_ in enumerate(in_order(questionnaire)))
            self._by_id = {stop.question.id: stop for stop in self._stops}
            self._as_written = tuple(self._by_id[id_] for id_ in questionnaire.questions)
            self._decides = _turned_round((stop.question.id, stop.depends_on) for stop in self._stops)
            self._touches = _turned_round((stop.question.id, stop.judged_by) for stop in self._stops)

    def path(self, answers: Answers) -> Path:
        """The way for these answers. An answer whose question is no longer asked counts for nothing."""
        values: dict[str, Value] = {}
        for stop in self._stops:
            if stop.is_asked(values):
                values[stop.question.id] = stop.worth(answers, values)
        steps = {
            stop.question.id: stop.step(values)
            for stop in self._as_written
            if stop.question.id in values and stop.value is None
        }
        return self._path(steps, values)

    def path_after(self, before: Path, answers: Answers, changed: Iterable[str]) -> Path:
        """The same as `path(answers)`, from the way before these answers changed: only what they touch is looked at.

        `changed` names every question whose answer is not what it was.
        """
        values = dict(before.values)
        waiting = sorted((self._by_id[id_].place, id_) for id_ in set(changed) & self._by_id.keys())
        settled: set[str] = set()
        judged: set[str] = set()
        while waiting:
            _, id_ = heappop(waiting)  # Those that decide about it all came before: once is enough.
            if id_ in settled:
                continue
            settled.add(id_)
            if self._settle(self._by_id[id_], answers, values):
                judged.update(self._touches.get(id_, ()))
                for follower in self._decides.get(id_, ()):
                    heappush(waiting, (self._by_id[follower].place, follower))
        steps = {step.question.id: step for step in before.steps}
        for id_ in settled | judged:
            stop = self._by_id[id_]
            if id_ in values and stop.value is None:
                steps[id_] = stop.step(values)
            else:
                steps.pop(id_, None)
        return self._path(steps, values)

    def _settle(self, stop: _Stop, answers: Answers, values: dict[str, Value]) -> bool:
        """Ask one question anew. Answers whether anything is different now."""
        id_ = stop.question.id
        was_asked, was = id_ in values, values.pop(id_, None)
        if stop.is_asked(values):
            values[id_] = stop.worth(answers, values)
        return was_asked != (id_ in values) or was != values.get(id_)

    def _path(self, steps: Mapping[str, Step], values: Mapping[str, Value]) -> Path:
        ordered = tuple(steps[stop.question.id] for stop in self._as_written if stop.question.id in steps)
        return Path(ordered, {id_: value for id_, value in values.items() if id_ not in steps}, values)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A question with its rules ready to run. `place` says when its turn is: after all that decides about it."""

    question: Question
    place: int
    gates: tuple[Rule, ...]
    value: Rule | None
    required_if: Rule | None
    constraint: Rule | None
    depends_on: frozenset[str]
    judged_by: frozenset[str]
    """The questions that decide whether it must be answered, and whether its answer is refused."""
    steps: dict[tuple[bool, bool, bool], Step]
    """The few steps that there can be, each made once."""

    def is_asked(self, values: Answers) -> bool:
        return all(gate(values) is True for gate in self.gates)

    def worth(self, answers: Answers, values: Answers) -> Value:
        return answers.get(self.question.id) if self.value is None else self.value(values)

    def step(self, values: Answers) -> Step:
        answered = values.get(self.question.id) is not None
        required = self.question.required or (self.required_if is not None and self.required_if(values) is True)
        refused = answered and self.constraint is not None and self.constraint(values) is False
        key = (required, answered, refused)
        found = self.steps.get(key)
        if found is None:
            found = self.steps[key] = Step(self.question, required, answered, refused)
        return found


def _stop(questionnaire: Questionnaire, id_: str, place: int) -> _Stop:
    question, section = questionnaire.questions[id_], questionnaire.section_of[id_]
    gates = [text for text in (section.relevant, question.relevant) if text]
    deciding = [*gates, *([question.value] if question.value else [])]
    judging = [text for text in (question.required_if, question.constraint) if text]
    return _Stop(
        question=question,
        place=place,
        gates=tuple(rules.compile_rule(text) for text in gates),
        value=_compiled(question.value) if question.kind is Kind.COMPUTED else None,
        required_if=_compiled(question.required_if),
        constraint=_compiled(question.constraint),
        depends_on=frozenset(name for text in deciding for name in syntax.looked_at(text)),
        judged_by=frozenset(name for text in judging for name in syntax.looked_at(text)),
        steps={},
    )


def _compiled(text: str | None) -> Rule | None:
    return None if text is None else rules.compile_rule(text)


def _turned_round(pairs: Iterable[tuple[str, frozenset[str]]]) -> dict[str, tuple[str, ...]]:
    """From who looks at whom, to who is looked at by whom."""
    found: dict[str, list[str]] = {}
    for id_, others in pairs:
        for other in others:
            found.setdefault(other, []).append(id_)
    return {id_: tuple(followers) for id_, followers in found.items()}
