"""A plan goes its way from draft to the look whether it helped, seen by the right side at the right time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from models.db import Database
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.extracts import DocumentCapRow
from models.findings import Severity
from models.operations import plan_agreeing as agreeing
from models.operations import plan_disputes as disputes
from models.operations import plan_record, planning, triage
from models.operations import plan_verifying as verifying
from models.operations import plan_working as working
from models.plan_life import PlanState, Side
from models.plan_paper import terms_of
from models.plan_policy import Policy
from models.plan_records import Outcome
from models.plan_terms import Apart, Unchanged
from models.plans import Closure, Plan, Verification
from models.workdays import Calendars
from tests.factories import NOON, TODAY, make_finding, make_person
from tests.models.plan_table import AFTER, DUE, WRITTEN, Table


def test_the_whole_way_of_a_plan(database: Database) -> None:
    table = Table(database)
    assert table.agreed().state is PlanState.AGREED
    step = table.see().milestones[0]
    assert table.do(working.finish_milestone, table.supplier, milestone_id=step.id).state is PlanState.IN_PROGRESS
    table.do(verifying.submit_evidence, table.supplier, text="All 14 have signed for theirs.")
    table.do(verifying.take_up, table.colleague, how=Verification.VISIT)
    returned = table.do(verifying.send_back, table.colleague, text="Two names are missing.")
    assert (returned.state, returned.is_overdue(TODAY)) == (PlanState.RETURNED, False)
    table.do(verifying.submit_evidence, table.supplier, text="Here are the two.")
    table.do(verifying.take_up, table.colleague, how=Verification.INTERVIEWS)
    closed = table.do(verifying.close, table.colleague, reason="List of signatures checked by telephone.")
    assert (closed.state, closed.closed_by_id, closed.clock_on) == (PlanState.CLOSED, table.colleague.id, AFTER)
    with pytest.raises(Conflict, match="too early"):
        table.do(verifying.confirm_effect, table.reviewer, result="None found.")
    table.now += timedelta(days=90)
    helped = table.do(verifying.confirm_effect, table.reviewer, result="None found.")
    assert (helped.state, helped.effect_on, helped.clock_on) == (PlanState.EFFECTIVE, table.now.date(), None)
    said = [message.text for message in table.see(table.supplier).messages]
    assert said == ["All 14 have signed for theirs.", "Two names are missing.", "Here are the two."]


def test_the_supplier_can_write_the_first_proposal(database: Database) -> None:
    table = Table(database)
    table.do(agreeing.send, table.reviewer, signed=False)
    found = table.see()
    proposed = table.do(agreeing.propose, table.supplier, terms=terms_of(found) | WRITTEN, on=found.edition)
    assert (proposed.state, proposed.signed_by()) == (PlanState.PROPOSED, {Side.SUPPLIER})
    assert table.do(agreeing.sign, table.reviewer).state is PlanState.AGREED


def test_what_was_agreed_can_only_be_changed_with_both_signatures_anew(database: Database) -> None:
    table = Table(database)
    table.agreed()
    table.do(working.begin, table.supplier)
    changed = table.write(table.reviewer, root_cause="The agent keeps them.")
    assert (changed.state, changed.signed_by()) == (PlanState.NEGOTIATION, frozenset())
    assert table.do(agreeing.sign, table.reviewer).state is PlanState.NEGOTIATION
    assert table.do(agreeing.sign, table.supplier).state is PlanState.AGREED


def test_a_signature_can_be_taken_back_until_work_begins(database: Database) -> None:
    table = Table(database)
    table.agreed()
    back = table.do(agreeing.withdraw, table.supplier)
    assert (back.state, back.signed_by()) == (PlanState.NEGOTIATION, {Side.BUYER})
    table.do(agreeing.sign, table.supplier)
    table.do(working.begin, table.supplier)
    with pytest.raises(Conflict):
        table.do(agreeing.withdraw, table.supplier)
    with database.reading() as session:
        record = plan_record.record(session, session.get_one(Plan, table.id), by=table.reviewer)
        assert [(row.side, row.withdrawn_at is None) for row in record.signatures] == [
            (Side.BUYER, True), (Side.SUPPLIER, False), (Side.SUPPLIER, True),
        ]  # fmt: skip


def test_nobody_signs_what_lacks_something(database: Database) -> None:
    table = Table(database)
    for missing, field in (
        ({"root_cause": ""}, "root_cause"),
        ({"action.1.owner": ""}, "action.1.owner"),
        ({"milestone.1.evidence": ""}, "milestone.1.evidence"),
        ({"indicator": ""}, "indicator"),
        ({"action.1.text": ""}, "action.1.text"),
    ):
        table.write(table.reviewer, **missing)
        with pytest.raises(Invalid) as refused:
            table.do(agreeing.send, table.reviewer, signed=True)
        assert refused.value.field == field


def test_two_who_write_at_once_lose_nothing(database: Database) -> None:
    table = Table(database)
    table.agreed()
    base = table.see()
    on, terms = base.edition, terms_of(base)
    table.do(agreeing.write, table.supplier, on=on, terms=terms | {"root_cause": "No lockers.", "target": "none"})
    added = {"action.3.kind": "buyer", "action.3.text": "Order two weeks earlier", "action.3.owner": "Planning"}
    with pytest.raises(Apart) as apart:
        table.do(agreeing.write, table.reviewer, on=on, terms=terms | {"root_cause": "No policy."} | added)
    assert apart.value.theirs["root_cause"] == "No lockers."
    assert apart.value.mine["root_cause"] == "No policy."
    assert apart.value.mine["action.3.text"] == "Order two weeks earlier"
    assert table.see().root_cause == "No lockers."


def test_lines_that_both_added_keep_both(database: Database) -> None:
    base = {"root_cause": "x"}
    theirs = base | {"action.1.text": "Lockers", "action.1.owner": "A"}
    mine = base | {"action.1.text": "Training", "action.1.owner": "B"}
    apart = Apart(base, theirs, mine)
    assert apart.mine == {"root_cause": "x", "action.2.text": "Training", "action.2.owner": "B"}


def test_saving_what_stands_there_already_changes_nothing(database: Database) -> None:
    table = Table(database)
    table.agreed()
    found = table.see()
    with pytest.raises(Unchanged):
        table.do(agreeing.write, table.reviewer, terms=terms_of(found), on=found.edition)
    assert table.see().signed_by() == frozenset(Side)


def test_a_form_that_is_older_than_the_plan_is_refused(database: Database) -> None:
    table = Table(database)
    stale = table.see().version
    table.write(table.reviewer)
    with pytest.raises(Conflict, match="has changed"), database.transaction() as session:
        agreeing.send(session, table.id, signed=True, by=table.reviewer, now=NOON, version=stale)


def test_a_critical_plan_is_closed_by_a_second_person_after_a_decision_about_remedy(database: Database) -> None:
    table = Table(database, severity=Severity.CRITICAL)
    assert table.see().containment_due_at == NOON + timedelta(hours=24)
    table.do(working.contain, table.reviewer, text="The safe was opened at once.", on=TODAY)
    table.submitted()
    table.do(verifying.take_up, table.reviewer, how=Verification.VISIT)
    with pytest.raises(NotAllowed, match="second person"):
        table.do(verifying.close, table.reviewer, reason="Seen.")
    with pytest.raises(Conflict, match="remedy"):
        table.do(verifying.close, table.colleague, reason="Seen.")
    table.do(working.decide_remedy, table.lead, needed=True, reason="Fees are owed to 14 workers.")
    assert table.do(verifying.close, table.colleague, reason="Seen.").state is PlanState.CLOSED


def test_the_supplier_does_not_see_a_draft_nor_one_that_was_dropped_as_a_draft(database: Database) -> None:
    table = Table(database)
    for _ in range(2):
        with database.reading() as session:
            assert planning.plans(session, by=table.supplier).rows == ()
            with pytest.raises(NotFound):
                planning.plan(session, table.id, by=table.supplier)
        if table.see().state is PlanState.DRAFT:
            table.do(agreeing.drop, table.colleague, reason="It was the neighbour's factory.")
    assert table.see().closed_as is Closure.NO_ACTION


def test_the_supplier_gets_no_draft_by_its_number_nor_between_two_sendings(database: Database) -> None:
    table = Table(database)
    table.write(table.reviewer, root_cause="They lie.")
    table.write(table.reviewer, root_cause="No lockers.")
    table.do(agreeing.send, table.reviewer, signed=False)
    table.do(agreeing.take_back, table.reviewer)
    assert table.see().sent_at is None
    table.write(table.reviewer, root_cause="We know that they lie.")
    table.write(table.reviewer, root_cause="Nobody bought lockers.")
    sent = table.do(agreeing.send, table.reviewer, signed=False)
    with database.reading() as session:
        record = plan_record.record(session, session.get_one(Plan, table.id), by=table.supplier)
        assert [row.terms["root_cause"] for row in record.editions] == ["No lockers.", "Nobody bought lockers."]
        assert [row.act for row in record.events] == ["plan.sent", "plan.taken_back", "plan.sent"]
        assert (
            len(plan_record.record(session, session.get_one(Plan, table.id), by=table.reviewer).editions)
            == sent.edition
        )
    for on in range(1, sent.edition):
        with pytest.raises(Apart) as apart:
            table.do(agreeing.write, table.supplier, on=on, terms={"root_cause": "x"})
        assert "lie" not in apart.value.base.get("root_cause", "")


def test_a_plan_that_was_taken_back_and_dropped_is_not_shown(database: Database) -> None:
    table = Table(database)
    table.write(table.reviewer)
    table.do(agreeing.send, table.reviewer, signed=False)
    table.do(agreeing.take_back, table.reviewer)
    table.write(table.reviewer, root_cause="They lie.")
    table.do(agreeing.drop, table.colleague, reason="It was the neighbour's factory.")
    with pytest.raises(NotFound):
        table.see(table.supplier)


def test_each_side_keeps_to_its_own_acts(database: Database) -> None:
    table = Table(database)
    table.submitted()
    for act, by, how in (
        (verifying.close, table.supplier, {"reason": "Done."}),
        (verifying.submit_evidence, table.reviewer, {"text": "Done."}),
        (disputes.settle, table.supplier, {"outcome": Outcome.UPHELD, "answer": "Yes."}),
    ):
        with pytest.raises(NotAllowed):
            table.do(act, by, **how)
    own = next(row for row in table.see().actions if row.kind == "buyer")
    with pytest.raises(NotAllowed, match="other side"):
        table.do(working.finish_action, table.supplier, action_id=own.id)
    table.do(working.finish_action, table.reviewer, action_id=own.id)


def test_the_same_signal_again_is_marked_as_not_the_first_time(database: Database) -> None:
    table = Table(database)
    table.submitted()
    table.do(verifying.take_up, table.colleague, how=Verification.PAPERS)
    table.do(verifying.close, table.colleague, reason="Seen.")
    with database.transaction() as session:
        before = session.get_one(Plan, table.id)
        same = make_finding(session, document=before.findings[0].document)
        other = make_finding(session, document=before.findings[0].document, signals=("OSH.FIRE",))
        again = triage.confirm(session, same.id, by=table.reviewer, now=NOON)
        fresh = triage.confirm(session, other.id, by=table.reviewer, now=NOON)
        assert (again.repeats_id, fresh.repeats_id) == (table.id, None)


def test_what_the_audit_says_about_cause_and_action_stands_in_the_draft(database: Database) -> None:
    with database.transaction() as session:
        finding = make_finding(session)
        reviewer = make_person(session, organisation=finding.supplier.buyer)
        assert finding.document is not None
        row = DocumentCapRow(
            document_id=finding.document.id, number=0, page=1, finding=finding.quote, root_cause="No lockers",
            corrective_action="Return the passports", preventive_action="Lockers for all", responsible="HR",
        )  # fmt: skip
        session.add(row)
        session.flush()
        plan = triage.confirm(session, finding.id, by=reviewer, now=NOON)
        terms = terms_of(plan)
    assert (terms["root_cause"], terms["action.1.text"], terms["action.2.kind"]) == (
        "No lockers", "Return the passports", "preventive",
    )  # fmt: skip
    assert terms["action.2.owner"] == "HR"


def test_deadlines_follow_the_policy_and_never_end_on_a_day_off() -> None:
    calendars = Calendars.parse(["# holidays", "NL 2026-04-06 Easter Monday", "", "nl 2026-04-07"])
    policy = Policy(calendars=calendars)
    saturday = datetime(2026, 3, 28, 12, tzinfo=NOON.tzinfo).date()
    assert policy.agree_by(Severity.HIGH, "NL", saturday).isoformat() == "2026-04-08"
    assert policy.agree_by(Severity.HIGH, "IN", saturday).isoformat() == "2026-04-06"
    assert policy.agree_by(Severity.HIGH, "BD", saturday - timedelta(days=1)).isoformat() == "2026-04-05"
    assert policy.answer_by(saturday).isoformat() == "2026-04-03"
    with pytest.raises(ValueError, match="line 1"):
        Calendars.parse(["Netherlands 2026-01-01"])


def test_lists_show_whose_turn_it_is_and_what_is_late(database: Database) -> None:
    table = Table(database)
    table.agreed()

    def found(**filters: Any) -> int:
        with database.reading() as session:
            by, asked = table.reviewer, planning.PlanFilter(**filters)
            assert planning.count(session, by=by, filters=asked) == len(
                planning.plans(session, by=by, filters=asked).rows
            )
            return planning.count(session, by=by, filters=asked)

    assert (found(waits_for=Side.SUPPLIER), found(waits_for=Side.BUYER)) == (1, 0)
    assert (found(overdue_on=DUE), found(overdue_on=DUE + timedelta(days=1))) == (0, 1)
    assert (found(signal="FL"), found(signal="FL.DOC"), found(signal="OSH"), found(at_work=True)) == (1, 1, 0, 1)
