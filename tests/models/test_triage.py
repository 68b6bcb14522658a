"""The queue has an order, a decision has one person behind it, and the second is told."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.db import Database
from models.documents import DocumentState
from models.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from models.findings import Finding, RejectReason, Severity, Verdict
from models.journal import Entry
from models.operations import plan_agreeing, triage
from models.operations.triage import Position, QueueFilter
from models.people import Person, Role
from models.plan_policy import DEFAULT
from models.plans import Plan, PlanState
from tests.factories import NOON, make_document, make_finding, make_organisation, make_person, make_supplier


def _desk(database: Database, *findings: tuple[Severity, float]) -> tuple[Person, list[Finding]]:
    """A reviewer, and findings of these severities and scores in one document."""
    with database.transaction() as session:
        document = make_document(session, state=DocumentState.SCREENED)
        reviewer = make_person(session, organisation=document.supplier.buyer)
        made = [
            make_finding(session, document=document, severity=severity, score=score) for severity, score in findings
        ]
    return reviewer, made


def test_the_most_severe_stand_first_and_the_most_doubtful_among_equals(database: Database) -> None:
    reviewer, made = _desk(
        database, (Severity.LOW, 0.9), (Severity.CRITICAL, 0.6), (Severity.CRITICAL, 0.9), (Severity.HIGH, 0.7)
    )
    with database.reading() as session:
        order = [row.id for row in triage.queue(session, by=reviewer).rows]
    assert order == [made[1].id, made[2].id, made[3].id, made[0].id]


def test_walking_the_queue_in_small_slices_meets_each_finding_once(database: Database) -> None:
    reviewer, made = _desk(database, *[(severity, 0.5) for severity in Severity for _ in range(3)])
    seen, after, more = [], None, True
    with database.reading() as session:
        while more:
            part = triage.queue(session, by=reviewer, after=after, limit=5)
            seen += [row.id for row in part.rows]
            after, more = Position.of(part.rows[-1]), part.more
    assert len(seen) == len(set(seen)) == len(made)


def test_confirming_opens_a_draft_plan_with_a_date_by_severity(database: Database) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        plan = triage.confirm(session, finding.id, by=reviewer, remark="Seen in the safe.", now=NOON)
    assert (plan.state, plan.severity) == (PlanState.DRAFT, Severity.HIGH)
    assert plan.due_on == DEFAULT.finish_by(Severity.HIGH, None, NOON.date())
    with database.reading() as session:
        found = triage.finding(session, finding.id, by=reviewer)
        assert (found.verdict, found.judged_by_id, found.judged_at) == (Verdict.CONFIRMED, reviewer.id, NOON)
        assert triage.queue(session, by=reviewer).rows == ()


def test_the_second_reviewer_is_told_instead_of_overwriting_the_first(database: Database) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        triage.reject(session, finding.id, RejectReason.POLICY, by=reviewer, now=NOON)
        colleague = make_person(session, organisation=session.merge(reviewer).organisation)
    with pytest.raises(Conflict, match="already rejected by someone else"), database.transaction() as session:
        triage.confirm(session, finding.id, by=colleague, now=NOON)


@pytest.mark.parametrize("first", ["confirmed", "rejected"])
def test_who_decides_a_second_time_is_told_of_the_own_decision_and_of_nobody_else(
    database: Database, first: str
) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        if first == "rejected":
            triage.reject(session, finding.id, RejectReason.POLICY, by=reviewer, now=NOON)
        else:
            triage.confirm(session, finding.id, by=reviewer, now=NOON)
    with pytest.raises(Conflict, match=f"You have {first} this finding already"), database.transaction() as session:
        triage.confirm(session, finding.id, by=reviewer, now=NOON)


def test_two_reviewers_at_the_same_moment_have_one_effect(database: Database) -> None:
    rounds = 200
    reviewer, made = _desk(database, *[(Severity.HIGH, 0.5)] * rounds)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def decide() -> None:
        for finding in made:
            barrier.wait()
            try:
                with database.transaction() as session:
                    triage.confirm(session, finding.id, by=reviewer, now=NOON)
                outcomes.append("done")
            except Conflict:
                outcomes.append("told")

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] * rounds + ["told"] * rounds
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == rounds
        acts = select(func.count()).select_from(Entry).where(Entry.act == "finding.confirmed")
        assert session.scalar(acts) == rounds


def test_a_rejection_for_another_reason_needs_words(database: Database) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with pytest.raises(Invalid, match="few words"), database.transaction() as session:
        triage.reject(session, finding.id, RejectReason.OTHER, by=reviewer, now=NOON)


def test_a_decision_can_be_taken_back_until_the_supplier_has_the_plan(database: Database) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        triage.confirm(session, finding.id, by=reviewer, now=NOON)
    with database.transaction() as session:
        triage.take_back(session, finding.id, by=reviewer, now=NOON)
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0
        plan = triage.confirm(session, finding.id, by=reviewer, now=NOON)
        plan_agreeing.send(session, plan.id, signed=False, by=reviewer, now=NOON, version=plan.version)
    with pytest.raises(Conflict, match="supplier has"), database.transaction() as session:
        triage.take_back(session, finding.id, by=reviewer, now=NOON)


def test_a_colleague_does_not_undo_what_another_decided(database: Database) -> None:
    reviewer, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        colleague = make_person(session, organisation=reviewer.organisation)
        triage.confirm(session, finding.id, by=reviewer, now=NOON)
    with pytest.raises(NotAllowed), database.transaction() as session:
        triage.take_back(session, finding.id, by=colleague, now=NOON)


def test_another_company_and_the_supplier_see_nothing_of_the_queue(database: Database) -> None:
    _, (finding,) = _desk(database, (Severity.HIGH, 0.9))
    with database.transaction() as session:
        stranger = make_person(session)
        sender = make_person(session, role=Role.SUPPLIER_USER)
    expected: list[tuple[Person, type[DomainError]]] = [(stranger, NotFound), (sender, NotAllowed)]
    for person, error in expected:
        with pytest.raises(error), database.transaction() as session:
            triage.confirm(session, finding.id, by=person, now=NOON)
    with database.reading() as session:
        assert triage.queue(session, by=stranger).rows == ()


def test_filters_and_counts_agree(database: Database) -> None:
    with database.transaction() as session:
        buyer = make_organisation(session)
        one, two = make_supplier(session, buyer=buyer), make_supplier(session, buyer=buyer)
        first = make_document(session, supplier=one, state=DocumentState.SCREENED)
        second = make_document(session, supplier=two, state=DocumentState.SCREENED)
        make_finding(session, document=first, signals=("FL.DOC", "WG.LATE"), severity=Severity.CRITICAL)
        make_finding(session, document=second, signals=("FL.FEE",), severity=Severity.HIGH)
        make_finding(session, document=second, signals=("OSH.FIRE",), severity=Severity.CRITICAL)
        reviewer = make_person(session, organisation=buyer)
    cases = {
        QueueFilter(): 3,
        QueueFilter(signal="FL"): 2,
        QueueFilter(signal="FL.FEE"): 1,
        QueueFilter(severity=Severity.CRITICAL): 2,
        QueueFilter(supplier_id=two.id): 2,
        QueueFilter(document_id=first.id): 1,
        QueueFilter(language="nl"): 0,
        QueueFilter(signal="%"): 0,
        QueueFilter(signal="F_"): 0,
        QueueFilter(settled=True): 0,
    }
    with database.reading() as session:
        for filters, expected in cases.items():
            assert len(triage.queue(session, by=reviewer, filters=filters).rows) == expected, filters
            assert sum(triage.counts(session, by=reviewer, filters=filters).values()) == expected, filters
        assert triage.counts_by_category(session, by=reviewer) == {"FL": 2, "OSH": 1, "WG": 1}


def test_the_next_finding_comes_after_this_one_and_then_from_the_top(database: Database) -> None:
    reviewer, made = _desk(database, (Severity.CRITICAL, 0.9), (Severity.HIGH, 0.9), (Severity.LOW, 0.9))
    with database.reading() as session:
        second = triage.next_in_queue(session, by=reviewer, after=Position.of(made[0]))
        assert second == made[1].id
        again = triage.next_in_queue(session, by=reviewer, after=Position.of(made[2]))
        assert again == made[0].id
        assert triage.next_in_queue(session, by=reviewer) == made[0].id


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE finding SET verdict = 'confirmed'",
        "UPDATE finding SET score = 1.2",
        "UPDATE finding SET severity = 'grave'",
        "UPDATE finding SET people = 0",
    ],
)
def test_what_a_rule_forbids_cannot_be_stored_by_any_way(database: Database, change: str) -> None:
    _desk(database, (Severity.HIGH, 0.9))
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text(change))
