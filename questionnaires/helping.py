"""Answering together: who takes which section, what is said about an answer, and the papers that stand behind it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session, selectinload

from models.discussion import AnswerEvidence, AskedBack, Comment
from models.documents import Document
from models.errors import Invalid, NotFound
from models.journal import note
from models.operations.receiving import document as document_seen
from models.operations.scope import allow
from models.people import Person, Role
from models.submissions import Assignment, Submission
from models.supplychain import Site, Supplier
from questionnaires import shelf
from questionnaires.answering import refuse_locked
from questionnaires.issuing import submission
from questionnaires.standing import asked_back

LONGEST_REMARK = 8000


def sites(session: Session, found: Submission) -> list[Site]:
    """The supplier's places of work, by name."""
    query = select(Site).where(Site.organisation_id == found.supplier.organisation_id).order_by(Site.name, Site.id)
    return list(session.scalars(query))


def assign(
    session: Session,
    submission_id: uuid.UUID,
    section: str,
    person_ids: Collection[uuid.UUID],
    *,
    by: Person,
    now: datetime,
) -> Submission:
    """Say who is to answer a section; whoever is not named any more is taken off it. Others may still help."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    refuse_locked(found)
    sections = shelf.opened(session, found.questionnaire).questionnaire.sections
    if section not in {row.id for row in sections}:
        raise NotFound()
    own = Person.organisation_id == by.organisation_id, Person.disabled_at.is_(None)
    known = set(session.scalars(select(Person.id).where(Person.id.in_(person_ids), *own)))
    if set(person_ids) - known:
        raise NotFound()
    session.execute(delete(Assignment).where(Assignment.submission_id == found.id, Assignment.section == section))
    for person_id in sorted(set(person_ids)):
        session.add(
            Assignment(
                submission_id=found.id, section=section, person_id=person_id, assigned_by_id=by.id, assigned_at=now
            )
        )
    session.flush()
    _note(session, "submission.assigned", found, by=by, now=now, people=[str(key) for key in sorted(set(person_ids))])
    return found


def assignments(session: Session, found: Submission) -> dict[str, list[Person]]:
    """Who is to answer what, by section."""
    by_section: dict[str, list[Person]] = defaultdict(list)
    query = select(Assignment).where(Assignment.submission_id == found.id).order_by(Assignment.assigned_at)
    for row in session.scalars(query):
        by_section[row.section].append(row.person)
    return dict(by_section)


def comment(
    session: Session,
    submission_id: uuid.UUID,
    question: str,
    *,
    text: str,
    inside: bool = False,
    by: Person,
    now: datetime,
) -> Comment:
    """Say something about an answer. `inside`: for one's own colleagues only. Raises Invalid without words."""
    found = submission(session, submission_id, by=by)
    _known(session, found, question)
    words = text.replace("\x00", "").strip()
    if not words:
        raise Invalid("Write a message first.", field="text")
    if len(words) > LONGEST_REMARK:
        raise Invalid("This remark is too long: shorten it.", field="text")
    row = Comment(
        submission_id=found.id, question=question, inside=inside, written_by_id=by.id, written_at=now, text=words
    )
    session.add(row)
    session.flush()
    _note(session, "answer.commented", found, by=by, now=now, question=question)
    return row


def comments(
    session: Session, found: Submission, *, by: Person, only: Iterable[str] | None = None
) -> dict[str, list[Comment]]:
    """What was said about each answer, or about those to `only` these questions, oldest first.

    Remarks between the other side's colleagues are left out.
    """
    by_question: dict[str, list[Comment]] = defaultdict(list)
    query = (
        select(Comment)
        .join(Comment.written_by)
        .where(Comment.submission_id == found.id, _may_read(by))
        .order_by(Comment.written_at, Comment.id)
    )
    if only is not None:
        query = query.where(Comment.question.in_(list(only)))
    for row in session.scalars(query):
        by_question[row.question].append(row)
    return dict(by_question)


