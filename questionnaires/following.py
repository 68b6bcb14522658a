"""What the clock does about campaigns: reminders on their days, and word to the buyer when nothing helped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Moment
from models.campaigns import Campaign, Invitation
from models.journal import note
from models.mail import Mail, MailKind
from models.submissions import Submission
from models.supplychain import Supplier
from questionnaires import lettering
from questionnaires.reminding import can_be_reached, remind_each
from questionnaires.returning import OPEN

OVERDUE_EVERY = 7
"""Days between two reminders after the due day."""

MOST_OVERDUE = 3
"""Reminders after the due day. Who did not answer three letters will not answer a fourth: people must talk."""

ESCALATE_AFTER = 7
"""Days after the due day on which the buyer is told."""


@dataclass(frozen=True, slots=True)
class Followed:
    reminded: int
    escalated: int


def follow(session: Session, *, now: datetime, limit: int = 500) -> Followed:
    """Ask for every letter whose day has come. May run as often as wanted: each is asked for once."""
    today = now.date()
    due = [each for each in _watched(session, today) if each.is_due(today) or each.is_hopeless(today)][:limit]
    query = (
        select(Invitation)
        .where(Invitation.id.in_([each.id for each in due]))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    reached = {each.id for each in due if each.reachable}
    # Looked at again, now that nobody changes it.
    held = [(row, Watched.of(row, reachable=row.id in reached)) for row in session.scalars(query)]
    late = [row.id for row, each in held if each.is_due(today)]
    done = remind_each(session, late, now=now)
    hopeless = [row for row, each in held if each.is_hopeless(today)]
    _escalate(session, hopeless, now=now)
    return Followed(done.written, len(hopeless))


@dataclass(frozen=True, slots=True)
class Watched:
    """What the clock needs to know of an invitation whose answers are still to come."""

    id: uuid.UUID
    due_on: date | None
    last: datetime
    """The last letter."""
    escalated_at: datetime | None
    remind_days: Sequence[int]
    reachable: bool
    """Whether anybody there would get a letter. Asked every time, so that who comes later is reminded."""

    @classmethod
    def of(cls, row: Invitation, *, reachable: bool) -> Watched:
        last = row.reminded_at or row.invited_at
        return cls(row.id, row.submission.due_on, last, row.escalated_at, row.campaign.remind_days, reachable)

    def days(self) -> list[date]:
        """The days on which a supplier is reminded, by its own due day."""
        if self.due_on is None:
            return []
        before = [self.due_on - timedelta(days=int(days)) for days in self.remind_days]
        return before + [self.due_on + timedelta(days=1 + OVERDUE_EVERY * number) for number in range(MOST_OVERDUE)]

    def is_due(self, today: date) -> bool:
        """Whether a day for a reminder has come since the last letter.

        Days that lie before the invitation, or that passed while nothing ran, bring one letter together.
        """
        return self.reachable and any(self.last.date() < day <= today for day in self.days())

    def is_hopeless(self, today: date) -> bool:
        """Whether the buyer is to be told, and was not."""
        if self.escalated_at is not None or self.due_on is None:
            return False
        return today >= self.due_on + timedelta(days=ESCALATE_AFTER)


def _watched(session: Session, today: date) -> list[Watched]:
    """Whoever has not sent its answers, in campaigns that are not closed: as columns, for there may be thousands."""
    last = func.coalesce(Invitation.reminded_at, Invitation.invited_at, type_=Moment())
    query = (
        select(Invitation.id, Submission.due_on, last, Invitation.escalated_at, Campaign.remind_days, can_be_reached())
        .join(Campaign, Campaign.id == Invitation.campaign_id)
        .join(Submission, Submission.id == Invitation.submission_id)
        .join(Supplier, Supplier.id == Invitation.supplier_id)
        .where(Campaign.closed_at.is_(None), Submission.state.in_(OPEN), Submission.due_on.is_not(None))
        .where(Submission.due_on <= today + timedelta(days=366))
        .order_by(Submission.due_on, Invitation.id)
    )
    return [Watched(*row) for row in session.execute(query)]


def _escalate(session: Session, rows: Sequence[Invitation], *, now: datetime) -> None:
    """Tell whoever began the campaign: once a day at most, however many are late, since the page names them all."""
    campaigns: dict[uuid.UUID, Invitation] = {}
    for row in rows:
        row.escalated_at = now
        campaigns.setdefault(row.campaign_id, row)
        note(
            session, "campaign.escalated", row.id, organisation_id=row.campaign.buyer_id, actor_id=None, at=now,
            campaign=row.campaign_id,
        )  # fmt: skip
    for campaign_id, row in campaigns.items():
        told = select(Mail.id).join(Invitation, Invitation.id == Mail.invitation_id).where(
            Invitation.campaign_id == campaign_id, Mail.kind == MailKind.ESCALATION,
            Mail.asked_at > now - timedelta(days=1),
        )  # fmt: skip
        if session.scalar(told.limit(1)) is None:
            starter = row.campaign.started_by
            lettering.ask(session, MailKind.ESCALATION, row, [starter], now=now, language=starter.language)
