"""However people act on plans, in whatever order: the rules hold, in the code and in the tables."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from models.db import Database
from models.documents import DocumentState
from models.errors import DomainError
from models.findings import Finding, RejectReason, Severity, Verdict
from models.journal import Entry, verify
from models.operations import plan_agreeing as agreeing
from models.operations import plan_disputes as disputes
from models.operations import plan_verifying as verifying
from models.operations import plan_working as working
from models.operations import planning
from models.people import Person, Role
from models.plan_life import ENDED, SIGNED, PlanState, Side
from models.plan_paper import terms_of
from models.plan_records import Dispute, Edition, Event, Outcome, Signature
from models.plans import Plan, Verification
from tests.factories import NOON, PAPER, make_document, make_finding, make_person
from tests.support.statements import Statements

_number = itertools.count()
TEMPLATE: list[Path] = []
KNOWN = Statements()
ENDING = [verifying.close, verifying.close, agreeing.drop, disputes.suspend]
OPENING: tuple[tuple[Callable[..., Any], int, dict[str, Any]], ...] = (
    (agreeing.send, 0, {"signed": False}),
    (agreeing.write, 2, {}),
    (agreeing.propose, 2, {"versioned": False}),
    (agreeing.withdraw, 2, {}),
    (agreeing.sign, 2, {}),
    (agreeing.sign, 0, {}),
    (disputes.suspend, 0, {"reason": "The mill is flooded."}),
    (disputes.resume, 0, {}),
    (working.begin, 2, {}),
    (disputes.dispute, 2, {"text": "It was another mill."}),
    (disputes.settle, 0, {"outcome": Outcome.DISMISSED, "answer": "The report names this one."}),
    (verifying.submit_evidence, 2, {"text": "Done."}),
    (verifying.take_up, 1, {"how": Verification.VISIT}),
    (verifying.send_back, 1, {"text": "Two names are missing."}),
    (verifying.submit_evidence, 2, {"text": "Added."}),
    (verifying.take_up, 1, {"how": Verification.VISIT}),
    (verifying.close_in_part, 1, {"text": "The night shift is still to come."}),
    (verifying.submit_evidence, 2, {"text": "Done for all."}),
    (verifying.take_up, 1, {"how": Verification.VISIT}),
    (working.decide_remedy, 0, {"needed": False, "reason": "Nobody lost anything.", "versioned": False}),
    (verifying.close, 1, {"reason": "Seen."}),
    (verifying.confirm_effect, 0, {"result": "It helped."}),
    (verifying.reopen, 0, {"text": "It is back."}),
)
"""A life through every state: act, which of the four people, and what they say."""
REACHED: set[PlanState] = set()
"""Where the random lives have been, so that a rule that is never put to the test is noticed."""


@pytest.fixture(autouse=True, scope="module")
def template(sqlite_template: Path) -> None:
    TEMPLATE.append(sqlite_template)


class PlanLife(RuleBasedStateMachine):
    """Four people on two sides do whatever they like, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / f"life-{next(_number)}.db"
        shutil.copy(TEMPLATE[-1], path)
        self.database = Database.open(f"sqlite:///{path}")
        KNOWN.join(self.database.engine)
        raw = self.database.engine.raw_connection()  # The one of the pool: no power cut is tested here.
        raw.cursor().execute("PRAGMA synchronous=OFF")
        raw.close()
        self.now: datetime = NOON
        self.dates: set[tuple[str, str]] = set()
        self.acts = 0

    @initialize(
        severity=st.sampled_from([Severity.CRITICAL, Severity.CRITICAL, Severity.MEDIUM]),
        far=st.integers(0, 2 * len(OPENING)).map(lambda far: min(far, len(OPENING))),
    )
    def confirm(self, severity: Severity, far: int) -> None:
        with self.database.transaction() as session:
            document = make_document(session, state=DocumentState.SCREENED)
            finding = make_finding(session, document=document, severity=severity)
            buyer, supplying = finding.supplier.buyer, finding.supplier.organisation
            self.people: list[Person] = [
                make_person(session, organisation=buyer),
                make_person(session, organisation=buyer),
                make_person(session, role=Role.SUPPLIER_USER, organisation=supplying),
                make_person(session, role=Role.SUPPLIER_USER, organisation=supplying),
            ]
            finding.confirm(by=self.people[0], remark="", at=self.now)
            self.finding_id, self.document_id = finding.id, document.id
            self.plan_id = planning.open_draft(session, [finding], by=self.people[0], now=self.now).id
        self.acts = 1
        self.begin_far_on(far)

    def begin_far_on(self, far: int) -> None:
        """A life may begin in the middle of one that passes through every state, so that each is reached in every run.

        What the parties do next is again whatever they like.
        """
        for act, who, how in OPENING[:far]:
            self.now += timedelta(days=100 if act is verifying.confirm_effect else 2)
            acts = self.acts
            if act is agreeing.write:
                self.write(who, "complete", late=False)
            else:
                told = how | ({"on": self.edition()} if act is agreeing.propose else {})
                told |= {"finding_id": self.finding_id} if act is disputes.dispute else {}
                self.try_to(act, who, **told)
            assert self.acts == acts + 1, f"the opening is not what the rules allow: {act.__name__} by {who}"
            self.every_rule_holds()

    def edition(self) -> int:
        with self.database.reading() as session:
            return session.get_one(Plan, self.plan_id).edition

    def try_to(self, act: Callable[..., Any], who: int, *, versioned: bool = True, **how: Any) -> None:
        by = self.people[who]
        try:
            with self.database.transaction() as session:
                found = session.get_one(Plan, self.plan_id)
                if versioned:
                    how["version"] = found.version
                act(session, self.plan_id, by=by, now=self.now, **how)
        except DomainError:
            return
        self.acts += 1

    anybody = st.integers(0, 3)
    word = st.sampled_from(["Seen by both.", "Seen by both.", "Seen by both.", ""])

    @rule(days=st.sampled_from([1, 10, 100]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(who=anybody, change=st.sampled_from(["complete", "other day", "other words", "nothing"]), late=st.booleans())
    def write(self, who: int, change: str, late: bool) -> None:
        with self.database.reading() as session:
            plan = session.get_one(Plan, self.plan_id)
            terms, on = terms_of(plan), plan.edition - (1 if late else 0)
        due = self.now.date() + timedelta(days=30)
        if change == "complete":
            terms |= PAPER | {"due_on": due.isoformat(), "effect_due_on": (due + timedelta(days=30)).isoformat()}
        elif change == "other day" and "due_on" in terms:
            moved = date.fromisoformat(terms["due_on"]) + timedelta(days=1)
            terms |= {"due_on": moved.isoformat(), "effect_due_on": (moved + timedelta(days=30)).isoformat()}
        elif change == "other words":
            terms["root_cause"] = f"On {self.now.date()} we saw more."
        self.try_to(agreeing.write, who, versioned=False, terms=terms, on=on)

    @rule(who=anybody, signed=st.booleans())
    def send(self, who: int, signed: bool) -> None:
        self.try_to(agreeing.send, who, signed=signed)

    @rule(who=anybody)
    def sign(self, who: int) -> None:
        self.try_to(agreeing.sign, who)

    @rule(who=anybody)
    def both_agree(self, who: int) -> None:
        """What mostly happens, so that the later states are reached often."""
        self.write(0, "complete", late=False)
        self.try_to(agreeing.send, 0, signed=True)
        self.try_to(agreeing.sign, 2)
        self.try_to(agreeing.sign, who)

    @rule(who=anybody)
    def propose(self, who: int) -> None:
        self.try_to(agreeing.propose, who, versioned=False, on=self.edition())

    @rule(who=anybody, act=st.sampled_from([agreeing.take_back, agreeing.withdraw, working.begin, disputes.resume]))
    def step(self, who: int, act: Callable[..., Any]) -> None:
        self.try_to(act, who)

    @rule(who=anybody, text=word)
    def submit(self, who: int, text: str) -> None:
        self.try_to(verifying.submit_evidence, who, text=text)

    @rule(who=anybody)
    def look(self, who: int) -> None:
        self.try_to(working.add_evidence, who, versioned=False, document_id=self.document_id)
        self.try_to(verifying.take_up, (who + 1) % 2, how=Verification.VISIT)

    @rule(who=anybody, act=st.sampled_from([verifying.send_back, verifying.close_in_part, verifying.reopen]), text=word)
    def tell(self, who: int, act: Callable[..., Any], text: str) -> None:
        self.try_to(act, who, text=text)

    @rule(who=anybody, needed=st.booleans(), reason=word)
    def decide_remedy(self, who: int, needed: bool, reason: str) -> None:
        self.try_to(working.decide_remedy, who, versioned=False, needed=needed, reason=reason)

    @rule(
        who=anybody,
        act=st.sampled_from(ENDING),
        reason=word,
    )
    def end(self, who: int, act: Callable[..., Any], reason: str) -> None:
        self.try_to(act, who, reason=reason)

    @rule(who=anybody, result=word)
    def confirm_effect(self, who: int, result: str) -> None:
        self.try_to(verifying.confirm_effect, who, result=result)

    @rule(who=anybody, text=word)
    def dispute(self, who: int, text: str) -> None:
        self.try_to(disputes.dispute, who, text=text, finding_id=self.finding_id)

    @rule(who=anybody, outcome=st.sampled_from(Outcome), answer=word, why=st.sampled_from([None, *RejectReason]))
    def settle(self, who: int, outcome: Outcome, answer: str, why: RejectReason | None) -> None:
        self.try_to(disputes.settle, who, outcome=outcome, answer=answer, why=why)

    @rule(who=anybody, granted=st.booleans())
    def more_time(self, who: int, granted: bool) -> None:
        until = self.now.date() + timedelta(days=200)
        self.try_to(disputes.ask_extension, 2, versioned=False, until=until, reason="The lockers come late.")
        self.try_to(disputes.decide_extension, who, granted=granted, answer="As asked.")

    @invariant()
    def every_rule_holds(self) -> None:
        if not self.acts:
            return
        with self.database.reading() as session:
            plan = session.get_one(Plan, self.plan_id)
            REACHED.add(plan.state)
            events = list(session.scalars(select(Event).where(Event.plan_id == plan.id).order_by(Event.number)))
            editions = {row.number: row for row in session.scalars(select(Edition).where(Edition.plan_id == plan.id))}
            signatures = list(session.scalars(select(Signature).where(Signature.plan_id == plan.id)))

            # Each act has its event and its journal entry, and the events hang together.
            assert [event.number for event in events] == list(range(1, self.acts + 1))
            entries = session.scalars(select(Entry.act).where(Entry.thing_id == str(plan.id)).order_by(Entry.number))
            assert list(entries) == [event.act for event in events]
            assert all(one.after is two.before for one, two in itertools.pairwise(events))
            assert events[-1].after is plan.state

            # What is worked on is signed by a person of each side, in the very edition that stands.
            valid = {(row.side, row.edition, row.signed_by_id) for row in signatures if row.withdrawn_at is None}
            sides = {one.id: Side.BUYER if one.works_for_a_buyer else Side.SUPPLIER for one in self.people}
            assert all(sides[row.signed_by_id] is row.side for row in signatures)
            if plan.state in SIGNED or plan.state_before in SIGNED:
                assert plan.buyer_signed_by_id is not None
                assert (Side.BUYER, plan.edition, plan.buyer_signed_by_id) in valid
                assert plan.supplier_signed_by_id is not None
                assert (Side.SUPPLIER, plan.edition, plan.supplier_signed_by_id) in valid
            assert editions[plan.edition].terms == terms_of(plan)

            # Nothing critical is closed by one person, or before it was decided about remedy; nobody checks their own.
            if plan.state in ENDED:
                assert plan.closed_by_id is not None
                if plan.severity is Severity.CRITICAL:
                    assert plan.closed_by_id != plan.opened_by_id
                    assert "plan.remedy_decided" in [event.act for event in events]
                if plan.evidence_by_id is not None:
                    assert plan.evidence_by_id not in (plan.verifier_id, plan.closed_by_id)
                added = {event.by_id for event in events if event.act == "plan.evidence_added"}
                assert plan.closed_as is None or plan.closed_as.value == "no_action" or plan.closed_by_id not in added

            # A finding falls by an upheld dispute and by nothing else, and a critical one by a second person.
            finding = session.get_one(Finding, self.finding_id)
            upheld = select(Dispute).where(Dispute.plan_id == plan.id, Dispute.outcome == Outcome.UPHELD)
            fallen = session.scalars(upheld).all()
            assert (finding.verdict is Verdict.REJECTED) is bool(fallen)
            assert [one.settled_by_id for one in fallen] in ([], [finding.judged_by_id])
            if finding.verdict is Verdict.REJECTED and finding.severity is Severity.CRITICAL:
                assert finding.judged_by_id != self.people[0].id

            # No date that ever stood in the plan is lost.
            now = {(key, text) for key, text in terms_of(plan).items() if key.endswith("due_on")}
            self.dates |= now | set(plan.dates().items())
            kept = {(key, text) for row in editions.values() for key, text in row.terms.items()}
            kept |= {pair for event in events for pair in event.dates.items()} | set(plan.dates().items())
            assert self.dates <= kept

    def teardown(self) -> None:
        if self.acts:
            with self.database.reading() as session:
                assert verify(session) is None
        self.database.close()
        self.folder.cleanup()


PlanLife.TestCase.settings = settings(
    max_examples=24,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.generate,),  # A life that breaks a rule is short enough to be read as it is.
)
TestPlanLife = PlanLife.TestCase


def test_the_random_lives_went_far() -> None:
    if not REACHED:
        pytest.skip("the lives above, which are the same in every run, were not chosen")
    assert set(PlanState) == REACHED, set(PlanState) - REACHED
