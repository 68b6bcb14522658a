"""A questionnaire for thousands is laid in portions: before each supplier once, whoever is killed or stops it."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.issuings import Issuing, IssuingState, ToIssue
from models.journal import Entry
from models.people import Person, Role
from models.submissions import Answer, AnswerVersion, Submission
from questionnaires import inviting, issuing, issuing_many, laying
from questionnaires.issuing_many import Order
from tests.factories import NOON, TODAY, make_person
from tests.questionnaires.campaign_house import many_suppliers

Rung = list[tuple[str, dict[str, str]]]
MANY = 8
DUE = TODAY + timedelta(days=30)
SOURCE = """
id: many
version: "1"
title: A few questions
sections:
  - id: one
    title: One
    questions:
      - {id: risk, kind: single, label: Risk, choices: [{id: high, label: High}, {id: low, label: Low}]}
      - {id: why, kind: text, label: Why, relevant: "risk = 'high'"}
      - {id: name, kind: text, label: Name, required: true}
"""


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "PORTION", 3)


@pytest.fixture
def lead(database: Database) -> Person:
    with database.transaction() as session:
        return make_person(session, role=Role.COMPLIANCE)


@pytest.fixture
def order(database: Database, lead: Person) -> Order:
    with database.transaction() as session:
        row = issuing.publish(session, SOURCE, {}, by=session.merge(lead), now=NOON)
        keys = many_suppliers(session, lead.organisation_id, MANY)
    return Order(row.id, keys, DUE, "2026", {"risk": "high"})


@pytest.fixture
def begun(database: Database, lead: Person, order: Order) -> Issuing:
    with database.transaction() as session:
        made = issuing_many.begin(session, order, by=session.merge(lead), now=NOON)
    assert made is not None
    return made


def work(database: Database, begun: Issuing, days: int = 0) -> bool:
    with database.transaction() as session:
        return issuing_many.work(session, begun.id, now=NOON + timedelta(days=days))


def state(database: Database, begun: Issuing) -> tuple[IssuingState, int, int]:
    with database.reading() as session:
        found = session.get_one(Issuing, begun.id)
        progress = issuing_many.progress(session, found, now=NOON)
        return found.state, progress.issued, progress.total


def laid(database: Database) -> Counter[uuid.UUID]:
    with database.reading() as session:
        return Counter(session.scalars(select(Submission.supplier_id)))


def test_a_few_have_it_at_once_and_nothing_is_left_behind(
    database: Database, lead: Person, order: Order, rung: Rung
) -> None:
    few = replace(order, supplier_ids=[*order.supplier_ids[:3], order.supplier_ids[0]])
    with database.transaction() as session:
        assert issuing_many.begin(session, few, by=session.merge(lead), now=NOON) is None
    assert laid(database) == Counter(order.supplier_ids[:3])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Issuing)) == 0
    assert rung == []


def test_many_get_it_portion_by_portion_each_once_and_all_alike(
    database: Database, order: Order, begun: Issuing, rung: Rung
) -> None:
    assert rung == [(issuing_many.JOB, {"issuing_id": str(begun.id)})]
    assert state(database, begun) == (IssuingState.UNDER_WAY, 3, MANY)
    assert [work(database, begun) for _ in range(3)] == [True, False, False]
    assert state(database, begun) == (IssuingState.DONE, MANY, MANY)
    assert laid(database) == Counter(order.supplier_ids)
    with database.reading() as session:
        rows = session.scalars(select(Submission)).all()
        answers = session.scalars(select(Answer)).all()
        first_lines = session.scalars(select(AnswerVersion.answer_id)).all()
        acts = Counter(session.scalars(select(Entry.act).where(Entry.act.like("%iss%"))))
    assert {(row.due_on, row.period, row.answered, row.asked, row.issued_by_id) for row in rows} == {
        (DUE, "2026", 1, 3, begun.begun_by_id)
    }
    assert {(row.question, row.value, row.locked) for row in answers} == {("risk", "high", True)}
    assert Counter(row.submission_id for row in answers) == Counter(row.id for row in rows)
    assert Counter(first_lines) == Counter(row.id for row in answers)
    assert acts == {"submission.issued": MANY, "issuing.begun": 1, "issuing.done": 1}


def test_a_worker_that_dies_in_a_portion_leaves_nothing_half_done(
    database: Database, order: Order, begun: Issuing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(laying, "_fill_in", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(database, begun)
    assert state(database, begun) == (IssuingState.UNDER_WAY, 3, MANY)
    while work(database, begun):
        pass
    assert laid(database) == Counter(order.supplier_ids)


def test_what_nobody_works_on_is_rung_for_and_nothing_else(database: Database, begun: Issuing, rung: Rung) -> None:
    rung.clear()
    with database.transaction() as session:
        assert issuing_many.sweep(session, now=NOON + timedelta(seconds=5)) == 0
        assert issuing_many.sweep(session, now=NOON + timedelta(seconds=30)) == 1
    assert rung == [(issuing_many.JOB, {"issuing_id": str(begun.id)})]
    while work(database, begun):
        pass
    with database.transaction() as session:
        assert issuing_many.sweep(session, now=NOON + timedelta(days=1)) == 0


def test_anybody_who_leads_stops_it_and_has_it_go_on_where_it_stopped(
    database: Database, lead: Person, order: Order, begun: Issuing, rung: Rung
) -> None:
    with database.transaction() as session:
        colleague = make_person(session, role=Role.ADMIN, organisation=session.merge(lead).organisation)

    def act(verb: object) -> None:
        with database.transaction() as session:
            verb(session, begun.id, by=session.merge(colleague), now=NOON)  # type: ignore[operator]

    act(issuing_many.stop)
    assert not work(database, begun)
    assert state(database, begun) == (IssuingState.STOPPED, 3, MANY)
    with pytest.raises(Conflict, match="nothing to stop"):
        act(issuing_many.stop)
    rung.clear()
    act(issuing_many.go_on)
    assert [job for job, _ in rung] == [issuing_many.JOB]
    while work(database, begun):
        pass
    assert laid(database) == Counter(order.supplier_ids)
    with pytest.raises(Conflict, match="not stopped"):
        act(issuing_many.go_on)


def test_nobody_gets_it_after_its_due_day(database: Database, lead: Person, begun: Issuing) -> None:
    assert not work(database, begun, days=31)
    assert state(database, begun) == (IssuingState.STOPPED, 3, MANY)
    with database.transaction() as session, pytest.raises(Conflict, match="due day has passed"):
        issuing_many.go_on(session, begun.id, by=session.merge(lead), now=NOON + timedelta(days=31))


def test_it_stands_among_what_is_unfinished_until_it_is_done_or_was_stopped_long_ago(
    database: Database, lead: Person, begun: Issuing
) -> None:
    def shown(days: int = 0) -> list[tuple[int, int]]:
        with database.reading() as session:
            rows = issuing_many.unfinished(session, by=session.merge(lead), now=NOON + timedelta(days=days))
            return [(progress.issued, progress.total) for _, progress in rows]

    assert shown() == [(3, MANY)]
    with database.transaction() as session:
        issuing_many.stop(session, begun.id, by=session.merge(lead), now=NOON)
    assert (shown(29), shown(31)) == ([(3, MANY)], [])
    with database.transaction() as session:
        issuing_many.go_on(session, begun.id, by=session.merge(lead), now=NOON)
    while work(database, begun):
        pass
    assert shown() == []


def test_nobody_else_sees_it_stops_it_or_begins_one(
    database: Database, lead: Person, order: Order, begun: Issuing
) -> None:
    with database.transaction() as session:
        other = make_person(session, role=Role.COMPLIANCE)
        reviewer = make_person(session, role=Role.REVIEWER, organisation=session.merge(lead).organisation)
        for verb in (issuing_many.stop, issuing_many.go_on):
            with pytest.raises(NotFound):
                verb(session, begun.id, by=other, now=NOON)
            with pytest.raises(NotAllowed):
                verb(session, begun.id, by=reviewer, now=NOON)
        with pytest.raises(NotFound):
            issuing_many.begin(session, order, by=other, now=NOON)
        with pytest.raises(NotAllowed):
            issuing_many.begin(session, order, by=reviewer, now=NOON)
        assert issuing_many.unfinished(session, by=other, now=NOON) == []


def test_what_cannot_be_issued_to_all_is_issued_to_none(database: Database, lead: Person, order: Order) -> None:
    with database.transaction() as session:
        (foreign,) = many_suppliers(session, make_person(session).organisation_id, 1)
    wrong: list[tuple[Order, type[Exception]]] = [
        (replace(order, supplier_ids=[*order.supplier_ids, foreign]), NotFound),
        (replace(order, supplier_ids=[*order.supplier_ids, uuid.uuid4()]), NotFound),
        (replace(order, supplier_ids=[]), Invalid),
        (replace(order, questionnaire_id=uuid.uuid4()), NotFound),
        (replace(order, due_on=TODAY - timedelta(days=1)), Invalid),
        (replace(order, prefilled={"risk": "unheard of"}), Invalid),
        (replace(order, prefilled={"no_such": "high"}), Invalid),
    ]
    for each, fault in wrong:
        with pytest.raises(fault), database.transaction() as session:
            issuing_many.begin(session, each, by=session.merge(lead), now=NOON)
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Submission, Issuing, ToIssue)]
    assert counts == [0, 0, 0]


def test_how_long_it_still_takes_is_told_by_its_pace_once_there_is_one(database: Database, begun: Issuing) -> None:
    def left(seconds: int) -> timedelta | None:
        with database.reading() as session:
            found = session.get_one(Issuing, begun.id)
            return issuing_many.progress(session, found, now=NOON + timedelta(seconds=seconds)).left

    assert left(10) is None  # The first portion alone, which the request itself laid.
    with database.transaction() as session:
        issuing_many.work(session, begun.id, now=NOON + timedelta(seconds=20))
    assert left(30) == timedelta(seconds=30) * 2 / 6
    assert left(600) is None  # Nothing was laid of late.


def test_what_the_workers_bring_already_is_not_issued_once_more(
    database: Database, lead: Person, begun: Issuing, order: Order
) -> None:
    before = laid(database)
    again = [order, replace(order, supplier_ids=list(order.supplier_ids)[-1:])]
    for each in again:
        with pytest.raises(Invalid, match="getting this questionnaire already"), database.transaction() as session:
            issuing_many.begin(session, each, by=session.merge(lead), now=NOON)
    assert laid(database) == before
    with database.transaction() as session:
        assert issuing_many.begin(session, replace(order, period="2027"), by=session.merge(lead), now=NOON)
    with database.transaction() as session:
        issuing_many.stop(session, begun.id, by=session.merge(lead), now=NOON)
    with database.transaction() as session:
        assert issuing_many.begin(session, order, by=session.merge(lead), now=NOON)
