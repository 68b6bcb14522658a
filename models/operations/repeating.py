"""Calls that are sent twice: who could not hear the first answer sends again, and nothing happens a second time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.tokens import REMEMBERED, ApiCall

LONGEST_KEY = 128


@dataclass(frozen=True, slots=True)
class Call:
    """A writing call. `key` is the caller's own, `print` a digest of what it asks."""

    token_id: uuid.UUID
    key: str
    print: str


class Repeated(Exception):
    """This call was carried out before. `thing_id` is what it made, if it made something."""

    def __init__(self, thing_id: uuid.UUID | None) -> None:
        super().__init__("This call was carried out before.")
        self.thing_id = thing_id


def begin(session: Session, call: Call, *, now: datetime) -> ApiCall:
    """Remember a call in the transaction of its effect. Raises Repeated, or Invalid for a key of another call.

    Of two that come at once, the second waits here for the first to commit.
    """
    if not 0 < len(call.key) <= LONGEST_KEY:
        raise Invalid("An Idempotency-Key has 1 to 128 characters.", field="Idempotency-Key")
    row = ApiCall(token_id=call.token_id, key=call.key, print=call.print, at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        known = session.scalars(select(ApiCall).where(ApiCall.token_id == call.token_id, ApiCall.key == call.key)).one()
        if known.print != call.print:
            raise Invalid(
                "This Idempotency-Key was used for another call: make a new key for each.", field="Idempotency-Key"
            ) from None
        raise Repeated(known.thing_id) from None
    return row


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget the calls that nobody sends again any more. Answers how many."""
    gone = session.execute(delete(ApiCall).where(ApiCall.at < now - REMEMBERED))
    return int(getattr(gone, "rowcount", 0))
