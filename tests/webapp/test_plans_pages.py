"""Plans as both sides see them: written, sent, answered, verified; and forms that are stale or lack something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.db import Database
from models.findings import Severity
from models.people import Person
from models.plans import Plan, PlanState
from tests.factories import TODAY
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]
LATER = (TODAY + timedelta(days=20)).isoformat()


@pytest.fixture
def at(world: World, database: Database) -> Callable[[PlanState], Plan]:
    """Puts one's own plan into a state, with its version as a form would carry it."""

    def put(state: PlanState) -> Plan:
        with database.transaction() as session:
            plan = session.get_one(Plan, world.own.plan.id)
            plan.state = state
            session.flush()
        return plan

    return put


def now_is(database: Database, world: World) -> PlanState:
    with database.reading() as session:
        return session.get_one(Plan, world.own.plan.id).state


def post(visitor: Browser, plan: Plan, act: str, **form: object) -> int:
    return visitor.post(f"/plans/{plan.id}/{act}", {"version": plan.version, **form}).status_code


@pytest.mark.parametrize(
    ("who", "before", "act", "form", "after"),
    [
        ("reviewer", PlanState.DRAFT, "send", {"action": "Return them.", "due_on": LATER}, PlanState.SENT),
        ("reviewer", PlanState.SENT, "take-back", {}, PlanState.DRAFT),
        ("sender", PlanState.SENT, "agree", {"responsible": "Arta"}, PlanState.AGREED),
        ("sender", PlanState.SENT, "dispute", {"text": "It was another site."}, PlanState.DISPUTED),
        ("sender", PlanState.AGREED, "evidence", {"text": "Handed over on Monday."}, PlanState.EVIDENCE_SUBMITTED),
        ("reviewer", PlanState.EVIDENCE_SUBMITTED, "send-back", {"text": "The list is missing."}, PlanState.AGREED),
        ("colleague", PlanState.EVIDENCE_SUBMITTED, "close", {"reason": "Seen."}, PlanState.CLOSED),
        ("reviewer", PlanState.DISPUTED, "send", {"action": "Less.", "due_on": LATER}, PlanState.SENT),
    ],
)
def test_each_step_of_a_plan(
    enter: Enter, world: World, database: Database, at: Callable[[PlanState], Plan],
    who: str, before: PlanState, act: str, form: dict[str, str], after: PlanState,
) -> None:  # fmt: skip
    plan = at(before)
    visitor = enter(getattr(world.own, who))
    assert visitor.get(f"/plans/{plan.id}").status_code == 200
    assert post(visitor, plan, act, **form) == 303
    assert now_is(database, world) is after
    for person in (world.own.reviewer, world.own.sender):
        assert enter(person).get("/plans").status_code == 200


@pytest.mark.parametrize(
    ("who", "state", "act", "form", "field"),
    [
        ("reviewer", PlanState.DRAFT, "send", {"action": "", "due_on": LATER}, "write-action"),
        ("reviewer", PlanState.DRAFT, "send", {"action": "Do it.", "due_on": ""}, "write-due_on"),
        ("reviewer", PlanState.DRAFT, "send", {"action": "Do it.", "due_on": "2020-01-01"}, "write-due_on"),
        ("reviewer", PlanState.DRAFT, "write", {"action": "Do it.", "due_on": "next week"}, "write-due_on"),
        ("sender", PlanState.SENT, "agree", {"responsible": " "}, "agree-responsible"),
        ("sender", PlanState.SENT, "dispute", {"text": ""}, "dispute-text"),
        ("sender", PlanState.AGREED, "evidence", {"text": ""}, "evidence-text"),
        ("reviewer", PlanState.EVIDENCE_SUBMITTED, "send-back", {"text": ""}, "send_back-text"),
        ("colleague", PlanState.EVIDENCE_SUBMITTED, "close", {"reason": ""}, "close-reason"),
        ("reviewer", PlanState.AGREED, "milestones", {"title": "", "due_on": LATER}, "milestone-title"),
        ("reviewer", PlanState.AGREED, "messages", {"text": " "}, "say-text"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    enter: Enter, world: World, database: Database, at: Callable[[PlanState], Plan],
    who: str, state: PlanState, act: str, form: dict[str, str], field: str,
) -> None:  # fmt: skip
    plan = at(state)
    answer = enter(getattr(world.own, who)).post(f"/plans/{plan.id}/{act}", {"version": plan.version, **form})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert now_is(database, world) is state
    for typed in form.values():
        assert not typed.strip() or typed in answer.text


def test_a_stale_form_changes_nothing(
    enter: Enter, world: World, database: Database, at: Callable[[PlanState], Plan]
) -> None:
    plan = at(PlanState.DRAFT)
    first = {"version": plan.version, "action": "First.", "responsible": "A", "due_on": LATER}
    visitor = enter(world.own.reviewer)
    assert visitor.post(f"/plans/{plan.id}/write", first).status_code == 303
    answer = visitor.post(f"/plans/{plan.id}/write", {**first, "action": "Second."})
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.text
    for version in ("", "x", "-1", "²", "9" * 30):
        assert visitor.post(f"/plans/{plan.id}/write", {**first, "version": version}).status_code == 409
    with database.reading() as session:
        assert session.get_one(Plan, plan.id).action == "First."


def test_who_opened_a_critical_plan_is_shown_no_way_to_close_it(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        plan = session.get_one(Plan, world.own.plan.id)
        plan.state, plan.severity = PlanState.EVIDENCE_SUBMITTED, Severity.CRITICAL
    own, other = (enter(person).get(f"/plans/{plan.id}").text for person in (world.own.reviewer, world.own.colleague))
    assert "Close the plan" not in own
    assert "Close the plan" in other
    with database.reading() as session:
        version = session.get_one(Plan, plan.id).version
    answer = enter(world.own.reviewer).post(f"/plans/{plan.id}/close", {"version": version, "reason": "Seen."})
    assert answer.status_code == 403


def test_messages_stand_under_the_name_of_who_wrote_them(
    enter: Enter, world: World, at: Callable[[PlanState], Plan]
) -> None:
    plan = at(PlanState.AGREED)
    assert post(enter(world.own.sender), plan, "messages", text="We began <b>today</b>.") == 303
    page = enter(world.own.reviewer).get(f"/plans/{plan.id}").text
    assert "We began &lt;b&gt;today&lt;/b&gt;." in page
    assert f"<strong>{world.own.sender.name}</strong>, {world.own.supplier.name}" in page


def test_a_supplier_marks_a_step_as_done(enter: Enter, world: World, at: Callable[[PlanState], Plan]) -> None:
    at(PlanState.AGREED)
    visitor = enter(world.own.sender)
    where = f"/plans/{world.own.plan.id}/milestones/{world.own.milestone_id}/done"
    assert visitor.post(where).status_code == 303
    assert visitor.post(where).status_code == 409
    assert "Done" in visitor.get(f"/plans/{world.own.plan.id}").text


def test_plans_are_listed_by_where_they_stand(enter: Enter, world: World, at: Callable[[PlanState], Plan]) -> None:
    plan = at(PlanState.SENT)
    visitor = enter(world.own.reviewer)
    assert str(plan.id) in visitor.get("/plans").text
    assert str(plan.id) in visitor.get("/plans?state=sent").text
    assert str(plan.id) not in visitor.get("/plans?state=agreed").text
    assert str(plan.id) not in visitor.get("/plans?overdue=1").text
