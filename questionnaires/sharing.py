"""The answers are the supplier's: for each other customer it decides what of them may be seen."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.discussion import SharingDecision
from models.errors import Conflict, NotFound
from models.journal import note
from models.operations.scope import Slice, allow, newest
from models.people import Person, Role
from models.submissions import Share, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires.definition import Question, Sensitivity
from questionnaires.issuing import submission


def customers(session: Session, found: Submission) -> list[tuple[Supplier, Share]]:
    """The supplier's other customers, each with what it may see; nothing where nothing was decided."""
    decided = {
        row.with_supplier_id: row.share
        for row in session.scalars(select(SharingDecision).where(SharingDecision.submission_id == found.id))
    }
    query = select(Supplier).where(
        Supplier.organisation_id == found.supplier.organisation_id, Supplier.id != found.supplier_id
    )
    rows = sorted(session.scalars(query), key=lambda row: (row.buyer.name.casefold(), row.id))
    return [(row, decided.get(row.id, Share.NOTHING)) for row in rows]


def decide(
    session: Session, submission_id: uuid.UUID, with_supplier_id: uuid.UUID, share: Share, *, by: Person, now: datetime
) -> SharingDecision:
    """Say what one other customer may see. Raises Conflict before the answers were submitted: they may still change."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    if found.submitted_at is None:
        raise Conflict("Submit the answers first: then decide who else may see them.")
    if with_supplier_id not in {row.id for row, _ in customers(session, found)}:
        raise NotFound()
    row = session.scalar(
        select(SharingDecision).where(
            SharingDecision.submission_id == found.id, SharingDecision.with_supplier_id == with_supplier_id
        )
    )
    if row is None:
        row = SharingDecision(submission_id=found.id, with_supplier_id=with_supplier_id)
        session.add(row)
    row.share, row.decided_by_id, row.decided_at = share, by.id, now
    session.flush()
    note(
        session, "submission.shared", found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now,
        with_supplier=str(with_supplier_id), share=share.value,
    )  # fmt: skip
    return row


def shared_with(
    session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = 50
) -> Slice[SharingDecision]:
    """What suppliers let this buyer see of answers that they gave to others, newest first, each with its submission.

    Answers that are being written, after a recall too, are shown to nobody.
    """
    last = session.scalar(_seen(by).where(SharingDecision.id == after)) if after is not None else None
    if after is not None and last is None:
        raise NotFound()
    return newest(session, _seen(by), SharingDecision.decided_at, last=last, limit=limit)


def shared(session: Session, submission_id: uuid.UUID, *, by: Person) -> SharingDecision:
    """How much of one submission the buyer is let see. Raises NotFound where it is nothing."""
    found = session.scalar(_seen(by).where(SharingDecision.submission_id == submission_id))
    if found is None:
        raise NotFound()
    return found


def _seen(by: Person) -> Select[SharingDecision]:
    allow(by, Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
    return (
        select(SharingDecision)
        .join(Supplier, Supplier.id == SharingDecision.with_supplier_id)
        .join(SharingDecision.submission)
        .where(
            Supplier.buyer_id == by.organisation_id,
            SharingDecision.share != Share.NOTHING,
            Submission.state.in_([state for state in SubmissionState if not state.is_open]),
        )
    )


def may_be_seen(question: Question, share: Share) -> bool:
    """Whether an answer is within what was shared. What is said about one customer goes to no other."""
    if share is Share.NOTHING or any(ref.startswith("BUY.") for ref in question.refs):
        return False
    return share is Share.ALL or question.sensitivity is Sensitivity.ORDINARY
