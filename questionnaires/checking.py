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
    if not questionnaire.sections:
        yield Problem(1, "There are no sections, and so no questions.")
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
            yield from _question(question, f"`{question.id}`", questionnaire.languages)


def _question(question: Question, name: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    for field, message in (*_shape_of(question), *_twice(question)):
        yield Problem(question.line_of(field), f"{name} {message}")
    for part, line in _parts(question):
        missing = [language for language in languages if language not in part.label]
        if missing:
            where = "" if part is question else f" of {part.id!r}"
            yield Problem(line, f"{name} has no label{where} in {', '.join(missing)}.")
    for column in question.columns:
        yield from _column(column, name, languages)


def _column(column: Question, table: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    """A column is a question too, but a plain one: a table in a table, or a rule of its own, nobody could answer."""
    name = f"the column `{column.id}` of {table}"
    if not syntax.is_name(column.id):
        yield Problem(column.line, f"{name} is no id: use small letters, digits and underscores.")
    if column.kind in (Kind.TABLE, Kind.MATRIX, Kind.COMPUTED, Kind.FILE):
        yield Problem(column.line_of("kind"), f"{name} cannot be of the kind {column.kind.value}.")
        return
    for rule, _ in column.rules:
        yield Problem(column.line_of(rule), f"{name} cannot have a rule (`{rule}`): put it on the table.")
    for field, message in (*_shape_of(column), *_twice(column)):
        yield Problem(column.line_of(field), f"{name} {message}")
    for choice in column.choices:
        missing = [language for language in languages if language not in choice.label]
        if missing:
            yield Problem(choice.line, f"{name} has no label of {choice.id!r} in {', '.join(missing)}.")


def _parts(question: Question) -> Iterator[tuple[Choice | Question, int]]:
    yield question, question.line_of("label")
    parts: list[Choice | Question] = [*question.choices, *question.rows, *question.columns]
    for part in parts:
        yield part, part.line or question.line


def _shape_of(question: Question) -> Iterator[tuple[str, str]]:
    """What does not fit the kind: the field at fault, and what to say of it."""
    kind = question.kind
    wanted: list[tuple[bool, bool, str]] = [
        (kind.has_choices, bool(question.choices), "choices"),
        (kind is Kind.MATRIX, bool(question.rows), "rows"),
        (kind is Kind.TABLE, bool(question.columns), "columns"),
        (kind is Kind.COMPUTED, question.value is not None, "value"),
        (kind is Kind.REFERENCE, question.reference_to is not None, "reference_to"),
    ]
    for needs, has, name in wanted:
        if needs and not has:
            yield "kind", f"needs `{name}`."
        if has and not needs:
            yield name, f"has `{name}`, which a question of the kind {kind.value} does not use."
    if kind is Kind.COMPUTED and (question.required or question.required_if):
        yield "required", "is computed, so it cannot be required."
    if kind is Kind.REFERENCE and question.reference_to not in (None, "site", "person"):
        yield "reference_to", "refers to neither `site` nor `person`."
    if question.constraint and not question.message:
        yield "constraint", "has a constraint but no `message` that says what to do."
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield "minimum", "has a minimum above its maximum."
    if not kind.is_numeric and (question.minimum, question.maximum) != (None, None):
        yield "minimum", f"has a minimum or a maximum, which a question of the kind {kind.value} does not use."


def _twice(question: Question) -> Iterator[tuple[str, str]]:
    for field, parts in (("choices", question.choices), ("rows", question.rows), ("columns", question.columns)):
        ids = [each.id for each in parts]
        for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            yield field, f"has the {field.removesuffix('s')} {id_!r} twice."


def _rules(questionnaire: Questionnaire) -> Iterator[Problem]:
    questions = questionnaire.questions
    for section in questionnaire.sections:
        if section.relevant is not None:
            line = section.lines.get("relevant", section.line)
            yield from _rule(section.relevant, f"section `{section.id}` relevant", line, questions)
        for question in section.questions:
            for name, text in question.rules:
                want = None if name == "value" else Type.TRUTH
                yield from _rule(text, f"`{question.id}` {name}", question.line_of(name), questions, want)


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
