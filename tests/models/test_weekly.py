"""The weekly look at critical plans: which are due, who said what, and that the supplier hears nothing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Severity
from models.mail import Mail
from models.operations import plan_letters, plan_record, weekly
from models.people import Person
from models.plans import Plan
from tests.factories import NOON
from tests.models.plan_table import Table


def test_a_look_counts_for_a_week_and_stays_with_the_buyer(database: Database) -> None:
    table = Table(database, severity=Severity.CRITICAL)
    for day, due in ((0, True), (1, False), (6, False), (7, True)):
        now = NOON + timedelta(days=day)
        with database.transaction() as session:
            (row,) = weekly.critical(session, by=table.colleague, now=now)
            assert (row.plan.id, row.is_due) == (table.id, due)
            if day == 0:
                weekly.look(session, table.id, "Called: everybody is safe.", by=table.reviewer, now=now)
    assert row.last is not None
    assert (row.last.note, row.last.by_id) == ("Called: everybody is safe.", table.reviewer.id)
    table.agreed()
    with database.reading() as session:
        events = plan_record.record(session, session.get_one(Plan, table.id), by=table.supplier).events
        assert "plan.looked_at" not in {event.act for event in events}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_look_is_refused(database: Database) -> None:
    table, other = Table(database, severity=Severity.CRITICAL), Table(database)
    for by, plan_id, text, refused in (
        (table.reviewer, table.id, " ", Invalid), (other.reviewer, table.id, "Seen.", NotFound),
        (table.supplier, table.id, "Seen.", NotAllowed), (other.reviewer, other.id, "Seen.", Conflict),
    ):  # fmt: skip
        with database.transaction() as session, pytest.raises(refused):
            weekly.look(session, plan_id, text, by=by, now=NOON)
    with database.reading() as session:
        assert weekly.critical(session, by=other.reviewer, now=NOON) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_daily_letter_tells_of_a_look_on_the_day_it_is_due(database: Database) -> None:
    table = Table(database, severity=Severity.CRITICAL)

    def told(by: Person, day: int, letter: int | None) -> tuple[int, bool]:
        last = None if letter is None else NOON + timedelta(days=letter, hours=-5)
        with database.reading() as session:
            return weekly.waiting_for(session, by, told_at=last, now=NOON + timedelta(days=day, hours=-4))

    assert told(table.reviewer, 1, None) == (1, True)
    assert told(table.reviewer, 2, 1) == (1, False), "it was said yesterday"
    assert (told(table.lead, 1, None), told(table.colleague, 1, None)) == ((1, True), (0, False))
    assert told(table.supplier, 1, None) == (0, False)
    with database.transaction() as session:
        weekly.look(session, table.id, "Called.", by=table.colleague, now=NOON + timedelta(days=2))
    assert told(table.reviewer, 8, 2) == (0, False)
    assert told(table.reviewer, 9, 8) == (1, True), "the same day a week later, in the morning"
    with database.transaction() as session:
        assert plan_letters.look(session, now=NOON + timedelta(days=9))[1] >= 2
        parts = session.scalars(select(Mail).where(Mail.person_id == table.lead.id)).one().parts
        assert [(part.looks, part.late, part.soon, part.later) for part in parts] == [(1, 0, 0, 0)]
