"""Refusing a questionnaire that could go wrong in front of a supplier: every rule is proved before it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from questionnaires import rules, syntax
from questionnaires.collecting import without_collector
from questionnaires.definition import Choice, Kind, Question, Questionnaire
from questionnaires.kinds import Type, shape
from questionnaires.loading import Problem
from questionnaires.reaching import never_asked
from questionnaires.syntax import RuleError


def check(questionnaire: Questionnaire) -> list[Problem]:
    """Everything that is wrong, in the order of the file; empty for a questionnaire that may be published."""
    with without_collector():
        problems = [*_identities(questionnaire), *_questions(questionnaire), *_rules(questionnaire)]
        if not problems:
            problems = _cycles(questionnaire)
        if not problems:
            problems = [
                Problem(question.line, f"`{question.id}` is never asked: no answers can make its rule true.")
                for question in never_asked(questionnaire)
            ]
    return sorted(problems)


def _identities(questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for section in questionnaire.sections:
        if not section.questions:
            yield Problem(section.line, f"The section `{section.id}` has no questions.")
        for question in section.questions:
            if not syntax.is_name(question.id):
                yield Problem(question.line, f"`{question.id}` is no id: use small letters, digits and underscores.")
            if question.id in seen:
                yield Problem(question.line, f"`{question.id}` stands on line {seen[question.id]} already.")
            seen.setdefault(question.id, question.line)


def _questions(questionnaire: Questionnaire) -> Iterator[Problem]:
    for section in questionnaire.sections:
        for question in section.questions:
            for message in (*_shape_of(question), *_translations(question, questionnaire.languages)):
                yield Problem(question.line, f"`{question.id}` {message}")


def _shape_of(question: Question) -> Iterator[str]:
    wanted: list[tuple[bool, bool, str]] = [
        (question.kind.has_choices, bool(question.choices), "`choices`"),
        (question.kind is Kind.MATRIX, bool(question.rows), "`rows`"),
        (question.kind is Kind.TABLE, bool(question.columns), "`columns`"),
        (question.kind is Kind.COMPUTED, question.value is not None, "`value`"),
        (question.kind is Kind.REFERENCE, question.reference_to is not None, "`reference_to`"),
    ]
    for needs, has, name in wanted:
        if needs and not has:
            yield f"needs {name}."
        if has and not needs:
            yield f"has {name}, which a question of the kind {question.kind.value} does not use."
    if question.kind is Kind.COMPUTED and (question.required or question.required_if):
        yield "is computed, so it cannot be required."
    if question.constraint and not question.message:
        yield "has a constraint but no `message` that says what to do."
    if None not in (question.minimum, question.maximum) and question.minimum > question.maximum:  # type: ignore[operator]
        yield "has a minimum above its maximum."
    for kind, choices in (("choice", question.choices), ("row", question.rows), ("column", question.columns)):
        ids = [each.id for each in choices]
        yield from (f"has the {kind} {id_!r} twice." for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}))


def _translations(question: Question, languages: tuple[str, ...]) -> Iterator[str]:
    parts: list[Choice | Question] = [question, *question.choices, *question.rows, *question.columns]
    for part in parts:
        missing = [language for language in languages if language not in part.label]
        if missing:
            where = "" if part is question else f" of {part.id!r}"
            yield f"has no label{where} in {', '.join(missing)}."


def _rules(questionnaire: Questionnaire) -> Iterator[Problem]:
    questions = questionnaire.questions
    for section in questionnaire.sections:
        if section.relevant is not None:
            yield from _rule(section.relevant, f"section `{section.id}` relevant", section.line, questions)
        for question in section.questions:
            for name, text in question.rules:
                want = None if name == "value" else Type.TRUTH
                yield from _rule(text, f"`{question.id}` {name}", question.line, questions, want)


def _rule(
    text: str, where: str, line: int, questions: Mapping[str, Question], want: Type | None = Type.TRUTH
) -> Iterator[Problem]:
    try:
        tree = syntax.parse(text)
        rules.compile_rule(text)
        found = shape(tree, questions)
    except RuleError as error:
        yield Problem(line, f"{where}, column {error.column}: {error}")
        return
    if want is not None and found.type is not want:
        yield Problem(line, f"{where}: the rule must be true or false, but it is {found.type}.")


def depends_on(questionnaire: Questionnaire) -> dict[str, set[str]]:
    """For each question, the questions whose answers decide whether it is asked, or what it is worth.

    A constraint, and the rule that says what an answer admits, look at their own answer and may look at later
    ones: they decide nothing here.
    """
    found: dict[str, set[str]] = {}
    for section in questionnaire.sections:
        shared = set(_looks_at(section.relevant))
        for question in section.questions:
            own = {
                name
                for field, text in question.rules
                if field not in ("constraint", "admits")
                for name in _looks_at(text)
            }
            found[question.id] = shared | own
    return found


def _looks_at(text: str | None) -> tuple[str, ...]:
    return () if text is None else syntax.looked_at(text)


def in_order(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Every question, none before those that decide about it. Raises CycleError where they wait for each other."""
    waits_for = depends_on(questionnaire)
    met: set[str] = set()
    for id_, others in waits_for.items():
        if not others <= met:
            return tuple(TopologicalSorter(waits_for).static_order())
        met.add(id_)
    return tuple(waits_for)  # As it is written, which is nearly always right already.


def _cycles(questionnaire: Questionnaire) -> list[Problem]:
    try:
        in_order(questionnaire)
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        line = min(questionnaire.questions[id_].line for id_ in circle)
        return [Problem(line, f"These questions wait for each other: {' -> '.join(circle)}.")]
    return []
