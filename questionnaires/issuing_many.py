"""Laying one questionnaire before many suppliers without a campaign: a few at once, thousands by the workers.

The shape is that of inviting to a campaign. A portion is one transaction: a worker that is killed loses its portion,
and nobody gets the questionnaire twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from models.db import later
from models.errors import Conflict, Invalid
from models.issuings import Issuing, IssuingState, ToIssue
from models.journal import note
from models.operations import scope
from models.operations.scope import allow
from models.people import Person
from models.submissions import Published, Submission
from models.supplychain import Supplier
from questionnaires import due_days, inviting, issuing, laying
from questionnaires.issuing import ISSUERS
from questionnaires.values import Json

JOB = "issue_questionnaires"

SHOWN_FOR = timedelta(days=30)
"""How long one that was stopped is still shown among those under way."""

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be laid before whom. What the buyer fills in (`prefilled`) is locked for the suppliers."""

    questionnaire_id: uuid.UUID
    supplier_ids: Sequence[uuid.UUID]
    due_on: date | None = None
    period: str = ""
    prefilled: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is, in suppliers. `left` is None while nobody can say: it stands still, or has only begun."""

    issued: int
    total: int
    left: timedelta | None


def begin(session: Session, order: Order, *, by: Person, now: datetime) -> Issuing | None:
    """Lay the questionnaire before these suppliers: the first portion now, the others by the workers.

    None where the first portion was all. Raises NotFound for what is not the buyer's, Invalid for a day in the past,
    a value that does not fit, or suppliers to whom the workers bring this very questionnaire already, as when the
    button was pressed twice; then nobody gets it.
    """
    allow(by, *ISSUERS)
    row = issuing.one_published(session, order.questionnaire_id, by=by)
    suppliers = list(dict.fromkeys(order.supplier_ids))
    if not suppliers:
        raise Invalid("Choose a questionnaire and at least one supplier.", field="supplier")
    scope.refuse_foreign(session, suppliers, by=by)
    if order.due_on is not None:
        due_days.check(order.due_on, now)
    _refuse_twice(session, row, suppliers, order, by=by)
    first, others = suppliers[: inviting.PORTION], suppliers[inviting.PORTION :]
    _lay(session, row, first, order, by=by, now=now)
    if not others:
        return None
    made = Issuing(
        buyer_id=by.organisation_id, questionnaire=row, period=order.period.strip()[:40], due_on=order.due_on,
        prefilled=dict(order.prefilled), total=len(suppliers), begun_by_id=by.id, begun_at=now, moved_at=now,
        state=IssuingState.UNDER_WAY,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.execute(insert(ToIssue), [{"issuing_id": made.id, "supplier_id": key} for key in others])
    _note(session, "issuing.begun", made, by=by, now=now, suppliers=made.total)
    later(session, JOB, issuing_id=made.id)
    return made


def work(session: Session, issuing_id: uuid.UUID, *, now: datetime) -> bool:
    """Lay it before the next portion. Answers whether more is to do; False while another worker is at it.

    Where the due day went by while no worker ran, it stops by itself: nobody is asked to have answered yesterday.
    """
    query = select(Issuing).where(Issuing.id == issuing_id).with_for_update(of=Issuing, skip_locked=True)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.state is not IssuingState.UNDER_WAY:
        return False
    found.moved_at = now
    if _is_too_late(found, now):
        found.state = IssuingState.STOPPED
        _note(session, "issuing.stopped", found, by=None, now=now)
        return False
    of_it = ToIssue.issuing_id == issuing_id
    keys = list(
        session.scalars(select(ToIssue.supplier_id).where(of_it).order_by(ToIssue.supplier_id).limit(inviting.PORTION))
    )
    order = Order(found.questionnaire_id, keys, found.due_on, found.period, found.prefilled)
    _lay(session, found.questionnaire, keys, order, by=session.get_one(Person, found.begun_by_id), now=now)
    session.execute(delete(ToIssue).where(of_it, ToIssue.supplier_id.in_(keys)))
    if len(keys) == inviting.PORTION:
        return True
    found.state = IssuingState.DONE
    _note(session, "issuing.done", found, by=None, now=now)
    return False


def ring_again(session: Session, issuing_id: uuid.UUID) -> None:
    """Go on later: other work waits too."""
    later(session, JOB, issuing_id=issuing_id)


def stop(session: Session, issuing_id: uuid.UUID, *, by: Person, now: datetime) -> Issuing:
    """Issue it to nobody more for now. Who has it keeps it. Raises Conflict when it does not run."""
    found = one(session, issuing_id, by=by, lock=True)
    if found.state is not IssuingState.UNDER_WAY:
        raise Conflict("Nothing is being issued at this moment, so there is nothing to stop.")
    found.state, found.moved_at = IssuingState.STOPPED, now
    _note(session, "issuing.stopped", found, by=by, now=now)
    return found


def go_on(session: Session, issuing_id: uuid.UUID, *, by: Person, now: datetime) -> Issuing:
    """Issue it to the others after all. Raises Conflict where it was not stopped, or the due day has passed."""
    found = one(session, issuing_id, by=by, lock=True)
    if found.state is not IssuingState.STOPPED:
        raise Conflict("This was not stopped, so it need not be told to go on.")
    if _is_too_late(found, now):
        raise Conflict("The due day has passed: issue the questionnaire anew to those who do not have it.")
    found.state, found.moved_at = IssuingState.UNDER_WAY, now
    _note(session, "issuing.went_on", found, by=by, now=now)
    later(session, JOB, issuing_id=found.id)
    return found


def one(session: Session, issuing_id: uuid.UUID, *, by: Person, lock: bool = False) -> Issuing:
    """One of the buyer's. Raises NotFound."""
    allow(by, *ISSUERS)
    query = select(Issuing).where(Issuing.id == issuing_id, Issuing.buyer_id == by.organisation_id)
    return scope.one(session, query, lock=Issuing if lock else None)


