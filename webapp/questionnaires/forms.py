"""What somebody filled in, as the values that questionnaires work with.

The field of a question is called `a.<question>`; a table adds the row and the column, a matrix the row, money
its two halves. `r.<question>` is the reason, `v.<question>` the version that was seen and the key of this save.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from models.errors import Invalid
from questionnaires.answering import Given
from questionnaires.definition import Kind, Question
from questionnaires.values import MOST_ROWS, Json, typed_number

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the fields of one question. `fault` says why it cannot be understood; then `value` is raw."""

    question: Question
    value: Json
    reason: str
    expected: int
    key: str
    fault: Invalid | None = None

    @property
    def given(self) -> Given:
        return Given(self.question.id, self.value, self.key, self.expected, self.reason)


def typed(question: Question, form: Form) -> Typed | None:
    """What was filled in for this question; None when the page did not ask it."""
    seen = form.get(f"v.{question.id}")
    if seen is None or question.kind in (Kind.COMPUTED, Kind.FILE):
        return None
    version, _, key = seen.partition(":")
    expected = int(version) if version.isdecimal() and len(version) < 9 else 0
    reason = form.get(f"r.{question.id}", "")
    try:
        value, fault = _read(question, form, f"a.{question.id}"), None
    except Invalid as error:
        value, fault = form.get(f"a.{question.id}"), Invalid(str(error), field=question.id)
    return Typed(question, value, reason, expected, key[:64], fault)


def all_typed(questions: Iterable[Question], form: Form) -> list[Typed]:
    return [row for question in questions if (row := typed(question, form)) is not None]


def new_key() -> str:
    """A key for one save of one answer."""
    return secrets.token_hex(12)


def _read(question: Question, form: Form, name: str) -> Json:
    match question.kind:
        case Kind.NUMBER | Kind.PERCENTAGE:
            return typed_number(form.get(name, "").removesuffix("%"))
        case Kind.MONEY:
            amount = typed_number(form.get(f"{name}.amount", ""))
            return {"amount": amount, "currency": form.get(f"{name}.currency", "")} if amount else None
        case Kind.SEVERAL:
            return form.getlist(name)
        case Kind.RANKING:
            return _ranking(question, form, name)
        case Kind.CONSENT:
            return form.get(name) == "yes"
        case Kind.TABLE:
            return _rows(question, form, name)
        case Kind.MATRIX:
            return {row.id: form[f"{name}.{row.id}"] for row in question.rows if form.get(f"{name}.{row.id}")}
    return form.get(name, "").replace("\r\n", "\n")


def _ranking(question: Question, form: Form, name: str) -> list[str]:
    places = {choice.id: form.get(f"{name}.{choice.id}", "") for choice in question.choices}
    given = {id_: int(place) for id_, place in places.items() if place.isdecimal() and len(place) < 4}
    if len(set(given.values())) != len(given):
        raise Invalid("Give each place once.", field=question.id)
    return sorted(given, key=given.__getitem__)


def _rows(question: Question, form: Form, name: str) -> list[dict[str, Json]]:
    told = form.get(f"{name}.rows", "0")
    many = min(int(told), MOST_ROWS + 1) if told.isdecimal() and len(told) < 6 else 0
    return [
        {column.id: _read(column, form, f"{name}.{row}.{column.id}") for column in question.columns}
        for row in range(many)
    ]
