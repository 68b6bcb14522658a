"""Reads corrective action plans out of a document's tables: what was found, what is done, by whom, until when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from screening.engine.dates import date_in
from screening.engine.headers import Column, columns_of
from screening.engine.results import Reading, Row, Table, TableKind

_FOLLOW_UP = (
    Column.ROOT_CAUSE,
    Column.CORRECTIVE_ACTION,
    Column.PREVENTIVE_ACTION,
    Column.RESPONSIBLE,
    Column.DUE_DATE,
    Column.STATUS,
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of a plan as the supplier or auditor wrote it; empty where the table has no such column or cell."""

    page: int
    finding: str
    root_cause: str
    corrective_action: str
    preventive_action: str
    responsible: str
    due_date: date | None
    """None where none is given, or where it could be read two ways."""
    status: str


def plan_rows(reading: Reading) -> tuple[PlanRow, ...]:
    """Every row of every table of actions, and of findings with a cause, an owner, a date or a status."""
    languages = {page.number: page.language for page in reading.pages}
    return tuple(row for table in reading.tables for row in _of_table(table, languages.get(table.page)))


def _of_table(table: Table, language: str | None) -> Iterator[PlanRow]:
    columns = {column: number for number, column in enumerate(columns_of(table.header)) if column is not None}
    if table.kind is TableKind.OTHER or not any(column in columns for column in _FOLLOW_UP):
        return
    before: dict[int, str] = {}
    for row in table.rows:
        cells = _filled(row, before)

        def cell(column: Column, cells: dict[int, str] = cells) -> str:
            return cells[columns[column]] if column in columns else ""

        if not any(_LETTER.search(cell(column)) for column in (Column.FINDING, *_FOLLOW_UP[:3])):
            continue
        yield PlanRow(
            page=table.page,
            finding=cell(Column.FINDING),
            root_cause=cell(Column.ROOT_CAUSE),
            corrective_action=cell(Column.CORRECTIVE_ACTION),
            preventive_action=cell(Column.PREVENTIVE_ACTION),
            responsible=cell(Column.RESPONSIBLE),
            due_date=date_in(cell(Column.DUE_DATE), language),
            status=cell(Column.STATUS),
        )


def _filled(row: Row, before: dict[int, str]) -> dict[int, str]:
    """The cells of a row with those of merged cells that reach into it from above; `before` is kept up to date."""
    for number, text in enumerate(row.cells):
        if number not in row.above:
            before[number] = text
    return dict(before)