def reply(
    session: Session, submission_id: uuid.UUID, asked_id: uuid.UUID, *, text: str, by: Person, now: datetime
) -> AskedBack:
    """Say why an answer stands, to a reviewer who asked. Changing the answer answers as well. Anybody here may."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    refuse_locked(found)
    row = next((each for each in asked_back(session, found) if each.id == asked_id), None)
    if row is None:
        raise NotFound()
    words = text.replace("\x00", "").strip()[:LONGEST_REMARK]
    if not words:
        raise Invalid("Write a message first.", field="text")
    row.answer(by=by, reply=words, at=now)
    _note(session, "answer.replied", found, by=by, now=now, question=row.question)
    return row


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to stand behind an answer, with the time for which it is good."""

    document_id: uuid.UUID
    pages: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


def attach_evidence(
    session: Session, submission_id: uuid.UUID, question: str, paper: Paper, *, by: Person, now: datetime
) -> AnswerEvidence:
    """Put a document of the same supplier behind an answer; a second time changes its pages and dates.

    Never needed to answer, least of all to admit a problem. Raises NotFound for somebody else's document.
    """
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    refuse_locked(found)
    _known(session, found, question)
    document = document_seen(session, paper.document_id, by=by)
    if document.supplier_id != found.supplier_id:
        raise NotFound()
    if paper.valid_from and paper.valid_until and paper.valid_from > paper.valid_until:
        raise Invalid("The document ends before it begins to be valid: check both days.", field="valid_until")
    row = session.scalar(
        select(AnswerEvidence).where(
            AnswerEvidence.submission_id == found.id,
            AnswerEvidence.question == question,
            AnswerEvidence.document_id == document.id,
        )
    )
    if row is None:
        row = AnswerEvidence(
            submission_id=found.id, question=question, document=document, attached_by_id=by.id, attached_at=now,
            reason="",
        )  # fmt: skip
        session.add(row)
    row.pages, row.valid_from, row.valid_until = paper.pages.strip()[:60], paper.valid_from, paper.valid_until
    session.flush()
    _note(session, "evidence.attached", found, by=by, now=now, question=question, document=str(document.id))
    return row


def as_given_before(session: Session, found: Submission, question: str, document_id: uuid.UUID) -> Paper:
    """How a document stands behind this answer; else the days that the supplier gave last for it, behind any answer.

    Those may have been given for another customer: they are the supplier's own, and it sees them before it sends them.
    """
    rows = list(
        session.scalars(
            select(AnswerEvidence)
            .join(AnswerEvidence.document)
            .join(Supplier, Supplier.id == Document.supplier_id)
            .where(
                AnswerEvidence.document_id == document_id,
                Supplier.organisation_id == found.supplier.organisation_id,
            )
            .order_by(AnswerEvidence.attached_at.desc(), AnswerEvidence.id)
        )
    )
    here = next((row for row in rows if (row.submission_id, row.question) == (found.id, question)), None)
    row = here or next(iter(rows), None)
    if row is None:
        return Paper(document_id)
    return Paper(document_id, here.pages if here is not None else "", row.valid_from, row.valid_until)


def detach_evidence(
    session: Session, submission_id: uuid.UUID, evidence_id: uuid.UUID, *, by: Person, now: datetime
) -> None:
    """Take a document away from an answer. The document itself stays where it is."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    refuse_locked(found)
    row = session.get(AnswerEvidence, evidence_id)
    if row is None or row.submission_id != found.id:
        raise NotFound()
    session.delete(row)
    _note(session, "evidence.detached", found, by=by, now=now, question=row.question, document=str(row.document_id))


def evidence(session: Session, found: Submission) -> dict[str, list[AnswerEvidence]]:
    """The documents behind each answer."""
    by_question: dict[str, list[AnswerEvidence]] = defaultdict(list)
    query = (
        select(AnswerEvidence)
        .where(AnswerEvidence.submission_id == found.id)
        .options(selectinload(AnswerEvidence.document))
        .order_by(AnswerEvidence.attached_at, AnswerEvidence.id)
    )
    for row in session.scalars(query):
        by_question[row.question].append(row)
    return dict(by_question)


def _known(session: Session, found: Submission, question: str) -> None:
    if question not in shelf.opened(session, found.questionnaire).questionnaire.questions:
        raise NotFound()


def _may_read(by: Person) -> ColumnElement[bool]:
    return or_(Comment.inside.is_(False), Person.organisation_id == by.organisation_id)


def _note(session: Session, act: str, found: Submission, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
