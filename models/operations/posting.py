"""The outbox: letters are asked for, looked at by those who may, and taken out by the clock when they are due."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, insert, select, union_all
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation
from models.errors import NotFound
from models.mail import AT_ANY_HOUR, Mail, MailKind, MailPart, MailState
from models.operations.scope import Slice, allow
from models.people import Person, Role
from models.review import Asking
from models.supplychain import Supplier

MOST_READERS = 10
"""People of one supplier who get a letter."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter about an invitation, to one person."""

    kind: MailKind
    invitation_id: uuid.UUID
    person_id: uuid.UUID
    language: str


def readers(session: Session, organisation_id: uuid.UUID) -> list[Person]:
    """The people of a supplier who get its letters, those who were there first before the others."""
    return readers_of_each(session, [organisation_id])[organisation_id]


def readers_of_each(session: Session, organisation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    """As `readers`, for many suppliers in one question; each of them is named."""
    query = (
        select(Person)
        .where(
            Person.organisation_id.in_(organisation_ids),
            Person.role == Role.SUPPLIER_USER,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.created_at, Person.id)
    )
    found: dict[uuid.UUID, list[Person]] = {key: [] for key in organisation_ids}
    for person in session.scalars(query):
        if len(found[person.organisation_id]) < MOST_READERS:
            found[person.organisation_id].append(person)
    return found


def post(
    session: Session,
    kind: MailKind,
    people: Iterable[Person],
    *,
    now: datetime,
    invitation_id: uuid.UUID | None = None,
    asking_id: uuid.UUID | None = None,
    language: str = "",
) -> list[Mail]:
    """Ask for a letter to each of these people. One about the same that waits already is not asked for twice."""
    waiting = select(Mail.person_id).where(
        Mail.kind == kind, Mail.state == MailState.WAITING,
        Mail.invitation_id == invitation_id, Mail.asking_id == asking_id,
    )  # fmt: skip
    known = set(session.scalars(waiting))
    rows = [
        Mail(
            kind=kind, person_id=person.id, invitation_id=invitation_id, asking_id=asking_id,
            language=language or person.language, asked_at=now, due_at=now,
        )
        for person in people
        if person.id not in known
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def post_many(session: Session, wanted: Sequence[Wanted], *, now: datetime) -> set[uuid.UUID]:
    """As `post`, for many invitations at once: three questions however many letters.

    Answers about which invitations a letter was written; about the others all of theirs waited already.
    """
    about = {each.invitation_id for each in wanted}
    waiting = select(Mail.kind, Mail.invitation_id, Mail.person_id).where(
        Mail.state == MailState.WAITING, Mail.invitation_id.in_(about)
    )
    known = {tuple(row) for row in session.execute(waiting)}
    rows = [
        {**asdict(each), "asked_at": now, "due_at": now}
        for each in wanted
        if (each.kind, each.invitation_id, each.person_id) not in known
    ]
    if rows:
        session.execute(insert(Mail), rows)
    return {row["invitation_id"] for row in rows}


def due(session: Session, *, now: datetime, limit: int = 20, quiet: bool = False) -> list[Mail]:
    """The letters that should leave now, the oldest first. Locked, so that two clocks never send one twice.

    In `quiet` hours only those for which somebody waits.
    """
    may_leave = [Mail.kind.in_(AT_ANY_HOUR)] if quiet else []
    query = (
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.due_at <= now, *may_leave)
        .order_by(Mail.due_at, Mail.id)
        .limit(limit)
        .with_for_update(of=Mail, skip_locked=True)
    )
    return list(session.scalars(query))


def letters(session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = 50) -> Slice[Mail]:
    """The letters that concern the person's organisation, newest first."""
    allow(by, Role.COMPLIANCE, Role.ADMIN)
    query = select(Mail).where(Mail.id.in_(_of(by)))
    if after is not None:
        query = query.where(Mail.id < letter(session, after, by=by).id)
    return Slice.cut(list(session.scalars(query.order_by(Mail.id.desc()).limit(limit + 1))), limit)


def letter(session: Session, mail_id: uuid.UUID, *, by: Person) -> Mail:
    """One letter. Raises NotFound for one that does not concern the person's organisation."""
    allow(by, Role.COMPLIANCE, Role.ADMIN)
    found = session.scalar(select(Mail).where(Mail.id == mail_id, Mail.id.in_(_of(by))))
    if found is None:
        raise NotFound()
    return found


def parts_for(mail: Mail, buyer_id: uuid.UUID | None = None) -> Sequence[MailPart]:
    """The parts of a letter about plans by the name of the customer; with `buyer_id` that customer's alone."""
    rows = [row for row in mail.parts if buyer_id in (None, row.buyer_id)]
    return sorted(rows, key=lambda row: (row.buyer.name.casefold(), row.buyer_id))


def _of(by: Person) -> CompoundSelect[tuple[uuid.UUID]]:
    """The keys of the letters of the person's organisation: about its campaigns, its questions, or plans with it."""
    own = by.organisation_id
    asked = select(Mail.id).join(Invitation, Invitation.id == Mail.invitation_id).join(Campaign)
    questions = select(Mail.id).join(Asking, Asking.id == Mail.asking_id).join(Supplier)
    counted = select(MailPart.mail_id).where(MailPart.buyer_id == own)
    return union_all(asked.where(Campaign.buyer_id == own), questions.where(Supplier.buyer_id == own), counted)
