"""Campaigns by the second door: started, listed, and how each invitation in them stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation
from models.errors import Invalid
from models.operations import naming
from models.people import Person
from models.submissions import SubmissionState
from questionnaires import campaigning
from questionnaires.campaigning import MOST_SUPPLIERS, REMIND_DAYS, Plan, Returns
from webapp import letters
from webapp.api.cursors import cursor, last_key, place
from webapp.api.door import Call, Door
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page, Rows, limit
from webapp.doors import now, today

GROUP = "Campaigns"


@dataclass(frozen=True, slots=True)
class CampaignShape:
    """One questionnaire before many suppliers, and how the answers come in."""

    id: UUID
    name: str
    questionnaire: UUID
    period: str
    due_on: date
    languages: tuple[str, ...]
    remind_days: tuple[int, ...]
    started_by: UUID
    started_at: datetime
    closed_at: datetime | None = field(metadata=said("From then on nobody is reminded."))
    invited: int
    opened: int = field(metadata=said("How many have begun."))
    returned: int = field(metadata=said("How many sent their answers."))
    late: int


@dataclass(frozen=True, slots=True)
class InvitationShape:
    """One supplier in a campaign."""

    id: UUID
    supplier: UUID
    submission: UUID
    state: SubmissionState
    due_on: date | None
    late: bool
    language: str
    tier: int = field(metadata=said("1 for a supplier of yours, 2 for one of theirs, and so on."))
    invited_at: datetime
    passed_on_from: UUID | None = field(metadata=said("The invitation of the supplier that brought this one in."))
    reminders: int
    reminded_at: datetime | None
    escalated_at: datetime | None = field(metadata=said("When you were told that reminders have not helped."))
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a campaign is to be."""

    name: str = field(metadata=said("Only your colleagues see it.", most=120))
    questionnaire: UUID
    due_on: date
    suppliers: tuple[UUID, ...] = field(
        default=(), metadata=said("Each of them gets the questions, and a letter.", most=MOST_SUPPLIERS)
    )
    every_supplier: bool = field(default=False, metadata=said("All of yours, in place of `suppliers`."))
    languages: tuple[str, ...] = field(
        default=("en",), metadata=said("Of the letters, ISO 639-1; the first is for whom no other fits.")
    )
    period: str = field(default="", metadata=said("Such as 2026.", most=40))
    remind_days: tuple[int, ...] = field(
        default=REMIND_DAYS, metadata=said("Days before the due day on which reminders go out.")
    )


def list_campaigns(session: Session, by: Person, call: Call) -> Rows:
    """The newest first."""
    after = last_key(call.asked.after)
    listed = campaigning.campaigns(session, by=by, today=today(), after=after, limit=limit(call))
    more = cursor(listed.rows[-1][0].id) if listed.more else None
    return Rows([_campaign(row, standing) for row, standing in listed.rows], more)


def show_campaign(session: Session, by: Person, call: Call) -> CampaignShape:
    found = campaigning.campaign(session, call.id("campaign_id"), by=by)
    return _campaign(found, campaigning.returns(campaigning.invitations(session, found), today=today()))


def list_invitations(session: Session, by: Person, call: Call) -> Rows:
    """By the name of the supplier."""
    found = campaigning.campaign(session, call.id("campaign_id"), by=by)
    rows = campaigning.invitations(session, found)
    if call.asked.after:
        behind = tuple(place(call.asked.after, 2))
        rows = [row for row in rows if _order(row) > behind]
    shown = rows[: limit(call)]
    tiers = campaigning.tiers(session, found.buyer_id)
    more = cursor(*_order(shown[-1])) if len(rows) > len(shown) else None
    return Rows([_invitation(row, tiers.get(row.supplier_id, 1)) for row in shown], more)


def start(session: Session, by: Person, call: Call) -> UUID:
    body = call.body
    if body.every_supplier and body.suppliers:
        raise Invalid("Name suppliers or mean all of them, not both.", field="every_supplier")
    unknown = [code for code in body.languages if code not in letters.LANGUAGES]
    if unknown:
        raise Invalid("Letters cannot be written in this language: choose another.", field="languages")
    chosen = [row.id for row in naming.in_order(session, by=by)] if body.every_supplier else list(body.suppliers)
    plan = Plan(
        body.name, body.questionnaire, chosen, body.due_on, list(body.languages), body.period, list(body.remind_days)
    )
    return campaigning.start(session, plan, by=by, now=now()).id


def _order(row: Invitation) -> tuple[str, str]:
    return row.supplier.name.casefold(), str(row.id)


def _campaign(row: Campaign, standing: Returns) -> CampaignShape:
    return CampaignShape(
        row.id, row.name, row.questionnaire_id, row.period, row.due_on, tuple(row.languages), tuple(row.remind_days),
        row.started_by_id, row.started_at, row.closed_at, standing.invited, standing.opened, standing.returned,
        standing.late,
    )  # fmt: skip


def _invitation(row: Invitation, tier: int) -> InvitationShape:
    laid = row.submission
    return InvitationShape(
        row.id, row.supplier_id, row.submission_id, laid.state, laid.due_on, row.is_late(today()), row.language, tier,
        row.invited_at, row.passed_on_from_id, row.reminders, row.reminded_at, row.escalated_at, laid.submitted_at,
    )  # fmt: skip


DOORS = (
    Door(
        name="campaigns", method="GET", path="/campaigns", beside="campaigns.index", group=GROUP,
        says="Your campaigns, the newest first, each with how it stands.", gives=Listed(CampaignShape),
        show=list_campaigns, asks=Page,
    ),
    Door(
        name="start_campaign", method="POST", path="/campaigns", beside="campaigns.begin", group=GROUP,
        says="Lay a questionnaire before many suppliers. The letters leave by themselves.", gives=CampaignShape,
        show=show_campaign, act=start, takes=NewCampaign, makes="campaign_id", status=201,
    ),
    Door(
        name="campaign", method="GET", path="/campaigns/<uuid:campaign_id>", beside="campaigns.show", group=GROUP,
        says="One campaign.", gives=CampaignShape, show=show_campaign,
    ),
    Door(
        name="invitations", method="GET", path="/campaigns/<uuid:campaign_id>/invitations", beside="campaigns.show",
        group=GROUP, says="Everybody in it, by name, with how far each is.", gives=Listed(InvitationShape),
        show=list_invitations, asks=Page,
    ),
)  # fmt: skip
