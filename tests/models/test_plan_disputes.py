"""When a plan does not go straight on: disputes, pauses and more time keep every day and every name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.db import Database
from models.documents import DocumentState
from models.errors import Conflict, Invalid, NotAllowed
from models.findings import Finding, RejectReason, Severity, Verdict
from models.journal import Entry
from models.operations import labelling
from models.operations import plan_agreeing as agreeing
from models.operations import plan_disputes as disputes
from models.operations import plan_working as working
from models.plan_life import PlanState
from models.plan_records import Outcome
from models.plans import Plan
from tests.factories import TODAY, make_document, make_finding
from tests.models.plan_table import AFTER, DUE, Table


def test_a_dispute_has_a_clock_and_its_outcome_is_a_label(database: Database) -> None:
    table = Table(database)
    table.agreed()
    due = table.see().due_on
    disputed = table.do(disputes.dispute, table.supplier, text="Copies, not originals.", finding_id=table.finding_id)
    assert disputed.clock_on == TODAY + timedelta(days=7)  # Five working days from a Monday.
    table.now += timedelta(days=4)
    back = table.do(disputes.settle, table.colleague, outcome=Outcome.DISMISSED, answer="The photograph shows them.")
    assert (back.state, back.due_on, back.clock_on) == (PlanState.AGREED, due, DUE + timedelta(days=4))
    table.do(disputes.dispute, table.supplier, text="Look again.", finding_id=table.finding_id)
    upheld = {"outcome": Outcome.UPHELD, "answer": "They are copies."}
    with pytest.raises(Invalid, match="what it is"):
        table.do(disputes.settle, table.colleague, **upheld)
    table.do(disputes.settle, table.colleague, **upheld, why=RejectReason.NO_HARM)
    assert (table.see().state, table.see().signed_by()) == (PlanState.NEGOTIATION, frozenset())
    for person in (table.reviewer, table.supplier):
        table.do(agreeing.sign, person)  # The same words can be signed again, under a new number.
    assert (table.see().state, table.see().edition) == (PlanState.AGREED, 3)
    with database.reading() as session:
        (label,) = labelling.labels(session, by=table.lead)
        assert (label.is_finding, label.reason, label.outcome) == (False, RejectReason.NO_HARM, Outcome.UPHELD)
        assert disputes.answered_in_time(session, by=table.lead, today=table.now.date()) == (2, 2)
        finding = session.get_one(Finding, table.finding_id)
        assert (finding.verdict, finding.judged_by_id) == (Verdict.REJECTED, table.colleague.id)
        acts = select(Entry.act).where(Entry.thing_id == str(finding.id)).order_by(Entry.number)
        assert list(session.scalars(acts)) == ["finding.confirmed", "finding.overturned"]
    with pytest.raises(Conflict, match="overturned already"):
        table.do(disputes.dispute, table.supplier, text="Once more.", finding_id=table.finding_id)


def test_a_critical_finding_is_overturned_by_a_second_person(database: Database) -> None:
    table = Table(database, severity=Severity.CRITICAL)
    table.agreed()
    table.do(disputes.dispute, table.supplier, text="Copies, not originals.", finding_id=table.finding_id)
    how = {"outcome": Outcome.UPHELD, "answer": "They are copies.", "why": RejectReason.NO_HARM}
    with pytest.raises(NotAllowed, match="second person"):
        table.do(disputes.settle, table.reviewer, **how)
    assert table.see().state is PlanState.DISPUTED
    assert table.do(disputes.settle, table.colleague, **how).state is PlanState.NEGOTIATION


def test_what_is_left_says_how_grave_the_plan_is(database: Database) -> None:
    table = Table(database)
    with database.transaction() as session:
        plan = session.get_one(Plan, table.id)
        document = make_document(session, supplier=plan.supplier, by=table.supplier, state=DocumentState.SCREENED)
        other = make_finding(session, document=document, severity=Severity.LOW)
        other.confirm(by=table.reviewer, remark="", at=table.now)
        plan.findings.append(other)
    table.agreed()
    table.do(disputes.dispute, table.supplier, text="Copies, not originals.", finding_id=table.finding_id)
    how = {"outcome": Outcome.UPHELD, "answer": "They are copies.", "why": RejectReason.NO_HARM}
    assert table.do(disputes.settle, table.colleague, **how).severity is Severity.LOW


def test_an_objection_to_the_plan_overturns_no_finding(database: Database) -> None:
    table = Table(database)
    table.agreed()
    table.do(disputes.dispute, table.supplier, text="Fourteen lockers cannot stand there.")
    with pytest.raises(Invalid, match="to no finding"):
        table.do(disputes.settle, table.colleague, outcome=Outcome.UPHELD, answer="True.", why=RejectReason.OTHER)
    table.do(disputes.settle, table.colleague, outcome=Outcome.PARTLY, answer="True.")
    with database.reading() as session:
        assert session.get_one(Finding, table.finding_id).verdict is Verdict.CONFIRMED


def test_a_pause_moves_every_day_on_and_keeps_the_agreed_one(database: Database) -> None:
    table = Table(database)
    table.agreed()
    paused = table.do(disputes.suspend, table.reviewer, reason="The site is flooded.")
    assert (paused.clock_on, paused.is_overdue(AFTER)) == (None, False)
    table.now += timedelta(days=12)
    on = table.do(disputes.resume, table.reviewer)
    assert (on.state, on.due_on, on.clock_on) == (PlanState.AGREED, DUE, DUE + timedelta(days=12))


def test_more_time_is_signed_by_who_asked_and_who_granted(database: Database) -> None:
    table = Table(database)
    table.agreed()
    table.do(working.begin, table.supplier)
    later = AFTER + timedelta(days=9)
    table.do(disputes.ask_extension, table.supplier, until=later, reason="The lockers come late.")
    granted = table.do(disputes.decide_extension, table.colleague, granted=True, answer="")
    assert (granted.state, granted.due_on, granted.edition) == (PlanState.IN_PROGRESS, later, 3)
    assert (granted.buyer_signed_by_id, granted.supplier_signed_by_id) == (table.colleague.id, table.supplier.id)
    assert granted.effect_due_on == later
