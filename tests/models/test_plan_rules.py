"""The table of a plan's life has no dead ends, is what the decision page shows, and holds in the tables too."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.db import Database
from models.plan_life import LIFE, PlanAct, PlanState, Side, as_table, possible
from tests.architecture.files import ROOT
from tests.factories import make_person, make_plan


def test_every_state_can_be_reached_and_left_except_where_it_ends() -> None:
    reached, before = {PlanState.DRAFT}, set[PlanState]()
    while reached != before:
        before = set(reached)
        for row in LIFE:
            if row.before & reached and isinstance(row.after, PlanState):
                reached.add(row.after)
    assert reached == set(PlanState)
    for state in PlanState:
        assert possible(Side.BUYER, state) | possible(Side.SUPPLIER, state), state


def test_no_act_of_one_side_in_one_state_leads_to_two_places() -> None:
    seen: set[tuple[PlanAct, Side, PlanState]] = set()
    for row in LIFE:
        for side, state in itertools.product(row.sides, row.before):
            assert (row.act, side, state) not in seen
            seen.add((row.act, side, state))


def test_the_decision_page_shows_the_life_as_it_is() -> None:
    assert as_table() in (ROOT / "docs" / "decisions" / "0012-the-life-of-a-plan.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "constraint"),
    [
        ("state = 'in_progress', buyer_signed_by_id = NULL", "work_begins_when_both_have_signed"),
        ("state = 'suspended'", "an_interruption_knows_the_way_back"),
        ("state = 'closed'", "a_person_stands_behind_every_closure"),
        ("state = 'verification', verifier_id = NULL", "verification_has_a_verifier"),
        ("verifier_id = opened_by_id, evidence_by_id = opened_by_id", "nobody_verifies_their_own_evidence"),
        (
            "severity = 'critical', state = 'closed', closed_by_id = opened_by_id, remedy_decided_by_id = opened_by_id",
            "critical_is_closed_by_a_second_person",
        ),
        (
            "severity = 'critical', state = 'closed', closed_by_id = accountable_id, remedy_decided_by_id = NULL",
            "critical_is_closed_with_a_remedy_decision",
        ),
    ],
)
def test_what_the_rules_forbid_cannot_be_stored_either(database: Database, fault: str, constraint: str) -> None:
    with database.transaction() as session:
        plan = make_plan(session, state=PlanState.AGREED)
        plan.accountable_id = make_person(session, organisation=plan.supplier.buyer).id
    with pytest.raises(IntegrityError, match=constraint), database.engine.begin() as connection:
        connection.execute(text(f"UPDATE plan SET {fault}"))
