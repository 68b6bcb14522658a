"""What the clock does about campaigns: reminders on their days, and word to the buyer when nothing helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation
from models.journal import note
from models.mail import MailKind
from models.submissions import Submission, SubmissionState
from questionnaires import lettering
from questionnaires.campaigning import send_reminder

OVERDUE_EVERY = 7
"""Days between two reminders after the due day."""

MOST_OVERDUE = 3
"""Reminders after the due day. Who did not answer three letters will not answer a fourth: people must talk."""

ESCALATE_AFTER = 7
"""Days after the due day on which the buyer is told."""

OPEN = tuple(state for state in SubmissionState if state.is_open)


@dataclass(frozen=True, slots=True)
class Followed:
    reminded: int
    escalated: int


def follow(session: Session, *, now: datetime, limit: int = 500) -> Followed:
    """Ask for every letter whose day has come. May run as often as wanted: each is asked for once."""
    query = (
        select(Invitation)
        .join(Invitation.campaign)
        .join(Invitation.submission)
        .where(Campaign.closed_at.is_(None), Submission.state.in_(OPEN), Submission.due_on.is_not(None))
        .where(Submission.due_on <= now.date() + timedelta(days=366))
        .order_by(Submission.due_on, Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
    )
    reminded = escalated = 0
    for row in session.scalars(query):
        if reminded + escalated >= limit:
            break
        if is_due(row, now.date()):
            send_reminder(session, row, now=now)
            reminded += 1
        escalated += _escalate(session, row, now=now)
    return Followed(reminded, escalated)


def is_due(row: Invitation, today: date) -> bool:
    """Whether a day for a reminder has come since the last letter.

    Days that lie before the invitation, or that passed while nothing ran, bring one letter together and not one each.
    """
    last = (row.reminded_at or row.invited_at).date()
    return any(last < day <= today for day in reminder_days(row))


def reminder_days(row: Invitation) -> list[date]:
    """The days on which a supplier is reminded, by its own due day."""
    due = row.submission.due_on
    if due is None:
        return []
    before = [due - timedelta(days=int(days)) for days in row.campaign.remind_days]
    after = [due + timedelta(days=1 + OVERDUE_EVERY * number) for number in range(MOST_OVERDUE)]
    return before + after


def _escalate(session: Session, row: Invitation, *, now: datetime) -> int:
    due = row.submission.due_on
    if row.escalated_at is not None or due is None or now.date() < due + timedelta(days=ESCALATE_AFTER):
        return 0
    row.escalated_at = now
    starter = row.campaign.started_by
    lettering.ask(session, MailKind.ESCALATION, row, [starter], now=now, language=starter.language)
    note(
        session, "campaign.escalated", row.id, organisation_id=row.campaign.buyer_id, actor_id=None, at=now,
        campaign=row.campaign_id,
    )  # fmt: skip
    return 1
