"""Reminding suppliers of what they have not sent: one, all of a campaign, or those whose day has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.campaigns import Invitation
from models.mail import MailKind
from models.operations import posting
from models.submissions import Submission
from models.supplychain import Supplier

AT_ONCE = 500
"""Invitations that one question to the database names."""


def remind_each(session: Session, invitation_ids: Sequence[uuid.UUID], *, now: datetime) -> None:
    """Ask for the letters that fit the day, before it is due or after, to invitations whose answers are to come.

    One that waits already is not asked for twice. Rows are read as columns: a campaign may have thousands.
    """
    for first in range(0, len(invitation_ids), AT_ONCE):
        _remind(session, invitation_ids[first : first + AT_ONCE], now=now)


def _remind(session: Session, keys: Sequence[uuid.UUID], *, now: datetime) -> None:
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
    posting.post_many(session, wanted, now=now)
    counted = {"reminders": Invitation.reminders + 1, "reminded_at": now}
    session.execute(update(Invitation).where(Invitation.id.in_(keys)).values(counted))
