"""What is said about a finding: a reviewer's question to the supplier, and the supplier's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.masking import masked
from models.operations import asking, caring, triage
from models.people import Person
from models.review import Asking
from webapp.api.cursors import cursor, last_key
from webapp.api.door import Call, Door
from webapp.api.findings import FindingShape, show_finding
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page, Rows, limit
from webapp.doors import now


@dataclass(frozen=True, slots=True)
class QuestionShape:
    """A question about a passage, from a reviewer to the supplier, and its answer."""

    id: UUID
    finding: UUID
    supplier: UUID
    document: UUID | None
    page: int | None
    quote: str = field(
        metadata=said("The passage; to a buyer's people with names and numbers covered, as on the page of the finding.")
    )
    withheld: bool = field(metadata=said("True for a passage about violence or death: it is read in Salient itself."))
    text: str = field(metadata=said("What is asked."))
    asked_by: UUID
    asked_at: datetime
    waits: bool = field(metadata=said("Whether the supplier is still to answer."))
    answer: str
    answered_by: UUID | None
    answered_at: datetime | None
    withdrawn_at: datetime | None = field(metadata=said("From then on no answer was needed."))


@dataclass(frozen=True, slots=True)
class QuestionQuery(Page):
    """Which questions; without this, all."""

    waiting: bool | None = field(default=None, metadata=said("true: without an answer; false: the others."))


@dataclass(frozen=True, slots=True)
class Question:
    """What a reviewer wants to know."""

    text: str = field(metadata=said("Name nobody: a question can give away who spoke.", most=4000))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the supplier answers."""

    answer: str = field(metadata=said("How it is. Name no workers.", most=4000))


def list_questions(session: Session, by: Person, call: Call) -> Rows:
    """The newest first."""
    asked = call.asked
    listed = asking.askings(session, by=by, waiting=asked.waiting, after=last_key(asked.after), limit=limit(call))
    more = cursor(listed.rows[-1].id) if listed.more else None
    return Rows([shape_of(row, by) for row in listed.rows], more)


def list_of_finding(session: Session, by: Person, call: Call) -> Rows:
    """The oldest first, as they were asked; a finding has few."""
    found = triage.finding(session, call.id("finding_id"), by=by)
    return Rows([shape_of(row, by) for row in asking.about(session, found.id)], None)


def show_question(session: Session, by: Person, call: Call) -> QuestionShape:
    return shape_of(asking.asking(session, call.id("asking_id"), by=by), by)


def shape_of(row: Asking, by: Person) -> QuestionShape:
    """How a question is shown: to each side the passage as its page shows it."""
    found = row.finding
    hard = caring.is_hard(found.signals)
    quote = masked(found.quote) if by.works_for_a_buyer else found.quote
    return QuestionShape(
        row.id, row.finding_id, row.supplier_id, found.document_id, found.page_number, "" if hard else quote, hard,
        row.text, row.asked_by_id, row.asked_at, row.waits, row.answer, row.answered_by_id, row.answered_at,
        row.withdrawn_at,
    )  # fmt: skip


def ask(session: Session, by: Person, call: Call) -> UUID:
    return asking.ask(session, call.id("finding_id"), call.body.text, by=by, now=now()).id


def ask_no_more(session: Session, by: Person, call: Call) -> None:
    asking.withdraw(session, call.id("finding_id"), by=by, now=now())


def answer(session: Session, by: Person, call: Call) -> None:
    asking.answer(session, call.id("asking_id"), call.body.answer, by=by, now=now())


DOORS = (
    Door(
        name="questions", method="GET", path="/questions", beside="askings.index", group="Questions",
        says="Questions about passages, the newest first. A supplier sees those that were put to it.",
        gives=Listed(QuestionShape), show=list_questions, asks=QuestionQuery,
    ),
    Door(
        name="question", method="GET", path="/questions/<uuid:asking_id>", beside="askings.show", group="Questions",
        says="One question with its answer.", gives=QuestionShape, show=show_question,
    ),
    Door(
        name="answer_question", method="POST", path="/questions/<uuid:asking_id>/answer", beside="askings.answer",
        group="Questions", says="Answer it. The finding goes back to the reviewers. For suppliers.",
        gives=QuestionShape, show=show_question, act=answer, takes=Reply,
    ),
    Door(
        name="finding_questions", method="GET", path="/findings/<uuid:finding_id>/questions", beside="findings.show",
        group="Questions", says="What was asked about a finding, the oldest first.", gives=Listed(QuestionShape),
        show=list_of_finding,
    ),
    Door(
        name="ask", method="POST", path="/findings/<uuid:finding_id>/questions", beside="desk.ask", group="Questions",
        says="Put a question about the passage to the supplier. The finding waits for the answer.",
        gives=QuestionShape, show=show_question, act=ask, takes=Question, makes="asking_id", status=201,
    ),
    Door(
        name="ask_no_more", method="POST", path="/findings/<uuid:finding_id>/ask-no-more", beside="desk.ask_no_more",
        group="Questions", says="Withdraw the question: the finding goes back to the reviewers.", gives=FindingShape,
        show=show_finding, act=ask_no_more,
    ),
)  # fmt: skip
