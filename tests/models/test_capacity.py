"""Help for suppliers: proposed when the same is found again, written by both sides, and never about one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.db import Database
from models.documents import DocumentState
from models.errors import Invalid, NotFound, Stale
from models.findings import RejectReason
from models.journal import Entry
from models.operations import capacity, triage
from models.operations.capacity import Draft
from models.people import Person
from models.plans import Plan
from models.trainings import HelpKind, HelpState, Training
from tests.factories import NOON, TODAY, make_document, make_finding
from tests.models.plan_table import Table

PLANNED = Draft("FL.DOC", "Papers stay with their owners", audience="Dormitory staff", planned_on=TODAY)
HELD = replace(
    PLANNED, held_on=TODAY, people=12, measure="People who hold their passport, in per cent", before_value=40.0,
    after_value=87.5, measured_on=TODAY,
)  # fmt: skip


def again(table: Table) -> Plan:
    """The same is found once more, in another document of the supplier."""
    with table.database.transaction() as session:
        supplier = session.get_one(Plan, table.id).supplier
        document = make_document(session, supplier=supplier, by=table.supplier, state=DocumentState.SCREENED)
        finding = make_finding(session, document=document)
        plan = triage.confirm(session, finding.id, by=table.reviewer, now=NOON + timedelta(days=40))
        assert plan is not None
        return plan


def proposed(database: Database, by: Person) -> list[tuple[str, int]]:
    with database.reading() as session:
        rows = capacity.proposals(session, by=by, today=TODAY + timedelta(days=50))
        return [(row.signal, row.plans) for row in rows]


def test_help_is_proposed_for_what_is_found_again_and_no_more_once_somebody_has_decided(database: Database) -> None:
    table = Table(database)
    assert proposed(database, table.reviewer) == []
    plan = again(table)
    assert proposed(database, table.reviewer) == [("FL.DOC", 2)]
    assert proposed(database, table.supplier) == [], "neither plan was sent to the supplier"
    with database.transaction() as session:
        declined = Draft("FL.DOC", "Papers", declined="The safe was sold.")
        supplier_id = session.get_one(Plan, plan.id).supplier_id
        assert capacity.add(session, supplier_id, declined, by=table.reviewer, now=plan.opened_at).state == "declined"
    assert proposed(database, table.reviewer) == []


def test_what_was_rejected_proposes_nothing(database: Database) -> None:
    table = Table(database)
    plan = again(table)
    with database.transaction() as session:
        finding = session.get_one(Plan, plan.id).findings[0]
        finding.overturn(RejectReason.NO_HARM, by=table.colleague, remark="", at=NOON)
    assert proposed(database, table.reviewer) == []


def test_it_goes_from_planned_to_held_with_results_and_says_what_was_found_since(database: Database) -> None:
    table = Table(database)
    with database.transaction() as session:
        supplier_id = session.get_one(Plan, table.id).supplier_id
        made = capacity.add(session, supplier_id, PLANNED, plan_id=table.id, by=table.reviewer, now=NOON)
        assert (made.state, made.has_results) == (HelpState.PLANNED, False)
    with database.transaction() as session:
        held = capacity.change(session, made.id, HELD, by=table.supplier, now=NOON, version=made.version)
        assert (held.state, held.has_results) == (HelpState.HELD, True)
    with database.transaction() as session, pytest.raises(Stale):
        capacity.change(session, made.id, PLANNED, by=table.reviewer, now=NOON, version=made.version)
    again(table)
    with database.reading() as session:
        rows = capacity.trainings(session, by=table.reviewer, plan_id=table.id).rows
        assert capacity.found_again(session, rows, by=table.reviewer) == {made.id: 1}
        acts = select(Entry.act).where(Entry.thing_id == str(made.id)).order_by(Entry.number)
        assert list(session.scalars(acts)) == ["training.added", "training.changed"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": 4}, "before_value"),
        ({"people": None}, "people"),
        ({"measure": ""}, "measure"),
        ({"before_value": float("nan")}, "before_value"),
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"declined": "No need."}, "declined"),
        ({"kind": HelpKind.OUTSIDE}, "consent"),
        ({"title": " "}, "title"),
        ({"signal": "XX"}, "signal"),
        ({"audience": "Mrs Siti Aminah"}, "audience"),
        ({"given_by": "call +60 12 345 6789"}, "given_by"),
    ],
)
def test_what_would_tell_on_somebody_or_is_not_so_is_refused(
    database: Database, change: dict[str, object], field: str
) -> None:
    table = Table(database)
    with database.transaction() as session:
        supplier_id = session.get_one(Plan, table.id).supplier_id
        said = replace(HELD, **change)  # type: ignore[arg-type]
        with pytest.raises(Invalid) as refused:
            capacity.add(session, supplier_id, said, by=table.reviewer, now=NOON)
    assert refused.value.field == field


def _too_few(row: Training) -> None:
    row.people = 4


def _unasked(row: Training) -> None:
    row.kind = HelpKind.OUTSIDE


@pytest.mark.parametrize("spoil", [_too_few, _unasked])
def test_the_tables_refuse_it_too(database: Database, spoil: Callable[[Training], None]) -> None:
    table = Table(database)
    with database.transaction() as session:
        supplier_id = session.get_one(Plan, table.id).supplier_id
        spoil(capacity.add(session, supplier_id, HELD, by=table.reviewer, now=NOON))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_nobody_else_sees_or_writes_it(database: Database) -> None:
    table, other = Table(database), Table(database)
    with database.transaction() as session:
        supplier_id = session.get_one(Plan, table.id).supplier_id
        made = capacity.add(session, supplier_id, PLANNED, by=table.supplier, now=NOON)
    for by in (other.reviewer, other.supplier):
        with database.transaction() as session:
            with pytest.raises(NotFound):
                capacity.change(session, made.id, HELD, by=by, now=NOON, version=made.version)
            with pytest.raises(NotFound):
                capacity.add(session, supplier_id, PLANNED, by=by, now=NOON)
            own = session.get_one(Plan, other.id).supplier_id
            with pytest.raises(NotFound):
                capacity.add(session, own, PLANNED, plan_id=table.id, by=by, now=NOON)
            assert capacity.trainings(session, by=by).rows == ()
