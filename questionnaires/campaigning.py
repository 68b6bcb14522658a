"""Campaigns: one questionnaire before many suppliers; who is late, who asked for more time, how many sent it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Decision, ExtensionRequest, Invitation, SupplyLink
from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.mail import MailKind
from models.operations.scope import Slice, allow
from models.operations.scope import supplier as supplier_seen
from models.people import Person
from models.submissions import Published, SubmissionState
from models.supplychain import Supplier
from questionnaires import due_days, issuing, lettering
from questionnaires.issuing import ISSUERS

REMIND_DAYS = (14, 3)
"""Days before the due day on which a reminder goes out where nobody chose others."""

MOST_SUPPLIERS = 5_000
RETURNED = frozenset({SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW, SubmissionState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is to be. `languages`: in which ones letters are written, the first for whom no other fits."""

    name: str
    questionnaire_id: uuid.UUID
    supplier_ids: Sequence[uuid.UUID]
    due_on: date
    languages: Sequence[str] = ("en",)
    period: str = ""
    remind_days: Sequence[int] = REMIND_DAYS


@dataclass(frozen=True, slots=True)
class Returns:
    """How a campaign stands. `by_day`: how many answers were in at the end of each day that brought any."""

    invited: int
    opened: int
    returned: int
    late: int
    by_day: tuple[tuple[date, int], ...]

    @property
    def share(self) -> float | None:
        return self.returned / self.invited if self.invited else None


