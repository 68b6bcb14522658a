"""Handing messages over to addresses: claimed with a lease, sent outside of any transaction, and settled once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.hooks import LEASE, TRIES, Delivery, DeliveryState, Happening, Hook


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message, with all that is needed to send it. `token` lets its holder settle it."""

    id: uuid.UUID
    token: int
    hook_id: uuid.UUID
    url: str
    organisation_id: uuid.UUID
    generation: int
    secret_print: str
    happening: Happening
    thing_id: uuid.UUID
    happened_at: datetime


class NotTaken(Exception):
    """An address did not take a message. `reason` is from a closed list, `status` what it answered, if it did."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def claim(session: Session, hook_id: uuid.UUID, *, now: datetime) -> Message | None:
    """The next message that is due for this address, held for a while; None when nothing is, or the address rests."""
    query = (
        select(Delivery)
        .join(Hook, Hook.id == Delivery.hook_id)
        .where(
            Delivery.hook_id == hook_id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= now,
            Hook.removed_at.is_(None),
            or_(Hook.rests_until.is_(None), Hook.rests_until <= now),
        )
        .order_by(Delivery.due_at, Delivery.number, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query)
    if found is None:
        return None
    if found.attempts >= TRIES:  # Whoever sent it fell silent so often.
        found.state, found.reason = DeliveryState.GIVEN_UP, "sender_fell_silent"
        return None
    found.attempts, found.due_at = found.attempts + 1, now + LEASE
    hook = found.hook
    return Message(
        found.id, found.attempts, hook.id, hook.url, hook.organisation_id, hook.generation, hook.secret_print,
        found.happening, found.thing_id, found.happened_at,
    )  # fmt: skip


def arrived(session: Session, message: Message, *, status: int, now: datetime) -> bool:
    """The address took it. Answers False, and writes nothing, where somebody else has taken it over meanwhile."""
    found = _held(session, message)
    if found is not None:
        found.arrived(status, now)
    return found is not None


def failed(session: Session, message: Message, *, reason: str, status: int | None, now: datetime) -> bool:
    """The address did not take it: again later, or given up. Answers as `arrived` does."""
    found = _held(session, message)
    if found is not None:
        found.failed(reason, status, now)
    return found is not None


def _held(session: Session, message: Message) -> Delivery | None:
    found = session.scalar(
        select(Delivery)
        .where(Delivery.id == message.id)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    if found is None or found.state is not DeliveryState.WAITING or found.attempts != message.token:
        return None
    return found
