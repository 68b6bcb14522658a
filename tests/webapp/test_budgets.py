"""How many questions a page may ask of the database: the same with ten rows as with fifty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from models.db import Database
from models.documents import DocumentState
from models.findings import Severity
from models.operations import plan_disputes as disputes
from models.operations import plan_working as working
from models.people import Person
from models.plan_records import Outcome
from models.plans import Plan
from tests.factories import NOON, TODAY, make_document, make_finding, make_plan
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]

BUDGET = {
    "/": 15,
    "/queue": 7,
    "/queue?narrow=1": 8,
    "/search?q=passports": 6,
    "/compliance/quality": 15,
    "/questions": 6,
    "/documents": 7,
    "/plans": 7,
    "/compliance": 12,
    "/compliance/findings": 6,
    "/people": 3,
    "/journal": 3,
    "/upload": 3,
    "/account": 2,
    "/findings/{finding}": 13,
    "/documents/{document}": 10,
    "/plans/{plan}": 12,
    "/trainings": 7,
}
"""Statements in all, with finding out who asks."""
DECISION = 17
"""Statements of one decision, with its journal entry, the next finding and how many wait."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement != "BEGIN":  # SQLite's driver shows it, PostgreSQL's does not.
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", BUDGET)
def test_a_page_stays_within_its_budget_however_long_its_list(
    enter: Enter, world: World, database: Database, address: str
) -> None:
    own = world.own
    with database.transaction() as session:
        supplier, reviewer = session.merge(own.supplier), session.merge(own.reviewer)
        for number in range(40):
            state = DocumentState.SCREENED if number % 2 else DocumentState.REJECTED
            document = make_document(session, supplier=supplier, by=session.merge(own.sender), state=state)
            if number % 2:
                make_finding(session, document=document, severity=Severity.HIGH)
                make_plan(session, finding=make_finding(session, document=document), by=reviewer)
    where = address.format(finding=own.finding.id, document=own.document.id, plan=own.plan.id)
    visitor = enter(own.admin)
    with counted(database) as statements:
        answer = visitor.get(where)
    assert answer.status_code == 200
    assert len(answer.data) < 100_000
    assert len(statements) <= BUDGET[address], "\n".join(statements)


def test_a_plan_with_a_long_life_costs_no_more(enter: Enter, world: World, database: Database) -> None:
    own = world.own
    with database.transaction() as session:
        sender, colleague = session.merge(own.sender), session.merge(own.colleague)
        found = session.get_one(Plan, own.plan.id)
        document = make_document(session, supplier=found.supplier, by=sender, state=DocumentState.SCREENED)
        earlier = make_plan(session, finding=make_finding(session, document=document), by=colleague)
        found.repeats_id = earlier.id
        working.add_evidence(session, found.id, document.id, by=sender, now=NOON)
        working.decide_remedy(session, found.id, needed=False, reason="Nobody lost anything.", by=colleague, now=NOON)
        for person in (sender, colleague, session.merge(own.reviewer)):
            working.say(session, found.id, text="How is it going?", by=person, now=NOON)
        disputes.dispute(
            session, found.id, text="No.", finding_id=found.findings[0].id, by=sender, now=NOON, version=found.version
        )
        disputes.settle(
            session, found.id, outcome=Outcome.DISMISSED, answer="Yes.", by=colleague, now=NOON, version=found.version
        )
        until = TODAY + timedelta(days=90)
        disputes.ask_extension(session, found.id, until=until, reason="Late.", by=sender, now=NOON)
    for who in (own.reviewer, own.sender):
        visitor = enter(who)
        with counted(database) as statements:
            text = visitor.get(f"/plans/{own.plan.id}").text
        assert text.count("How is it going?") == 3
        assert len(statements) <= BUDGET["/plans/{plan}"], "\n".join(statements)


def test_a_decision_asks_as_little_however_long_the_queue(enter: Enter, world: World, database: Database) -> None:
    own = world.own
    with database.transaction() as session:
        document = make_document(
            session, supplier=session.merge(own.supplier), by=session.merge(own.sender), state=DocumentState.SCREENED
        )
        flags = [make_finding(session, document=document, severity=Severity.LOW) for _ in range(40)]
    visitor = enter(own.reviewer)
    visitor.get("/queue")
    with counted(database) as statements:
        answer = visitor.post(
            f"/findings/{flags[0].id}/reject", {"reason": "policy"}, headers={"X-Salient-Script": "1"}
        )
    assert answer.status_code == 200
    assert len(statements) <= DECISION, "\n".join(statements)