def unfinished(session: Session, *, by: Person, now: datetime) -> list[tuple[Issuing, Progress]]:
    """What the buyer has under way, and what was stopped a while ago, the newest first, each with how far it is."""
    allow(by, *ISSUERS)
    stopped = and_(Issuing.state == IssuingState.STOPPED, Issuing.moved_at > now - SHOWN_FOR)
    query = select(Issuing).where(
        Issuing.buyer_id == by.organisation_id, or_(Issuing.state == IssuingState.UNDER_WAY, stopped)
    )
    rows = list(session.scalars(query.order_by(Issuing.begun_at.desc(), Issuing.id.desc()).limit(MOST_SHOWN)))
    return [(row, progress(session, row, now=now)) for row in rows]


def progress(session: Session, found: Issuing, *, now: datetime) -> Progress:
    """How far it is, counted."""
    waiting = session.scalar(select(func.count()).select_from(ToIssue).where(ToIssue.issuing_id == found.id)) or 0
    issued = found.total - waiting
    if found.state is not IssuingState.UNDER_WAY or not waiting:
        return Progress(issued, found.total, None)
    recent = select(func.count(), func.min(Submission.issued_at)).where(
        Submission.questionnaire_id == found.questionnaire_id, Submission.issued_by_id == found.begun_by_id,
        Submission.issued_at > now - inviting.WINDOW,
    )  # fmt: skip
    return Progress(issued, found.total, inviting.time_left(waiting, *session.execute(recent).one(), now=now))


def sweep(session: Session, *, now: datetime) -> int:
    """Ring for what nobody works on. Answers for how many; may run as often as wanted."""
    stalled = select(Issuing.id).where(
        Issuing.state == IssuingState.UNDER_WAY, Issuing.moved_at <= now - inviting.PATIENCE
    )
    found = list(session.scalars(stalled))
    for issuing_id in found:
        ring_again(session, issuing_id)
    return len(found)


def _lay(
    session: Session, row: Published, keys: Sequence[uuid.UUID], order: Order, *, by: Person, now: datetime
) -> None:
    suppliers = list(session.scalars(select(Supplier).where(Supplier.id.in_(keys)).order_by(Supplier.id)))
    laying.lay_many(
        session, row, suppliers, by=by, now=now, due_on=order.due_on, period=order.period, prefilled=order.prefilled
    )


def _refuse_twice(
    session: Session, row: Published, suppliers: Sequence[uuid.UUID], order: Order, *, by: Person
) -> None:
    query = select(ToIssue.supplier_id).join(Issuing, Issuing.id == ToIssue.issuing_id).where(
        Issuing.buyer_id == by.organisation_id, Issuing.questionnaire_id == row.id,
        Issuing.period == order.period.strip()[:40], Issuing.state == IssuingState.UNDER_WAY,
    )  # fmt: skip
    if not set(suppliers).isdisjoint(session.scalars(query)):
        raise Invalid(
            "Some of these suppliers are getting this questionnaire already: wait until that is done, or stop it.",
            field="supplier",
        )


def _is_too_late(found: Issuing, now: datetime) -> bool:
    return found.due_on is not None and found.due_on < now.date()


def _note(session: Session, act: str, found: Issuing, *, by: Person | None, now: datetime, **detail: object) -> None:
    actor_id = None if by is None else by.id
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=actor_id, at=now, **detail)
