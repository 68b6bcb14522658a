"""Asking for letters, and the links in them that let somebody in once. Their words are made when they leave."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation
from models.errors import Conflict, NotFound
from models.journal import note
from models.mail import EntryLink, Mail, MailKind, MailState, link_hash
from models.operations.scope import Slice, allow
from models.people import Person, Role

MOST_READERS = 10
"""People of one supplier who get a letter."""

RENEW_AFTER = timedelta(minutes=10)
"""A link brings a new letter at most so often."""

ABOUT_TO_ANSWER = (MailKind.INVITATION, MailKind.REMINDER, MailKind.OVERDUE)
"""Letters that have no point once the answers are in."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Whom a link let in, and to which questionnaire."""

    person: Person
    submission_id: uuid.UUID


def readers(session: Session, invitation: Invitation) -> list[Person]:
    """The people of the supplier who get its letters, those who were there first before the others."""
    query = (
        select(Person)
        .where(
            Person.organisation_id == invitation.supplier.organisation_id,
            Person.role == Role.SUPPLIER_USER,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.created_at, Person.id)
        .limit(MOST_READERS)
    )
    return list(session.scalars(query))


def ask(
    session: Session,
    kind: MailKind,
    invitation: Invitation,
    people: Sequence[Person],
    *,
    now: datetime,
    language: str = "",
) -> list[Mail]:
    """Ask for a letter to each of these people. One that waits already is not asked for twice."""
    waiting = select(Mail.person_id).where(
        Mail.invitation_id == invitation.id, Mail.kind == kind, Mail.state == MailState.WAITING
    )
    known = set(session.scalars(waiting))
    rows = [
        Mail(
            kind=kind, person_id=person.id, invitation_id=invitation.id, language=language or person.language,
            asked_at=now, due_at=now,
        )
        for person in people
        if person.id not in known
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows


def due(session: Session, *, now: datetime, limit: int = 20) -> list[Mail]:
    """The letters that should leave now, the oldest first. Locked, so that two clocks never send one twice."""
    query = (
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.due_at <= now)
        .order_by(Mail.due_at, Mail.id)
        .limit(limit)
        .with_for_update(of=Mail, skip_locked=True)
    )
    return list(session.scalars(query))


def is_pointless(mail: Mail) -> str | None:
    """Why a letter need not leave any more; None where it must."""
    if not mail.person.is_active:
        return "person_disabled"
    if mail.kind in ABOUT_TO_ANSWER and not mail.invitation.is_open:
        return "answered"
    if mail.kind in ABOUT_TO_ANSWER and mail.invitation.campaign.closed_at is not None:
        return "campaign_closed"
    return None


def letters(session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = 50) -> Slice[Mail]:
    """The letters of the buyer's campaigns, newest first."""
    allow(by, Role.COMPLIANCE, Role.ADMIN)
    query = select(Mail).join(Mail.invitation).join(Campaign).where(Campaign.buyer_id == by.organisation_id)
    if after is not None:
        query = query.where(Mail.id < letter(session, after, by=by).id)
    return Slice.cut(list(session.scalars(query.order_by(Mail.id.desc()).limit(limit + 1))), limit)


def letter(session: Session, mail_id: uuid.UUID, *, by: Person) -> Mail:
    """One letter. Raises NotFound for another buyer's."""
    allow(by, Role.COMPLIANCE, Role.ADMIN)
    query = select(Mail).join(Mail.invitation).join(Campaign)
    found = session.scalar(query.where(Mail.id == mail_id, Campaign.buyer_id == by.organisation_id))
    if found is None:
        raise NotFound()
    return found


def make_link(session: Session, mail: Mail, *, now: datetime, days: int) -> str:
    """A fresh secret for a letter that leaves: 256 random bits, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        EntryLink(
            token_hash=link_hash(token), person_id=mail.person_id, invitation_id=mail.invitation_id, made_at=now,
            expires_at=now + timedelta(days=days),
        )
    )  # fmt: skip
    return token


def known_link(session: Session, token: str) -> EntryLink | None:
    """The link with this secret, whether or not it still opens."""
    return session.get(EntryLink, link_hash(token)) if token else None


def enter(session: Session, token: str, *, now: datetime) -> Entered:
    """Use the link up. Raises NotFound for none, Conflict for one that was used or is too old."""
    query = select(EntryLink).where(EntryLink.token_hash == link_hash(token)).with_for_update(of=EntryLink)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    if not found.opens(now):
        raise Conflict("This link was used already, or is too old: ask for a new one, or log in.")
    found.used_at = now
    note(
        session, "link.used", found.invitation_id, organisation_id=found.invitation.campaign.buyer_id,
        actor_id=found.person_id, at=now,
    )  # fmt: skip
    return Entered(found.person, found.invitation.submission_id)


def renew(session: Session, token: str, *, now: datetime) -> bool:
    """Send a new link to the address that the old one went to, and to no other. Answers whether one goes out."""
    found = known_link(session, token)
    if found is None or not found.person.is_active:
        return False
    if found.renewed_at is not None and now - found.renewed_at < RENEW_AFTER:
        return False
    found.renewed_at = now
    return bool(ask(session, MailKind.NEW_LINK, found.invitation, [found.person], now=now))
