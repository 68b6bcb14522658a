"""Asking a supplier about a passage before deciding: the question, the answer, and the finding that comes back."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding, Stage
from models.journal import note
from models.mail import MailKind
from models.operations import posting
from models.operations.caring import is_survivor_centred
from models.operations.queueing import LEAD
from models.operations.scope import Slice, allow, sees
from models.operations.triage import locked
from models.people import Person, Role
from models.review import Asking
from models.supplychain import Supplier


def ask(session: Session, finding_id: uuid.UUID, text: str, *, by: Person, now: datetime) -> Asking:
    """Put a question about the passage to its supplier; the finding waits for the answer.

    Where the affected person decides who may know, only compliance may ask: a question can give away who spoke.
    """
    found = locked(session, finding_id, by=by)
    if not text.strip():
        raise Invalid("Write what you want to know.", field="question")
    if is_survivor_centred(found.signals) and by.role not in LEAD:
        raise NotAllowed("A question could give away who spoke: escalate this finding, and compliance decides.")
    if found.stage not in (Stage.OPEN, Stage.ESCALATED):
        raise Conflict("This finding is not with the reviewers any more: reload the page to see where it is.")
    asking = Asking(
        finding_id=found.id,
        supplier_id=found.supplier_id,
        text=text.strip(),
        asked_by_id=by.id,
        asked_at=now,
        answer="",
    )
    session.add(asking)
    found.stage, found.touched_at = Stage.ASKED, now
    session.flush()
    _note(session, "finding.asked", found, by=by, now=now, asking=str(asking.id))
    readers = posting.readers(session, found.supplier.organisation_id)
    posting.post(session, MailKind.QUESTION, readers, now=now, asking_id=asking.id)
    return asking


def answer(session: Session, asking_id: uuid.UUID, text: str, *, by: Person, now: datetime) -> Asking:
    """The supplier's answer. The finding goes back to the reviewers. Raises NotFound, Conflict, Invalid."""
    allow(by, Role.SUPPLIER_USER)
    found = asking(session, asking_id, by=by)
    finding = session.scalars(
        select(Finding).where(Finding.id == found.finding_id).with_for_update(of=Finding)
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    session.refresh(found)
    found.reply(text, by=by, at=now)
    if finding.stage is Stage.ASKED:
        finding.stage = Stage.OPEN
    _note(session, "finding.answered", finding, by=by, now=now, asking=str(found.id))
    return found


def withdraw(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> Finding:
    """Wait no longer: the finding goes back to the reviewers, and the question needs no answer any more."""
    found = locked(session, finding_id, by=by)
    if found.stage is not Stage.ASKED:
        raise Conflict("Nothing was asked about this finding, or the answer is there already.")
    for row in session.scalars(select(Asking).where(Asking.finding_id == found.id, Asking.answered_at.is_(None))):
        row.withdrawn_at = row.withdrawn_at or now
    found.stage = Stage.OPEN
    _note(session, "finding.question_withdrawn", found, by=by, now=now)
    return found


def about(session: Session, finding_id: uuid.UUID) -> list[Asking]:
    """Every question about a finding, the oldest first."""
    return list(session.scalars(_about(), {"finding": finding_id}))


def askings(
    session: Session, *, by: Person, waiting: bool | None = None, after: uuid.UUID | None = None, limit: int = 100
) -> Slice[Asking]:
    """The questions that the person may see, the newest first; `waiting` True for those without an answer."""
    query = select(Asking).join(Supplier, Supplier.id == Asking.supplier_id).where(sees(by))
    if waiting is not None:
        waits = Asking.answered_at.is_(None) & Asking.withdrawn_at.is_(None)
        query = query.where(waits if waiting else ~waits)
    if after is not None:
        last = asking(session, after, by=by)
        earlier = Asking.asked_at < last.asked_at
        query = query.where(earlier | ((Asking.asked_at == last.asked_at) & (Asking.id > last.id)))
    return Slice.cut(list(session.scalars(query.order_by(Asking.asked_at.desc(), Asking.id).limit(limit + 1))), limit)


def waiting_for(session: Session, *, by: Person) -> int:
    """How many questions wait for an answer of this supplier."""
    query = (
        select(func.count())
        .select_from(Asking)
        .join(Supplier, Supplier.id == Asking.supplier_id)
        .where(sees(by), Asking.answered_at.is_(None), Asking.withdrawn_at.is_(None))
    )
    return int(session.scalar(query) or 0)


def asking(session: Session, asking_id: uuid.UUID, *, by: Person) -> Asking:
    """One question. Raises NotFound when it is not the person's to see."""
    found = session.scalar(
        select(Asking).join(Supplier, Supplier.id == Asking.supplier_id).where(Asking.id == asking_id, sees(by))
    )
    if found is None:
        raise NotFound()
    return found


@cache
def _about() -> Select[Asking]:
    """Built once: pages of findings ask it."""
    query = (
        select(Asking)
        .where(Asking.finding_id == bindparam("finding"))
        .options(joinedload(Asking.asked_by), joinedload(Asking.answered_by))
    )
    return query.order_by(Asking.asked_at, Asking.id)


def _note(session: Session, act: str, found: Finding, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, **detail)
