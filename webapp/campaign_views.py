"""What the page of a campaign shows of its many invitations: some of them, how far all are, and all as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil
from uuid import UUID

from flask import request
from flask_babel import ngettext

from models import cells
from models.campaigns import Campaign, Invitation
from models.db import Database
from models.operations.scope import Slice
from models.people import Person
from models.submissions import SubmissionState
from questionnaires import returning
from questionnaires.reminding import Reminded
from questionnaires.returning import InvitationFilter, Line
from webapp.doors import optional_key, written

SHOWN = 50
"""Suppliers on one page."""

AT_ONCE = 500
"""Rows of the table that are held in memory at a time."""

FIELDS = (
    "supplier", "state", "due_on", "late", "answered", "asked", "opened_at", "submitted_at", "language", "tier",
    "passed_on_from", "invited_at", "reminders", "reminded_at", "escalated_at", "submission",
)  # fmt: skip


def filters_asked() -> InvitationFilter:
    """What the address narrows the list down to; a state that there is not is none."""
    known = {state.value: state for state in SubmissionState}
    return InvitationFilter(known.get(written("state", limit=40)), "late" in request.args, written("name", limit=100))


def asked(filters: InvitationFilter) -> dict[str, str]:
    """The same as parts of an address."""
    found = {"state": filters.state.value if filters.state else "", "late": "1" if filters.late else ""}
    return {name: text for name, text in {**found, "name": filters.words}.items() if text}


def page_of(rows: list[Line], all_rows: list[Line], today: date) -> Slice[Line]:
    """Those behind the one that the address names, the urgent first. It may have left the filter since."""
    rows = sorted(rows, key=lambda row: row.by_need(today))
    after: UUID | None = optional_key("after")
    last = next((row.by_need(today) for row in all_rows if row.id == after), None)
    if last is not None:
        rows = [row for row in rows if row.by_need(today) > last]
    return Slice.cut(rows[: SHOWN + 1], SHOWN)


def minutes(left: timedelta | None) -> int | None:
    """Whole minutes that are left, for people; None while nobody can say."""
    return None if left is None else max(1, ceil(left / timedelta(minutes=1)))


def table(database: Database, found: Campaign, filters: InvitationFilter, *, by: Person, today: date) -> Iterator[str]:
    """Every invitation that the filter leaves, by name, as lines of CSV."""
    yield "\ufeff" + cells.row(FIELDS)  # The mark tells spreadsheets that this is UTF-8.
    with database.reading() as session:
        rows = returning.fitting(returning.lines(session, found), filters, today=today)
        tiers = returning.tiers(session, by.organisation_id)
    names = {row.id: row.name for row in rows}
    for first in range(0, len(rows), AT_ONCE):
        with database.reading() as session:
            some = returning.full(session, rows[first : first + AT_ONCE])
            lines = [cells.row(_cells(row, tiers, names, today)) for row in some]
        yield from lines


def _cells(row: Invitation, tiers: dict[UUID, int], names: dict[UUID, str], today: date) -> list[cells.Cell]:
    laid = row.submission
    moments = [
        None if moment is None else moment.isoformat()
        for moment in (laid.opened_at, laid.submitted_at, row.invited_at, row.reminded_at, row.escalated_at)
    ]
    opened, submitted, invited, reminded, escalated = moments
    above = "" if row.passed_on_from_id is None else names.get(row.passed_on_from_id, str(row.passed_on_from_id))
    return [
        row.supplier.name, laid.state.value, None if laid.due_on is None else laid.due_on.isoformat(),
        "yes" if row.is_late(today) else "no", laid.answered, laid.asked, opened, submitted, row.language,
        tiers.get(row.supplier_id, 1), above, invited, row.reminders, reminded, escalated, str(row.submission_id),
    ]  # fmt: skip


def reminded(done: Reminded) -> list[str]:
    """What came of reminding, in sentences: to how many a letter was written, and why not to the others."""
    said = [ngettext("%(num)d supplier is reminded.", "%(num)d suppliers are reminded.", done.written)]
    if done.waiting:
        said.append(ngettext(
            "For %(num)d a letter waits already, so no second one was written.",
            "For %(num)d a letter waits already, so no second one was written.", done.waiting,
        ))  # fmt: skip
    if done.nobody:
        said.append(ngettext(
            "At %(num)d nobody can log in, so there is nobody to write to.",
            "At %(num)d nobody can log in, so there is nobody to write to.", done.nobody,
        ))  # fmt: skip
    return said
