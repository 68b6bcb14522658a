"""From the journal to messages: whatever happened is read off the journal once, and laid out for each address."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from models.db import later
from models.hooks import KEPT, Delivery, DeliveryState, Happening, Hook, HookReader
from models.journal import Entry

JOB = "deliver_messages"

ACTS = {
    "document.screened": Happening.DOCUMENT_SCREENED,
    "document.set_aside": Happening.DOCUMENT_SCREENED,
    "finding.confirmed": Happening.FINDING_CONFIRMED,
    "submission.submitted": Happening.QUESTIONNAIRE_SUBMITTED,
}


def happening_of(act: str) -> Happening | None:
    """What addresses are told when this act stands in the journal; None where it is nobody's business."""
    return Happening.PLAN_CHANGED if act.startswith("plan.") else ACTS.get(act)


def read_on(session: Session, *, now: datetime, limit: int = 2000) -> int:
    """Lay out messages for what the journal says since the last time; `sweep` rings for them. Answers how many.

    The journal is written in the transaction of each act and has no gaps, so that nothing is missed and nothing told
    twice, whatever is down meanwhile. Several clocks may come at once: the second waits, and finds nothing to do.
    """
    newest = session.scalar(select(func.max(Entry.number))) or 0
    reader = session.scalars(
        select(HookReader).where(HookReader.id == 1).with_for_update().execution_options(populate_existing=True)
    ).one()
    if newest <= reader.number:
        return 0
    hooks = _by_organisation(session)
    if not hooks:
        reader.number = newest
        return 0
    query = select(Entry).where(Entry.number > reader.number).order_by(Entry.number).limit(limit)
    made: list[Delivery] = []
    for entry in session.scalars(query):
        reader.number = entry.number
        made += _messages(entry, hooks, now)
    session.add_all(made)
    session.flush()
    return len(made)


def sweep(session: Session, *, now: datetime) -> int:
    """Ring for addresses with messages that are due. Answers how many; may run as often as wanted."""
    query = (
        select(Delivery.hook_id)
        .join(Hook, Hook.id == Delivery.hook_id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= now,
            Hook.removed_at.is_(None),
            or_(Hook.rests_until.is_(None), Hook.rests_until <= now),
        )
        .distinct()
        .limit(500)
    )
    waiting = list(session.scalars(query))
    for hook_id in waiting:
        later(session, JOB, hook_id=hook_id)
    return len(waiting)


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget the messages that arrived long ago. Those that were given up stay until somebody sends them again."""
    gone = session.execute(delete(Delivery).where(Delivery.state == DeliveryState.SENT, Delivery.sent_at < now - KEPT))
    return int(getattr(gone, "rowcount", 0))


def _by_organisation(session: Session) -> dict[uuid.UUID, list[Hook]]:
    found: dict[uuid.UUID, list[Hook]] = defaultdict(list)
    for hook in session.scalars(select(Hook).where(Hook.removed_at.is_(None)).order_by(Hook.id)):
        found[hook.organisation_id].append(hook)
    return found


def _messages(entry: Entry, hooks: dict[uuid.UUID, list[Hook]], now: datetime) -> list[Delivery]:
    happening = happening_of(entry.act)
    if happening is None or entry.organisation_id is None:
        return []
    return [
        Delivery(
            hook_id=hook.id, happening=happening, number=entry.number, thing_id=uuid.UUID(entry.thing_id),
            happened_at=entry.at, state=DeliveryState.WAITING, attempts=0, due_at=now,
        )
        for hook in hooks.get(entry.organisation_id, [])
        if happening.value in hook.happenings and entry.at >= hook.made_at
    ]  # fmt: skip
