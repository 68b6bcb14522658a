"""Following plans up: who is reminded, what climbs the ladder, figures that can be counted by hand, two at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.documents import DocumentState
from models.errors import Conflict, DomainError
from models.operations import plan_agreeing, plan_board, plan_figures, plan_following, plan_verifying
from models.operations.plan_board import Board
from models.operations.plan_figures import FEWEST_PEERS, Kpi, percentile
from models.people import OrganisationKind, Person
from models.plan_life import PlanState
from models.plan_records import Escalation, Event, Signature
from models.plans import Closure, Plan
from tests.conftest import OpenDatabase
from tests.factories import (
    NOON,
    TODAY,
    make_document,
    make_finding,
    make_organisation,
    make_person,
    make_plan,
    make_supplier,
)
from tests.models.plan_table import DUE, Table

ROUNDS = 200


def test_a_plan_that_is_overdue_for_long_climbs_one_rung_after_the_other(database: Database) -> None:
    table = Table(database)
    table.agreed()
    for days, level in ((2, 0), (3, 1), (4, 1), (10, 2), (25, 3), (99, 3)):
        with database.transaction() as session:
            plan_following.climb(session, now=NOON + (DUE - TODAY) + timedelta(days=days))
        assert table.see().level == level
    with database.reading() as session:
        rungs = session.scalars(select(Escalation.days_late).order_by(Escalation.level)).all()
        assert list(rungs) == [3, 10, 25]


def test_figures_are_what_one_counts_by_hand(database: Database) -> None:
    with database.transaction() as session:
        buyer = make_person(session)
        suppliers = [make_supplier(session, buyer=buyer.organisation) for _ in range(FEWEST_PEERS + 1)]
        for number, supplier in enumerate(suppliers):
            for days, on_time, helped in ((10, True, True), (20, True, False), (40, False, False)):
                document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
                state = PlanState.EFFECTIVE if helped else PlanState.CLOSED
                plan = make_plan(session, finding=make_finding(session, document=document), by=buyer, state=state)
                plan.opened_at = NOON - timedelta(days=days + number)
                plan.effect_due_on = TODAY - timedelta(days=1)
                plan.due_on = TODAY if on_time else TODAY - timedelta(days=5)
    with database.reading() as session:
        until = TODAY + timedelta(days=1)
        one = suppliers[0]
        found = {
            row.kpi: row
            for row in plan_figures.figures(session, by=buyer, since=TODAY, until=until, supplier_id=one.id)
        }
        assert found[Kpi.ON_TIME].value == pytest.approx(2 / 3)
        assert (found[Kpi.MEDIAN_DAYS].value, found[Kpi.LATEST_TENTH].value) == (20.0, 40.0)
        assert found[Kpi.HELPED].value == pytest.approx(1 / 3)
        assert (found[Kpi.AGAIN].value, found[Kpi.AGAIN].of) == (0.0, 3)
        assert len(found[Kpi.ON_TIME].behind) == 2
        card = plan_figures.card(session, one, by=buyer, today=TODAY)
        assert card.peers[1] == (21.0, 25.0)  # Five others, each a day slower than the one before.
        with_fewer = plan_figures._range([1.0] * (FEWEST_PEERS - 1))
        assert with_fewer is None
        assert plan_board.board(session, by=buyer, today=TODAY, how="age") == Board((), 0, 0, 0)


def test_a_board_counts_what_one_counts_by_hand_and_says_of_how_many_lanes_it_shows_some(database: Database) -> None:
    late, today = TODAY - timedelta(days=1), TODAY
    with database.transaction() as session:
        buyer = make_person(session)
        for name, plans in (("Alba", [(0, late), (31, None)]), ("Brink", [(400, today)]), ("Corda", [(30, late)])):
            supplying = make_organisation(session, kind=OrganisationKind.SUPPLIER, name=name)
            supplier = make_supplier(session, buyer=buyer.organisation, organisation=supplying)
            for days, clock in plans:
                document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
                signals = ("FL.DOC", "FL.FEE", "OSH.FIRE") if name == "Alba" else ("HR.MAX",)
                finding = make_finding(session, document=document, signals=signals)
                plan = make_plan(session, finding=finding, by=buyer, state=PlanState.IN_PROGRESS)
                plan.opened_at, plan.clock_on = NOON - timedelta(days=days), clock
        make_plan(session, finding=make_finding(session), by=make_person(session))  # Another buyer's.
        ended = make_finding(session, document=document)
        make_plan(session, finding=ended, by=buyer, state=PlanState.CLOSED)
    with database.reading() as session:
        found = {
            how: plan_board.board(session, by=buyer, today=TODAY, how=how) for how in ("supplier", "signal", "age")
        }
        few = plan_board.board(session, by=buyer, today=TODAY, how="supplier", most=1)
    assert [(row.name, row.open, row.overdue, row.oldest_days) for row in found["supplier"].lanes] == [
        ("Alba", 2, 1, 31), ("Corda", 1, 1, 30), ("Brink", 1, 0, 400)
    ]  # fmt: skip
    assert [(row.key, row.open, row.overdue) for row in found["signal"].lanes] == [
        ("FL", 2, 1), ("HR", 2, 1), ("OSH", 2, 1)
    ]  # fmt: skip
    assert [(row.key, row.open, row.overdue) for row in found["age"].lanes] == [
        ("0-30", 2, 2), ("181-", 1, 0), ("31-90", 1, 0)
    ]  # fmt: skip
    assert {(row.open, row.overdue, row.of) for row in found.values()} == {(4, 2, 3)}
    assert ([row.name for row in few.lanes], few.of, few.open) == (["Alba"], 3, 4)


@pytest.mark.parametrize(("values", "expected"), [([], None), ([7], 7.0), (list(range(1, 11)), 9.0)])
def test_nine_of_ten_is_the_nearest_rank(values: list[int], expected: float | None) -> None:
    assert percentile(values, 90) == expected


def test_of_two_who_act_at_the_same_moment_one_is_told(open_database: OpenDatabase) -> None:
    """200 rounds: both sign for one side, or both close; one effect, and the other learns of it."""
    database, other = open_database(), open_database()
    with database.transaction() as session:
        supplier = make_supplier(session)
        people = [make_person(session, organisation=supplier.buyer) for _ in range(2)]
        opener = make_person(session, organisation=supplier.buyer)
        document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
        made = []
        for number in range(ROUNDS):
            state = PlanState.NEGOTIATION if number % 2 else PlanState.VERIFICATION
            finding = make_finding(session, document=document)
            made.append(make_plan(session, finding=finding, by=opener, state=state))
        rows = [(plan.id, plan.version, plan.state) for plan in made]
    told = [_at_once((database, other), people, plan_id, version, state) for plan_id, version, state in rows]
    assert told == [1] * ROUNDS
    with database.reading() as session:
        signed = session.scalar(select(func.count()).select_from(Signature))
        closed = session.scalar(select(func.count()).where(Plan.closed_as == Closure.DONE))
        events = session.scalar(select(func.count()).select_from(Event))
    assert (signed, closed, events) == (ROUNDS // 2, ROUNDS // 2, ROUNDS)


def _at_once(
    databases: tuple[Database, Database], people: list[Person], plan_id: uuid.UUID, version: int, state: PlanState
) -> int:
    refused: list[DomainError] = []
    start = threading.Barrier(2)

    def act(database: Database, by: Person) -> None:
        start.wait()
        do: Callable[..., object] = plan_agreeing.sign if state is PlanState.NEGOTIATION else plan_verifying.close
        more = {} if state is PlanState.NEGOTIATION else {"reason": "Seen."}
        try:
            with database.transaction() as session:
                do(session, plan_id, by=by, now=NOON, version=version, **more)
        except Conflict as conflict:
            refused.append(conflict)

    both = [threading.Thread(target=act, args=pair) for pair in zip(databases, people, strict=True)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    return len(refused)