def start(session: Session, plan: Plan, *, by: Person, now: datetime) -> Campaign:
    """Lay the questionnaire before every supplier and ask for the invitations.

    Raises Invalid for what is missing, NotFound for what is not the buyer's.
    """
    allow(by, *ISSUERS)
    _check(plan, now)
    row = next((each for each in issuing.published(session, by=by) if each.id == plan.questionnaire_id), None)
    if row is None:
        raise NotFound()
    found = Campaign(
        buyer_id=by.organisation_id, questionnaire=row, name=plan.name.strip()[:120], period=plan.period.strip()[:40],
        due_on=plan.due_on, languages=list(plan.languages), remind_days=sorted(set(plan.remind_days), reverse=True),
        started_by_id=by.id, started_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    for supplier_id in dict.fromkeys(plan.supplier_ids):
        invite(session, found, supplier_seen(session, supplier_id, by=by).id, row, by=by, now=now)
    _note(session, "campaign.started", found, by=by, now=now, suppliers=len(set(plan.supplier_ids)))
    return found


def invite(
    session: Session,
    campaign: Campaign,
    supplier_id: uuid.UUID,
    row: Published,
    *,
    by: Person,
    now: datetime,
    due_on: date | None = None,
    passed_on_from: Invitation | None = None,
) -> Invitation:
    """Take one more supplier into a campaign. For operations that have made sure that `by` may do so."""
    supplier = session.get_one(Supplier, supplier_id)
    laid = issuing.lay(session, row, supplier, by=by, now=now, due_on=due_on or campaign.due_on, period=campaign.period)
    made = Invitation(
        campaign=campaign, supplier=supplier, submission=laid, language=campaign.languages[0], invited_by_id=by.id,
        invited_at=now, passed_on_from_id=None if passed_on_from is None else passed_on_from.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    people = lettering.readers(session, made)
    spoken = next((person.language for person in people if person.language in campaign.languages), None)
    made.language = spoken or made.language
    lettering.ask(session, MailKind.INVITATION, made, people, now=now, language=made.language)
    return made


def campaigns(
    session: Session, *, by: Person, today: date, after: uuid.UUID | None = None, limit: int = 50
) -> Slice[tuple[Campaign, Returns]]:
    """The buyer's campaigns, newest first, each with how it stands."""
    allow(by, *ISSUERS)
    query = select(Campaign).where(Campaign.buyer_id == by.organisation_id)
    if after is not None:
        query = query.where(Campaign.id < campaign(session, after, by=by).id)
    cut = Slice.cut(list(session.scalars(query.order_by(Campaign.id.desc()).limit(limit + 1))), limit)
    return Slice(tuple((row, returns(invitations(session, row), today=today)) for row in cut.rows), cut.more)


def campaign(session: Session, campaign_id: uuid.UUID, *, by: Person) -> Campaign:
    """One campaign. Raises NotFound for another buyer's."""
    allow(by, *ISSUERS)
    found = session.scalar(select(Campaign).where(Campaign.id == campaign_id, Campaign.buyer_id == by.organisation_id))
    if found is None:
        raise NotFound()
    return found


def invitations(session: Session, found: Campaign) -> list[Invitation]:
    """Everybody who was invited, by name."""
    rows = session.scalars(select(Invitation).where(Invitation.campaign_id == found.id))
    return sorted(rows, key=lambda row: (row.supplier.name.casefold(), row.id))


def returns(rows: Sequence[Invitation], *, today: date) -> Returns:
    """How many were invited, opened it, sent it and are late; and how the answers came in."""
    sent = sorted(
        row.submission.submitted_at.date()
        for row in rows
        if row.submission.submitted_at is not None and row.submission.state in RETURNED
    )
    by_day = tuple((day, number) for number, day in enumerate(sent, start=1) if sent[number : number + 1] != [day])
    return Returns(
        invited=len(rows),
        opened=sum(row.submission.state is not SubmissionState.DRAFT for row in rows),
        returned=len(sent),
        late=sum(row.is_late(today) for row in rows),
        by_day=by_day,
    )


def remind(
    session: Session, campaign_id: uuid.UUID, invitation_id: uuid.UUID | None, *, by: Person, now: datetime
) -> int:
    """Ask for a reminder to one supplier, or to everybody who has not sent anything. Answers to how many suppliers."""
    found = campaign(session, campaign_id, by=by)
    if found.closed_at is not None:
        raise Conflict("This campaign is closed: nobody is reminded any more.")
    rows = [row for row in invitations(session, found) if invitation_id in (None, row.id)]
    if not rows:
        raise NotFound()
    waiting = [row for row in rows if row.is_open]
    for row in waiting:
        send_reminder(session, row, now=now)
    _note(session, "campaign.reminded", found, by=by, now=now, suppliers=len(waiting))
    return len(waiting)


def send_reminder(session: Session, row: Invitation, *, now: datetime) -> None:
    """Ask for the letter that fits the day: before it is due, or after."""
    kind = MailKind.OVERDUE if row.is_late(now.date()) else MailKind.REMINDER
    lettering.ask(session, kind, row, lettering.readers(session, row), now=now, language=row.language)
    row.reminders, row.reminded_at = row.reminders + 1, now


def extend(
    session: Session, campaign_id: uuid.UUID, invitation_id: uuid.UUID, due_on: date, *, by: Person, now: datetime
) -> Invitation:
    """Give one supplier another day."""
    row = _invitation(session, campaign_id, invitation_id, by=by)
    issuing.extend(session, row.submission_id, due_on, by=by, now=now)
    return row


def requests(session: Session, found: Campaign, *, waiting: bool = True) -> list[ExtensionRequest]:
    """Who asked for more time, the oldest first; `waiting`: only those that nobody decided about."""
    query = select(ExtensionRequest).join(Invitation).where(Invitation.campaign_id == found.id)
    if waiting:
        query = query.where(ExtensionRequest.decision.is_(None))
    return list(session.scalars(query.order_by(ExtensionRequest.asked_at, ExtensionRequest.id)))


def decide(
    session: Session,
    campaign_id: uuid.UUID,
    request_id: uuid.UUID,
    decision: Decision,
    *,
    answer: str,
    by: Person,
    now: datetime,
) -> ExtensionRequest:
    """Grant or refuse more time; the supplier is told by letter, and reads the reason on its page."""
    found = campaign(session, campaign_id, by=by)
    asked = session.get(ExtensionRequest, request_id)
    if asked is None or asked.invitation.campaign_id != found.id:
        raise NotFound()
    if decision is Decision.REFUSED and not answer.strip():
        raise Invalid("Say why: the supplier reads it.", field="answer")
    asked.decide(decision, by=by, answer=answer.strip()[:2000], at=now)
    kind = MailKind.EXTENSION_REFUSED
    if decision is Decision.GRANTED:
        issuing.extend(session, asked.invitation.submission_id, asked.wanted_on, by=by, now=now)
        kind = MailKind.EXTENSION_GRANTED
    lettering.ask(session, kind, asked.invitation, [asked.asked_by], now=now, language=asked.invitation.language)
    _note(session, f"extension.{decision.value}", found, by=by, now=now, request=asked.id)
    return asked


def close(session: Session, campaign_id: uuid.UUID, *, by: Person, now: datetime) -> Campaign:
    """End the reminders. What suppliers were asked stays open to them."""
    found = campaign(session, campaign_id, by=by)
    if found.closed_at is not None:
        raise Conflict("This campaign is closed already.")
    found.closed_at = now
    _note(session, "campaign.closed", found, by=by, now=now)
    return found


def tiers(session: Session, buyer_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """How far from the buyer each of its suppliers stands that somebody else brought in; all others are in tier 1."""
    links = list(
        session.scalars(
            select(SupplyLink)
            .join(Supplier, Supplier.id == SupplyLink.supplier_id)
            .where(Supplier.buyer_id == buyer_id)
        )
    )
    direct = {link.supplier_id for link in links if link.also_direct}
    found: dict[uuid.UUID, int] = {}
    nearer = {link.customer_id for link in links} - {link.supplier_id for link in links} | direct
    tier = 1
    while nearer:
        further = {link.supplier_id for link in links if link.customer_id in nearer} - direct - found.keys()
        tier += 1
        found |= dict.fromkeys(further, tier)
        nearer = further
    return found


def _check(plan: Plan, now: datetime) -> None:
    if not plan.name.strip():
        raise Invalid("Give the campaign a name.", field="name")
    if plan.due_on <= now.date():
        raise Invalid("Choose a day after today.", field="due_on")
    due_days.check(plan.due_on, now)
    if not plan.supplier_ids:
        raise Invalid("Choose at least one supplier.", field="suppliers")
    if len(plan.supplier_ids) > MOST_SUPPLIERS:
        raise Invalid("These are too many suppliers for one campaign: start two.", field="suppliers")
    if not plan.languages:
        raise Invalid("Choose at least one language for the letters.", field="languages")
    if any(not 0 < days <= 365 for days in plan.remind_days):
        raise Invalid("Give the days before the due day as whole numbers, such as 14, 3.", field="remind_days")


def _invitation(session: Session, campaign_id: uuid.UUID, invitation_id: uuid.UUID, *, by: Person) -> Invitation:
    found = campaign(session, campaign_id, by=by)
    row = session.get(Invitation, invitation_id)
    if row is None or row.campaign_id != found.id:
        raise NotFound()
    return row


def _note(session: Session, act: str, found: Campaign, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, **detail)
