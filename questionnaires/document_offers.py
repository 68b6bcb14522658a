"""What the supplier's own documents say already, offered for open questions: accepted one by one, with its source."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.documents import Document, DocumentState, Page
from models.errors import NotFound
from models.extracts import SPOKEN, DocumentEntry
from models.operations.scope import allow, sent_by
from models.people import Person, Role
from models.submissions import AnswerSource, Submission
from questionnaires import finding_answers, shelf
from questionnaires.answering import Given, Saved, save_answer
from questionnaires.finding_answers import Found, Offer
from questionnaires.issuing import submission
from questionnaires.standing import answers

MOST_DOCUMENTS, MOST_PAGES, MOST_ENTRIES = 6, 60, 5000
READ = (DocumentState.SCREENED, DocumentState.SCREENED_IN_PART)


@dataclass(frozen=True, slots=True)
class DocumentOffer:
    """An offer with the document that it was found in."""

    offer: Offer
    document: Document

    @property
    def page(self) -> int | None:
        """None where it stands in a field of a form."""
        return int(self.offer.place) if self.offer.place.isdecimal() else None


def offers(session: Session, found: Submission, *, language: str) -> list[DocumentOffer]:
    """The surest offer for each open question, in the questionnaire's order."""
    questionnaire = shelf.opened(session, found.questionnaire).questionnaire
    standing = {id_ for id_, row in answers(session, found).items() if row.value is not None or row.locked}
    open_to = frozenset(questionnaire.questions) - standing
    documents = {str(document.id): document for document in _documents(session, found)}
    said = (each for document in documents.values() for each in _said(session, document))
    made = finding_answers.offers(said, questionnaire, language=language, open_to=open_to)
    return [
        DocumentOffer(made[id_][0], documents[made[id_][0].document]) for id_ in questionnaire.questions if id_ in made
    ]


def accept(
    session: Session,
    submission_id: uuid.UUID,
    question: str,
    document_id: uuid.UUID,
    *,
    key: str,
    language: str,
    by: Person,
    now: datetime,
) -> Saved:
    """Take one offer over as the answer, with the document as its source. Raises NotFound when it is not on offer."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by)
    for each in offers(session, found, language=language):
        if (each.offer.question, each.document.id) == (question, document_id):
            row = answers(session, found).get(question)
            given = Given(
                question, each.offer.value, key, 0 if row is None else row.version, source=AnswerSource.DOCUMENT,
                source_document_id=document_id,
            )  # fmt: skip
            return save_answer(session, submission_id, given, by=by, now=now)
    raise NotFound()


def _documents(session: Session, found: Submission) -> list[Document]:
    query = (
        select(Document)
        .where(
            Document.supplier_id == found.supplier_id,
            sent_by(found.supplier.organisation_id),
            Document.state.in_(READ),
            or_(Document.document_type.in_(SPOKEN), Document.document_type.is_(None)),
        )
        .order_by(Document.uploaded_at.desc(), Document.id)
        .limit(MOST_DOCUMENTS)
    )
    return list(session.scalars(query))


def _said(session: Session, document: Document) -> Iterator[Found]:
    """Fields of forms first, then rows of lists, then the lines of pages: the surest source of the same words wins."""
    key = str(document.id)
    query = (
        select(DocumentEntry)
        .where(DocumentEntry.document_id == document.id)
        .order_by(DocumentEntry.number)
        .limit(MOST_ENTRIES)
    )
    entries = session.scalars(query).all()
    fields = {row.cells[0]: row.cells[1] for row in entries if row.page is None}
    yield from finding_answers.from_fields(fields, document=key)
    for row in entries:
        if row.page is not None:
            yield from finding_answers.from_checklist(row.heads, [row.cells], document=key, place=str(row.page))
    pages = (
        select(Page.number, Page.text).where(Page.document_id == document.id).order_by(Page.number).limit(MOST_PAGES)
    )
    for number, text in session.execute(pages):
        yield from finding_answers.from_text(text, document=key, page=number)
