"""A plan goes its way from draft to closure, seen by the right side at the right time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Severity
from models.operations import planning
from models.people import Person, Role
from models.plans import NEXT, Plan, PlanState
from tests.factories import NOON, TODAY, make_finding, make_person, make_plan

DUE = TODAY + timedelta(days=10)


class Table:
    """A plan with its people on both sides."""

    def __init__(
        self, database: Database, *, state: PlanState = PlanState.DRAFT, severity: Severity = Severity.HIGH
    ) -> None:
        self.database = database
        with database.transaction() as session:
            finding = make_finding(session, severity=severity)
            buyer = finding.document.supplier.buyer
            self.reviewer = make_person(session, organisation=buyer)
            self.colleague = make_person(session, organisation=buyer)
            supplying = finding.document.supplier.organisation
            self.supplier = make_person(session, role=Role.SUPPLIER_USER, organisation=supplying)
            self.id = make_plan(session, finding=finding, by=self.reviewer, state=state, due_on=DUE).id

    def do(self, act: Callable[..., Plan], *, by: Person, version: int | None = None, **how: Any) -> Plan:
        with self.database.transaction() as session:
            now = planning.plan(session, self.id, by=by).version if version is None else version
            return act(session, self.id, by=by, now=NOON, version=now, **how)


def test_the_whole_way_of_a_plan(database: Database) -> None:
    table = Table(database)
    table.do(planning.write, by=table.reviewer, action="Return the passports.", responsible="", due_on=DUE)
    table.do(planning.add_milestone, by=table.reviewer, title="Buy lockers", due_on=DUE, evidence="Photograph")
    assert table.do(planning.send, by=table.reviewer).state is PlanState.SENT
    agreed = table.do(planning.agree, by=table.supplier, responsible="R. Devi", text="We start on Monday.")
    assert (agreed.state, agreed.responsible, agreed.answered_by_id) == (PlanState.AGREED, "R. Devi", table.supplier.id)
    with database.transaction() as session:
        planning.finish_milestone(session, table.id, agreed.milestones[0].id, by=table.supplier, now=NOON)
    table.do(planning.submit_evidence, by=table.supplier, text="All 14 have signed for theirs.")
    assert table.do(planning.send_back, by=table.colleague, text="Two names are missing.").state is PlanState.AGREED
    table.do(planning.submit_evidence, by=table.supplier, text="Here are the two.")
    closed = table.do(planning.close, by=table.colleague, reason="List of signatures checked by telephone.")
    assert (closed.state, closed.closed_by_id) == (PlanState.CLOSED, table.colleague.id)
    with database.reading() as session:
        said = [message.text for message in planning.plan(session, table.id, by=table.supplier).messages]
    assert said == [
        "We start on Monday.", "All 14 have signed for theirs.", "Two names are missing.", "Here are the two."
    ]  # fmt: skip


def test_the_supplier_does_not_see_a_draft(database: Database) -> None:
    table = Table(database)
    with database.reading() as session:
        assert planning.plans(session, by=table.supplier).rows == ()
        with pytest.raises(NotFound):
            planning.plan(session, table.id, by=table.supplier)


def test_a_plan_without_an_action_or_with_a_past_date_is_not_sent(database: Database) -> None:
    table = Table(database)
    for action, due_on, field in (
        ("", DUE, "action"),
        ("Do it.", None, "due_on"),
        ("Do it.", date(2020, 1, 1), "due_on"),
    ):
        table.do(planning.write, by=table.reviewer, action=action, responsible="", due_on=due_on)
        with pytest.raises(Invalid) as refused:
            table.do(planning.send, by=table.reviewer)
        assert refused.value.field == field


def test_a_form_that_is_older_than_the_plan_is_refused(database: Database) -> None:
    table = Table(database)
    stale = table.do(planning.write, by=table.reviewer, action="First.", responsible="", due_on=DUE).version
    table.do(planning.write, by=table.colleague, action="Second.", responsible="", due_on=DUE)
    with pytest.raises(Conflict, match="has changed"):
        table.do(planning.write, by=table.reviewer, version=stale, action="Third.", responsible="", due_on=DUE)


def test_a_critical_plan_is_closed_by_a_second_person(database: Database) -> None:
    table = Table(database, state=PlanState.EVIDENCE_SUBMITTED, severity=Severity.CRITICAL)
    with pytest.raises(NotAllowed, match="second person"):
        table.do(planning.close, by=table.reviewer, reason="Seen.")
    assert table.do(planning.close, by=table.colleague, reason="Seen.").state is PlanState.CLOSED


def test_neither_can_the_table_hold_a_critical_plan_closed_by_its_opener(database: Database) -> None:
    Table(database, state=PlanState.EVIDENCE_SUBMITTED, severity=Severity.CRITICAL)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("UPDATE plan SET state = 'closed', closed_by_id = opened_by_id"))


def test_a_dispute_needs_a_reason_and_opens_the_plan_for_change(database: Database) -> None:
    table = Table(database, state=PlanState.SENT)
    with pytest.raises(Invalid):
        table.do(planning.dispute, by=table.supplier, text=" ")
    table.do(planning.dispute, by=table.supplier, text="The safe holds copies, not originals.")
    table.do(planning.write, by=table.reviewer, action="Show both.", responsible="", due_on=DUE)
    assert table.do(planning.send, by=table.reviewer).state is PlanState.SENT


def test_each_side_keeps_to_its_own_acts(database: Database) -> None:
    table = Table(database, state=PlanState.SENT)
    with pytest.raises(NotAllowed):
        table.do(planning.agree, by=table.reviewer, responsible="Me")
    with pytest.raises(NotAllowed):
        table.do(planning.close, by=table.supplier, reason="Done.")


def test_a_step_is_not_due_later_than_its_plan(database: Database) -> None:
    table = Table(database)
    with pytest.raises(Invalid, match="later than its plan"):
        table.do(planning.add_milestone, by=table.reviewer, title="Step", due_on=DUE + timedelta(days=1))


def test_overdue_plans_can_be_listed(database: Database) -> None:
    table = Table(database, state=PlanState.AGREED)
    with database.reading() as session:
        for today, expected in ((DUE, 0), (DUE + timedelta(days=1), 1)):
            filters = planning.PlanFilter(overdue_on=today)
            rows = planning.plans(session, by=table.reviewer, filters=filters).rows
            assert len(rows) == expected
            assert all(row.is_overdue(today) for row in rows)


@given(st.lists(st.sampled_from(list(PlanState)), max_size=12))
def test_no_series_of_steps_leaves_the_allowed_ways(steps: list[PlanState]) -> None:
    plan = Plan(state=PlanState.DRAFT)
    for step in steps:
        before = plan.state
        try:
            plan._move(step)
        except Conflict:
            assert plan.state is before
            assert step not in NEXT[before]
        else:
            assert step in NEXT[before]
    if PlanState.CLOSED in steps and plan.state is PlanState.CLOSED:
        assert NEXT[plan.state] == frozenset()
