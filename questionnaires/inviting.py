"""Inviting suppliers to a campaign: a few at once, thousands by the workers, each of them once and with one letter.

A portion with its letters is one transaction: a worker that is killed loses its portion, and invites nobody twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation, Inviting, ToInvite
from models.db import later
from models.errors import Conflict
from models.journal import note
from models.mail import MailKind
from models.people import Person
from models.supplychain import Supplier
from questionnaires import laying, lettering, returning

JOB = "invite_suppliers"

PORTION = 100
"""Suppliers that are invited in one transaction. A campaign of no more is under way when its page opens."""

PATIENCE = timedelta(seconds=20)

WINDOW = timedelta(minutes=2)
"""The pace is taken from who was invited in this time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. `left` is None while nobody can say: it stands still, or has only begun."""

    invited: int
    to_invite: int
    left: timedelta | None

    @property
    def total(self) -> int:
        return self.invited + self.to_invite


def begin(session: Session, campaign: Campaign, suppliers: Sequence[uuid.UUID], *, by: Person, now: datetime) -> None:
    """Invite these suppliers: the first portion now, the others by the workers. `by` may invite all of them."""
    first, others = suppliers[:PORTION], suppliers[PORTION:]
    campaign.moved_at = now
    invite_many(session, campaign, first, by=by, now=now)
    if others:
        session.execute(insert(ToInvite), [{"campaign_id": campaign.id, "supplier_id": key} for key in others])
        campaign.inviting = Inviting.UNDER_WAY
        later(session, JOB, campaign_id=campaign.id)


def work(session: Session, campaign_id: uuid.UUID, *, now: datetime) -> bool:
    """Invite the next portion. Answers whether more is to do; False while another worker is at it, or it was stopped.

    Whoever was brought in by another supplier meanwhile is invited already, and is passed over. Where the due day came
    while no worker ran, it stops by itself: nobody is invited to be late.
    """
    query = select(Campaign).where(Campaign.id == campaign_id).with_for_update(of=Campaign, skip_locked=True)
    campaign = session.scalar(query.execution_options(populate_existing=True))
    if campaign is None or campaign.inviting is not Inviting.UNDER_WAY:
        return False
    if campaign.due_on <= now.date():
        campaign.inviting = Inviting.STOPPED
        note(session, "campaign.stopped", campaign.id, organisation_id=campaign.buyer_id, actor_id=None, at=now)
        return False
    of_it = ToInvite.campaign_id == campaign_id
    next_ones = select(ToInvite.supplier_id).where(of_it).order_by(ToInvite.supplier_id).limit(PORTION)
    keys = list(session.scalars(next_ones))
    known = set(session.scalars(select(Invitation.supplier_id).where(
        Invitation.campaign_id == campaign_id, Invitation.supplier_id.in_(keys)
    )))  # fmt: skip
    by = session.get_one(Person, campaign.started_by_id)
    invite_many(session, campaign, [key for key in keys if key not in known], by=by, now=now)
    session.execute(delete(ToInvite).where(of_it, ToInvite.supplier_id.in_(keys)))
    campaign.moved_at = now
    if len(keys) == PORTION:
        return True
    campaign.inviting = Inviting.DONE
    note(session, "campaign.invited", campaign.id, organisation_id=campaign.buyer_id, actor_id=None, at=now)
    return False


def ring_again(session: Session, campaign_id: uuid.UUID) -> None:
    """Go on later: other work waits too."""
    later(session, JOB, campaign_id=campaign_id)


def invite_many(
    session: Session,
    campaign: Campaign,
    supplier_ids: Sequence[uuid.UUID],
    *,
    by: Person,
    now: datetime,
    due_on: date | None = None,
    passed_on_from: Invitation | None = None,
) -> list[Invitation]:
    """Take suppliers into a campaign. For operations that have made sure that `by` may do so."""
    suppliers = list(session.scalars(select(Supplier).where(Supplier.id.in_(supplier_ids)).order_by(Supplier.id)))
    laid = laying.lay_many(
        session, campaign.questionnaire, suppliers, by=by, now=now, due_on=due_on or campaign.due_on,
        period=campaign.period,
    )  # fmt: skip
    people = lettering.readers_of_each(session, suppliers)
    made = [
        Invitation(
            campaign=campaign, supplier=each.supplier, submission=each, invited_by_id=by.id, invited_at=now,
            language=_spoken(people[each.supplier.organisation_id], campaign.languages),
            passed_on_from_id=None if passed_on_from is None else passed_on_from.id,
        )
        for each in laid
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    lettering.ask_each(session, [(MailKind.INVITATION, row) for row in made], now=now)
    return made


def stop(session: Session, campaign_id: uuid.UUID, *, by: Person, now: datetime) -> Campaign:
    """Invite nobody more for now. Who was invited stays invited. Raises Conflict when it does not run."""
    found = returning.campaign(session, campaign_id, by=by, lock=True)
    if found.inviting is not Inviting.UNDER_WAY:
        raise Conflict("Nobody is being invited at this moment, so there is nothing to stop.")
    found.inviting = Inviting.STOPPED
    note(session, "campaign.stopped", found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now)
    return found


def go_on(session: Session, campaign_id: uuid.UUID, *, by: Person, now: datetime) -> Campaign:
    """Invite the others after all. Raises Conflict when nobody waits to be invited, or the campaign is closed."""
    found = returning.campaign(session, campaign_id, by=by, lock=True)
    if found.closed_at is not None:
        raise Conflict("This campaign is closed: nobody more is invited.")
    if found.inviting is not Inviting.STOPPED:
        raise Conflict("This was not stopped, so it need not be told to go on.")
    if found.due_on <= now.date():
        raise Conflict("The due day has come: start another campaign for those who were not invited.")
    found.inviting, found.moved_at = Inviting.UNDER_WAY, now
    note(session, "campaign.went_on", found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now)
    later(session, JOB, campaign_id=found.id)
    return found


def progress(session: Session, found: Campaign, *, now: datetime) -> Progress:
    """How far it is, counted."""
    own = Invitation.campaign_id == found.id
    invited = session.scalar(select(func.count()).select_from(Invitation).where(own)) or 0
    to_invite = waiting(session, [found.id]).get(found.id, 0)
    if found.inviting is not Inviting.UNDER_WAY or not to_invite:
        return Progress(invited, to_invite, None)
    recent = select(func.count(), func.min(Invitation.invited_at)).where(own, Invitation.invited_at > now - WINDOW)
    count, since = session.execute(recent).one()
    return Progress(invited, to_invite, time_left(to_invite, count, since, now=now))


def time_left(waiting: int, count: int, since: datetime | None, *, now: datetime) -> timedelta | None:
    """How long it still takes at the pace of `count` since then; None where the first portion is all there was."""
    return None if since is None or count <= PORTION else (now - since) * waiting / count


def waiting(session: Session, campaign_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many wait to be invited in each of these campaigns; one in which nobody does is left out."""
    query = select(ToInvite.campaign_id, func.count()).where(ToInvite.campaign_id.in_(campaign_ids))
    return {key: int(count) for key, count in session.execute(query.group_by(ToInvite.campaign_id))}


def sweep(session: Session, *, now: datetime) -> int:
    """Ring for what nobody works on. Answers for how many; may run as often as wanted."""
    stalled = select(Campaign.id).where(Campaign.inviting == Inviting.UNDER_WAY, Campaign.moved_at <= now - PATIENCE)
    found = list(session.scalars(stalled))
    for campaign_id in found:
        later(session, JOB, campaign_id=campaign_id)
    return len(found)


def _spoken(people: Sequence[Person], languages: Sequence[str]) -> str:
    """The language of the letters to these people: the first that one of them reads and the campaign offers."""
    return next((person.language for person in people if person.language in languages), languages[0])
