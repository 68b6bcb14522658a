"""Makes tokens and webhooks, as their pages do."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from models.operations import granting, hooking
from models.people import Person
from models.tokens import Reach
from tests.factories import NOON


def make_token(
    session: Session, *, for_whom: Person, by: Person | None = None, reach: Reach = Reach.WRITE, days: int = 30
) -> granting.Granted:
    """A token that acts for this person, with its secret. `by` is an administrator where the person may make none."""
    by = by or for_whom
    return granting.make(session, person_id=for_whom.id, name="A program", reach=reach, days=days, by=by, now=NOON)


def make_door_things(session: Session, *, by: Person) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A token, a webhook and a message to it: their keys."""
    token = make_token(session, for_whom=by).token
    hook = hooking.make(
        session, url="https://example.org/told", happenings=["plan.changed"],
        secret_of=lambda key, number: f"{key}{number}", plain=False, by=by, now=NOON,
    ).hook  # fmt: skip
    return token.id, hook.id, hooking.try_out(session, hook.id, by=by, now=NOON).id
