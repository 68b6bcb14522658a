"""Who did what to which thing, when and why: append-only, each entry sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import At, Base, utcnow

FIRST = "0" * 64
"""What stands in place of the previous hash before the first entry."""


class Entry(Base):
    """One act. `organisation_id` says whose journal it belongs to; the chain runs through all of them."""

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 ... without a gap")
    at: Mapped[At]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(comment="None where the system itself acted")
    act: Mapped[str] = mapped_column(String(60), comment="e.g. 'finding.confirmed'")
    thing_id: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[str] = mapped_column(Text, comment="JSON: before, after, reason; words of a closed list, no texts")
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))

    def computed_seal(self) -> str:
        """The SHA-256 over every other field, in a fixed order and form."""
        return seal_of(
            self.number, self.at, self.organisation_id, self.actor_id, self.act, self.thing_id, self.detail,
            self.previous,
        )  # fmt: skip


def seal_of(
    number: int, at: datetime, organisation_id: uuid.UUID | None, actor_id: uuid.UUID | None, act: str,
    thing_id: str, detail: str, previous: str,
) -> str:  # fmt: skip
    """The seal of an entry with these fields: SHA-256, 64 hexadecimal digits."""
    fields = [number, at.isoformat(), _text(organisation_id), _text(actor_id), act, thing_id, detail, previous]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()


class JournalHead(Base):
    """The last entry's number and seal: one row, locked by whoever is writing."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    number: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class _Act:
    at: datetime
    organisation_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    act: str
    thing_id: str
    detail: str


def note(
    session: Session,
    act: str,
    thing_id: uuid.UUID | str,
    *,
    organisation_id: uuid.UUID | None,
    actor_id: uuid.UUID | None,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """Write an act into the journal when this transaction commits; a rolled-back transaction leaves no trace.

    `detail` holds ids, states and dates, never names or texts: the journal outlives what it is about. Where a program
    acts for a person, the session knows its token, and the entry names it.
    """
    if "token_id" in session.info:
        detail["token"] = session.info["token_id"]
    text = json.dumps(detail, sort_keys=True, default=str, ensure_ascii=True)
    acts: list[_Act] = session.info.setdefault("acts", [])
    acts.append(_Act(at or utcnow(), organisation_id, actor_id, act, str(thing_id), text))


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    what: str


def verify(session: Session) -> Break | None:
    """Walk the whole chain. None means that no row was changed, removed or put in since it was written."""
    previous, expected = FIRST, 1
    query = select(Entry).order_by(Entry.number).execution_options(yield_per=1000)
    with closing(session.scalars(query)) as entries:
        for entry in entries:
            if entry.number != expected:
                return Break(expected, "is missing")
            if entry.previous != previous:
                return Break(entry.number, "does not follow from the entry before it")
            if entry.seal != entry.computed_seal():
                return Break(entry.number, "was changed after it was written")
            previous, expected = entry.seal, expected + 1
    head = session.get(JournalHead, 1)
    if head is not None and (head.number, head.seal) != (expected - 1, previous):
        return Break(expected, "is missing at the end")
    return None


@event.listens_for(Session, "before_commit")
def _write_acts(session: Session) -> None:
    acts: list[_Act] = session.info.pop("acts", [])
    if not acts:
        return
    session.flush()
    head = _locked_head(session)
    for act in acts:
        entry = Entry(
            number=head.number + 1,
            at=act.at,
            organisation_id=act.organisation_id,
            actor_id=act.actor_id,
            act=act.act,
            thing_id=act.thing_id,
            detail=act.detail,
            previous=head.seal,
        )
        entry.seal = entry.computed_seal()
        head.number, head.seal = entry.number, entry.seal
        session.add(entry)
    session.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget_acts(session: Session, _previous: object) -> None:
    session.info.pop("acts", None)


def _locked_head(session: Session) -> JournalHead:
    """The one row that makes writers wait for each other. The first migration puts it there."""
    return session.scalars(
        select(JournalHead).where(JournalHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).one()


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as `{field: [before, after]}`, for the detail of an entry."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
