"""The first page after logging in: what needs this person now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from models.documents import Document, DocumentState
from models.findings import Severity
from models.operations import asking, listing, planning, receiving, triage
from models.operations.listing import Line
from models.operations.planning import PlanFilter
from models.operations.receiving import DocumentFilter
from models.plan_life import PlanState, Side
from models.plans import Plan
from models.submissions import Submission, SubmissionState
from questionnaires import issuing
from questionnaires.issuing import SubmissionFilter
from webapp.doors import person, reading, today

pages = Blueprint("home", __name__)

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits on the buyer's side."""

    waiting: dict[Severity, int]
    gravest: tuple[Line, ...]
    answers: tuple[Submission, ...]
    """Questionnaires that wait for a reader."""
    drafts: tuple[Plan, ...]
    answered: tuple[Plan, ...]
    """Disputed, or with evidence: the supplier spoke last."""
    overdue: tuple[Plan, ...]
    states: dict[DocumentState, int]
    unread: tuple[Document, ...]

    @property
    def still_reading(self) -> int:
        """Documents that have not ended: what they hold nobody knows yet."""
        return sum(count for state, count in self.states.items() if not state.is_final)

    @property
    def ended(self) -> int:
        return sum(count for state, count in self.states.items() if state.is_final)


@dataclass(frozen=True, slots=True)
class Counter:
    """What waits on the supplier's side."""

    questions: tuple[Submission, ...]
    """Questionnaires to answer."""
    plans: int
    """All plans to answer, of which the first are in `to_answer`."""
    working: int
    """All plans under way."""
    to_answer: tuple[Plan, ...]
    under_way: tuple[Plan, ...]
    unread: tuple[Document, ...]
    latest: tuple[Document, ...]


@pages.get("/")
def show() -> str:
    if person().works_for_a_buyer:
        return render_template("home_buyer.html", desk=_desk(), today=today())
    return render_template(
        "home_supplier.html", counter=_counter(), today=today(),
        asked_of_us=asking.waiting_for(reading(), by=person()),
    )  # fmt: skip


def _desk() -> Desk:
    session, by = reading(), person()
    return Desk(
        waiting=triage.counts(session, by=by),
        gravest=listing.lines(session, by=by, limit=SHOWN).rows,
        answers=_submissions(SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW),
        drafts=_plans(PlanFilter(state=PlanState.DRAFT)),
        answered=_plans(PlanFilter(waits_for=Side.BUYER, answered=True, open=True)),
        overdue=_plans(PlanFilter(overdue_on=today())),
        states=receiving.states(session, by=by),
        unread=receiving.documents(session, by=by, filters=DocumentFilter(unread=True), limit=SHOWN).rows,
    )


def _counter() -> Counter:
    session, by = reading(), person()
    theirs, at_work = PlanFilter(waits_for=Side.SUPPLIER, at_work=False), PlanFilter(at_work=True)
    return Counter(
        questions=_submissions(SubmissionState.DRAFT, SubmissionState.IN_PROGRESS, SubmissionState.CHANGES_REQUESTED),
        plans=planning.count(session, by=by, filters=theirs),
        working=planning.count(session, by=by, filters=at_work),
        to_answer=_plans(theirs),
        under_way=_plans(at_work),
        unread=receiving.documents(session, by=by, filters=DocumentFilter(unread=True), limit=SHOWN).rows,
        latest=receiving.documents(session, by=by, limit=SHOWN).rows,
    )


def _plans(filters: PlanFilter) -> tuple[Plan, ...]:
    return planning.plans(reading(), by=person(), filters=filters, limit=SHOWN).rows


def _submissions(*states: SubmissionState) -> tuple[Submission, ...]:
    filters = SubmissionFilter(states=states)
    return issuing.submissions(reading(), by=person(), filters=filters, limit=SHOWN).rows
