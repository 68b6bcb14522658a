"""A forgotten password: a letter with a link by which its reader sets a new one, once and within the hour."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.errors import Conflict, NotFound
from models.journal import note
from models.mail import Mail, MailKind, PasswordLink, link_hash
from models.operations import accounts, posting
from models.people import Person

LASTS = timedelta(minutes=60)
"""How long a link opens, from the moment at which its letter leaves (OWASP asks for a short and single use)."""

KEPT = timedelta(days=30)
"""A link that is over is known so long, so that its page can say so."""


def ask(session: Session, email: str, *, now: datetime) -> bool:
    """Ask for the letter, where an active person has this address. One that waits already is not asked for twice.

    Answers whether one goes out: nobody may be told, for it says whether the address has a log-in.
    """
    person = accounts.find_by_email(session, email)
    if person is None or not posting.post(session, MailKind.PASSWORD, [person], now=now):
        return False
    _note(session, "person.password_asked", person, actor=None, now=now)
    return True


def make_link(session: Session, mail: Mail, *, now: datetime) -> str:
    """A fresh secret for a letter that leaves: 256 random bits, of which only the hash is kept."""
    session.execute(delete(PasswordLink).where(PasswordLink.expires_at < now - KEPT))
    secret = secrets.token_urlsafe(32)
    session.add(
        PasswordLink(
            token_hash=link_hash(secret), person_id=mail.person_id, password_print=link_hash(mail.person.password_hash),
            made_at=now, expires_at=now + LASTS,
        )
    )  # fmt: skip
    return secret


def link(session: Session, secret: str, *, now: datetime, held: bool = False) -> PasswordLink:
    """The link with this secret. Raises NotFound for none, Conflict for one that opens no more.

    `held` until the commit, so that of two who come at once one is too late.
    """
    query = select(PasswordLink).where(PasswordLink.token_hash == link_hash(secret))
    if held:
        query = query.with_for_update(of=PasswordLink).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    if not found.opens(now):
        raise Conflict("This link was used already, or is too old: ask for a new one.")
    return found


def change(session: Session, secret: str, password_hash: str, *, now: datetime) -> Person:
    """Set the new password, use the link up and end every log-in of the person. Raises as `link` does."""
    found = link(session, secret, now=now, held=True)
    person, found.used_at = found.person, now
    person.password_hash = password_hash
    accounts.close_all(session, person)
    _note(session, "person.password_renewed", person, actor=person, now=now)
    return person


def _note(session: Session, act: str, person: Person, *, actor: Person | None, now: datetime) -> None:
    """Without the address: the journal outlives the account. Who asks is not known, and so nobody is named for it."""
    actor_id = None if actor is None else actor.id
    note(session, act, person.id, organisation_id=person.organisation_id, actor_id=actor_id, at=now)
