"""Campaigns: one questionnaire before many suppliers, begun, reminded of, given more time, and closed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, Decision, ExtensionRequest, Invitation, Inviting
from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.mail import MailKind
from models.operations.scope import allow, refuse_foreign
from models.people import Person
from models.submissions import Submission
from questionnaires import due_days, inviting, issuing, lettering
from questionnaires.issuing import ISSUERS
from questionnaires.reminding import Reminded, remind_each
from questionnaires.returning import OPEN, campaign

REMIND_DAYS = (14, 3)
"""Days before the due day on which a reminder goes out where nobody chose others."""

MOST_SUPPLIERS = 5_000


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


def start(session: Session, plan: Plan, *, by: Person, now: datetime) -> Campaign:
    """Have the questionnaire laid before every supplier, each with a letter: the first now, the others by the workers.

    Raises Invalid for what is missing, NotFound for what is not the buyer's.
    """
    allow(by, *ISSUERS)
    _check(plan, now)
    row = issuing.one_published(session, plan.questionnaire_id, by=by)
    suppliers = list(dict.fromkeys(plan.supplier_ids))
    refuse_foreign(session, suppliers, by=by)
    found = Campaign(
        buyer_id=by.organisation_id, questionnaire=row, name=plan.name.strip()[:120], period=plan.period.strip()[:40],
        due_on=plan.due_on, languages=list(plan.languages), remind_days=sorted(set(plan.remind_days), reverse=True),
        started_by_id=by.id, started_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    inviting.begin(session, found, suppliers, by=by, now=now)
    _note(session, "campaign.started", found, by=by, now=now, suppliers=len(suppliers))
    return found


def remind(
    session: Session, campaign_id: uuid.UUID, invitation_id: uuid.UUID | None, *, by: Person, now: datetime
) -> Reminded:
    """Ask for a reminder to one supplier, or to everybody who has not sent anything. Answers what came of it."""
    found = campaign(session, campaign_id, by=by)
    if found.closed_at is not None:
        raise Conflict("This campaign is closed: nobody is reminded any more.")
    waiting = select(Invitation.id).join(Invitation.submission)
    waiting = waiting.where(Invitation.campaign_id == found.id, Submission.state.in_(OPEN))
    if invitation_id is not None:
        waiting = waiting.where(Invitation.id == _invitation(session, campaign_id, invitation_id, by=by).id)
    keys = list(session.scalars(waiting.order_by(Invitation.id)))
    done = remind_each(session, keys, now=now)
    _note(session, "campaign.reminded", found, by=by, now=now, suppliers=done.written)
    return done


def extend(
    session: Session, campaign_id: uuid.UUID, invitation_id: uuid.UUID, due_on: date, *, by: Person, now: datetime
) -> Invitation:
    """Give one supplier another day."""
    row = _invitation(session, campaign_id, invitation_id, by=by)
    issuing.extend(session, row.submission_id, due_on, by=by, now=now)
    return row


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
    """End the reminders, and the inviting where it goes on. What suppliers were asked stays open to them."""
    found = campaign(session, campaign_id, by=by, lock=True)
    if found.closed_at is not None:
        raise Conflict("This campaign is closed already.")
    if found.inviting is Inviting.UNDER_WAY:
        found.inviting = Inviting.STOPPED
    found.closed_at = now
    _note(session, "campaign.closed", found, by=by, now=now)
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
