"""Reminding suppliers of what they have not sent: one, all of a campaign, or those whose day has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from models.campaigns import Invitation
from models.mail import MailKind
from models.operations import posting
from models.people import Person, Role
from models.submissions import Submission
from models.supplychain import Supplier

AT_ONCE = 500
"""Invitations that one question to the database names."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """To how many suppliers a letter was written, and to how many none was, and why."""

    written: int = 0
    waiting: int = 0
    """An earlier letter of the kind has not left yet: a second would say the same."""
    nobody: int = 0
    """Nobody there can log in and read one."""

    def __add__(self, other: Reminded) -> Reminded:
        return Reminded(self.written + other.written, self.waiting + other.waiting, self.nobody + other.nobody)


def remind_each(session: Session, invitation_ids: Sequence[uuid.UUID], *, now: datetime) -> Reminded:
    """Ask for the letters that fit the day, before it is due or after, to invitations whose answers are to come.

    One that waits already is not asked for twice. Rows are read as columns: a campaign may have thousands.
    Only a letter that was written counts as a reminder.
    """
    done = Reminded()
    for first in range(0, len(invitation_ids), AT_ONCE):
        done += _remind(session, invitation_ids[first : first + AT_ONCE], now=now)
    return done


def _remind(session: Session, keys: Sequence[uuid.UUID], *, now: datetime) -> Reminded:
    query = (
        select(Invitation.id, Invitation.language, Submission.due_on, Supplier.organisation_id)
        .join(Submission, Submission.id == Invitation.submission_id)
        .join(Supplier, Supplier.id == Invitation.supplier_id)
        .where(Invitation.id.in_(keys))
    )
    rows = list(session.execute(query))
    people = posting.readers_of_each(session, {row.organisation_id for row in rows})
    wanted = []
    for row in rows:
        kind = MailKind.OVERDUE if row.due_on is not None and row.due_on < now.date() else MailKind.REMINDER
        wanted += [posting.Wanted(kind, row.id, each.id, row.language) for each in people[row.organisation_id]]
    written = posting.post_many(session, wanted, now=now)
    reached = {each.invitation_id for each in wanted}
    counted = case((Invitation.id.in_(written), Invitation.reminders + 1), else_=Invitation.reminders)
    # A letter that waits is the reminder of this day too: the clock asks for no other once it has left.
    session.execute(update(Invitation).where(Invitation.id.in_(reached)).values(reminders=counted, reminded_at=now))
    return Reminded(len(written), len(reached) - len(written), len(rows) - len(reached))


def can_be_reached() -> ColumnElement[bool]:
    """The condition on `Supplier` rows that somebody there would get a letter; as `posting.readers`."""
    reader = select(Person.id).where(
        Person.organisation_id == Supplier.organisation_id, Person.role == Role.SUPPLIER_USER,
        Person.disabled_at.is_(None),
    )  # fmt: skip
    return reader.exists()
