"""How a questionnaire is laid out on sheets: one a section, one line or several for each question.

Every line carries a key in its first, hidden column. It says whose line it is, whatever is moved or sorted:

    workers          the answer of `workers`; its remark stands in the last column
    story~2          `story` goes on: a cell holds no more
    topics:land      whether `land` is chosen; for a ranking, its place; for a matrix, the choice of that row
    wage:currency    a part of an amount of money
    sites[]          the names of the columns of a table;  sites[1]  its first row
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires.definition import Kind, Question, Section
from questionnaires.exchange import sheets
from questionnaires.exchange.cells import Names, one_cell
from questionnaires.exchange.options import CONSENT, choices_of, line, shown
from questionnaires.values import Json

KEY, LABEL, ANSWER, REMARK = 0, 1, 2, 3
SPARE_ROWS = 8
"""Empty rows at the end of each table."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to fill in. `options` are the words that may stand there; `numeric` and `dated` help the typist."""

    text: str
    options: tuple[str, ...] = ()
    numeric: bool = False
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet. `remark` is None where none can be made; a heading has no slots."""

    key: str
    label: str
    slots: tuple[Slot, ...] = ()
    remark: str | None = None
    heading: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: its value as it is kept, and the remark to it."""

    value: Json
    reason: str = ""


Answers = Mapping[str, Given]


def lines(section: Section, answers: Answers, language: str, names: Names) -> Iterator[Line]:
    """The lines of a section, in the order of its questions. Computed questions and files have no cell."""
    for question in section.questions:
        if question.kind not in (Kind.COMPUTED, Kind.FILE):
            yield from _question(question, answers.get(question.id, Given(None)), language, names)


def fits(question: Question, given: Given) -> bool:
    """Whether a sheet can hold the answer. A table's cell and a remark cannot go on in a second one."""
    if question.kind is Kind.FILE or not sheets.fits(given.reason):
        return False
    if question.kind is not Kind.TABLE or given.value is None:
        return True
    return all(not isinstance(cell, str) or sheets.fits(cell) for row in given.value for cell in row.values())


def _question(question: Question, given: Given, language: str, names: Names) -> Iterator[Line]:
    label = line(question.label, language)
    hint = line(question.help or question.why, language)
    make = _PARTS.get(question.kind)
    if make is not None:
        yield Line(question.id, label, remark=given.reason, hint=hint)
        yield from make(question, given.value, language, names)
        return
    text = one_cell(question, given.value, language, names)
    first, *more = sheets.pieces(text)
    yield Line(question.id, label, (_slot(question, first, language),), given.reason, hint=hint)
    for number, part in enumerate(more, start=2):
        yield Line(f"{question.id}~{number}", "", (Slot(part),))


def _slot(question: Question, text: str, language: str) -> Slot:
    options = () if question.kind in (Kind.SEVERAL, Kind.RANKING) else choices_of(question)
    return Slot(
        text,
        tuple(shown(options, language).values()),
        numeric=question.kind in (Kind.NUMBER, Kind.PERCENTAGE),
        dated=question.kind is Kind.DATE,
    )


def _several(question: Question, value: Json, language: str, _names: Names) -> Iterator[Line]:
    (yes,) = shown(CONSENT, language).values()
    for choice in question.choices:
        chosen = value is not None and choice.id in value
        yield Line(f"{question.id}:{choice.id}", line(choice.label, language), (Slot(yes if chosen else "", (yes,)),))


def _ranking(question: Question, value: Json, language: str, _names: Names) -> Iterator[Line]:
    places = tuple(str(number) for number in range(1, len(question.choices) + 1))
    for choice in question.choices:
        place = str(value.index(choice.id) + 1) if value is not None and choice.id in value else ""
        yield Line(f"{question.id}:{choice.id}", line(choice.label, language), (Slot(place, places, numeric=True),))


def _matrix(question: Question, value: Json, language: str, _names: Names) -> Iterator[Line]:
    words = shown(question.choices, language)
    for row in question.rows:
        text = words.get((value or {}).get(row.id, ""), "")
        yield Line(f"{question.id}:{row.id}", line(row.label, language), (Slot(text, tuple(words.values())),))


def _money(question: Question, value: Json, _language: str, _names: Names) -> Iterator[Line]:
    kept = value or {"amount": "", "currency": question.unit or ""}
    yield Line(f"{question.id}:amount", "1234.50", (Slot(kept["amount"], numeric=True),))
    yield Line(f"{question.id}:currency", "EUR, USD, INR ...", (Slot(kept["currency"]),))


def _table(question: Question, value: Json, language: str, names: Names) -> Iterator[Line]:
    heads = tuple(Slot(line(column.label, language)) for column in question.columns)
    yield Line(f"{question.id}[]", "", heads, heading=True)
    rows = list(value or [])
    for number in range(len(rows) + SPARE_ROWS):
        row = rows[number] if number < len(rows) else {}
        cells = (
            _slot(column, one_cell(column, row.get(column.id), language, names), language)
            for column in question.columns
        )
        yield Line(f"{question.id}[{number + 1}]", str(number + 1), tuple(cells))


_PARTS = {
    Kind.SEVERAL: _several,
    Kind.RANKING: _ranking,
    Kind.MATRIX: _matrix,
    Kind.MONEY: _money,
    Kind.TABLE: _table,
}
