"""Asking for letters, and the links in them that let somebody in once. Their words are made when they leave."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns import Invitation
from models.errors import Conflict, NotFound
from models.journal import note
from models.mail import EntryLink, Mail, MailKind, link_hash
from models.operations import posting
from models.people import Person
from models.supplychain import Supplier

RENEW_AFTER = timedelta(minutes=10)
"""A link brings a new letter at most so often."""

ABOUT_TO_ANSWER = (MailKind.INVITATION, MailKind.REMINDER, MailKind.OVERDUE)
"""Letters that have no point once the answers are in."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Whom a link let in, and to which questionnaire or question; to the plans where it is neither."""

    person: Person
    submission_id: uuid.UUID | None
    asking_id: uuid.UUID | None


def ask(
    session: Session,
    kind: MailKind,
    invitation: Invitation,
    people: Sequence[Person],
    *,
    now: datetime,
    language: str = "",
) -> list[Mail]:
    """Ask for a letter about an invitation to each of these people. One that waits already is not asked for twice."""
    return posting.post(session, kind, people, now=now, invitation_id=invitation.id, language=language)


def readers_of_each(session: Session, suppliers: Sequence[Supplier]) -> dict[uuid.UUID, list[Person]]:
    """The people who get the letters of these suppliers, by the key of their organisation."""
    return posting.readers_of_each(session, {supplier.organisation_id for supplier in suppliers})


def ask_each(session: Session, letters: Sequence[tuple[MailKind, Invitation]], *, now: datetime) -> None:
    """Ask for a letter to everybody at each of these suppliers, in the language of its invitation.

    One that waits already is not asked for twice.
    """
    people = readers_of_each(session, [row.supplier for _, row in letters])
    wanted = [
        posting.Wanted(kind, row.id, person.id, row.language)
        for kind, row in letters
        for person in people[row.supplier.organisation_id]
    ]
    posting.post_many(session, wanted, now=now)


def is_pointless(mail: Mail) -> str | None:
    """Why a letter need not leave any more; None where it must."""
    if not mail.person.is_active:
        return "person_disabled"
    if mail.asking is not None and not mail.asking.waits:
        return "answered"
    if mail.kind is MailKind.DIGEST and not mail.person.wants_digest:
        return "switched_off"
    if mail.invitation is None or mail.kind not in ABOUT_TO_ANSWER:
        return None
    if not mail.invitation.is_open:
        return "answered"
    return None if mail.invitation.campaign.closed_at is None else "campaign_closed"


def make_link(session: Session, mail: Mail, *, now: datetime, days: int) -> str:
    """A fresh secret for a letter that leaves: 256 random bits, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        EntryLink(
            token_hash=link_hash(token), person_id=mail.person_id, invitation_id=mail.invitation_id,
            asking_id=mail.asking_id, made_at=now, expires_at=now + timedelta(days=days),
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
    invitation = found.invitation
    note(
        session, "link.used", found.invitation_id or found.asking_id or found.person_id, actor_id=found.person_id,
        organisation_id=found.person.organisation_id if invitation is None else invitation.campaign.buyer_id, at=now,
    )  # fmt: skip
    return Entered(found.person, None if invitation is None else invitation.submission_id, found.asking_id)


def renew(session: Session, token: str, *, now: datetime) -> bool:
    """Send a new link to the address that the old one went to, and to no other. Answers whether one goes out."""
    found = known_link(session, token)
    if found is None or not found.person.is_active:
        return False
    if found.renewed_at is not None and now - found.renewed_at < RENEW_AFTER:
        return False
    found.renewed_at = now
    if found.invitation is not None:
        return bool(ask(session, MailKind.NEW_LINK, found.invitation, [found.person], now=now))
    kind = MailKind.DIGEST if found.asking_id is None else MailKind.QUESTION
    return bool(posting.post(session, kind, [found.person], now=now, asking_id=found.asking_id))
