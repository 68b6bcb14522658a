"""Campaigns by the second door: started, listed, and how each invitation in them stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.campaigns import Campaign, Invitation, Inviting
from models.errors import Invalid
from models.operations import naming
from models.people import Person
from models.submissions import SubmissionState
from questionnaires import campaigning, inviting, returning
from questionnaires.campaigning import MOST_SUPPLIERS, REMIND_DAYS, Plan
from questionnaires.returning import InvitationFilter, Returns
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
    inviting: Inviting = field(
        metadata=said("Thousands are invited by the workers, one after the other: `under_way` until all are.")
    )
    to_invite: int = field(metadata=said("How many wait to be invited."))
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


@dataclass(frozen=True, slots=True)
class InvitationsAsked(Page):
    """What the list is narrowed down to."""

    state: SubmissionState | None = None
    late: bool = field(default=False, metadata=said("Only those who have not sent their answers by their day."))
    name: str = field(default="", metadata=said("Words that all stand in the name of the supplier.", most=100))


def list_campaigns(session: Session, by: Person, call: Call) -> Rows:
    """The newest first."""
    after = last_key(call.asked.after)
    listed = returning.campaigns(session, by=by, today=today(), after=after, limit=limit(call))
    more = cursor(listed.rows[-1][0].id) if listed.more else None
    waiting = inviting.waiting(session, [row.id for row, _ in listed.rows])
    return Rows([_campaign(row, standing, waiting.get(row.id, 0)) for row, standing in listed.rows], more)


def show_campaign(session: Session, by: Person, call: Call) -> CampaignShape:
    found = returning.campaign(session, call.id("campaign_id"), by=by)
    waiting = inviting.waiting(session, [found.id]).get(found.id, 0)
    return _campaign(found, returning.standing(session, found, today=today()), waiting)


def list_invitations(session: Session, by: Person, call: Call) -> Rows:
    """By the name of the supplier."""
    found, asked = returning.campaign(session, call.id("campaign_id"), by=by), call.asked
    filters = InvitationFilter(asked.state, asked.late, asked.name)
    rows = returning.fitting(returning.lines(session, found), filters, today=today())
    if asked.after:
        behind = tuple(place(asked.after, 2))
        rows = [row for row in rows if row.by_name > behind]
    shown = rows[: limit(call)]
    tiers = returning.tiers(session, found.buyer_id)
    more = cursor(*shown[-1].by_name) if len(rows) > len(shown) else None
    return Rows([_invitation(row, tiers.get(row.supplier_id, 1)) for row in returning.full(session, shown)], more)


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


def stop(session: Session, by: Person, call: Call) -> None:
    inviting.stop(session, call.id("campaign_id"), by=by, now=now())


def go_on(session: Session, by: Person, call: Call) -> None:
    inviting.go_on(session, call.id("campaign_id"), by=by, now=now())


def _campaign(row: Campaign, standing: Returns, waiting: int) -> CampaignShape:
    return CampaignShape(
        row.id, row.name, row.questionnaire_id, row.period, row.due_on, tuple(row.languages), tuple(row.remind_days),
        row.started_by_id, row.started_at, row.closed_at, row.inviting, waiting,
        standing.invited, standing.opened, standing.returned,
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
        says="Lay a questionnaire before many suppliers. A hundred are"
        " invited at once, more by the workers; the letters leave by themselves.", gives=CampaignShape,
        show=show_campaign, act=start, takes=NewCampaign, makes="campaign_id", status=201,
    ),
    Door(
        name="campaign", method="GET", path="/campaigns/<uuid:campaign_id>", beside="campaigns.show", group=GROUP,
        says="One campaign.", gives=CampaignShape, show=show_campaign,
    ),
    Door(
        name="invitations", method="GET", path="/campaigns/<uuid:campaign_id>/invitations", beside="campaigns.show",
        group=GROUP, says="Everybody in it, by name, with how far each is.", gives=Listed(InvitationShape),
        show=list_invitations, asks=InvitationsAsked,
    ),
    Door(
        name="stop_inviting", method="POST", path="/campaigns/<uuid:campaign_id>/stop", beside="campaigns.stop",
        group=GROUP, says="Invite nobody more for now. Who was invited stays invited.", gives=CampaignShape,
        show=show_campaign, act=stop,
    ),
    Door(
        name="go_on_inviting", method="POST", path="/campaigns/<uuid:campaign_id>/go-on", beside="campaigns.go_on",
        group=GROUP, says="Invite those who still wait.", gives=CampaignShape, show=show_campaign, act=go_on,
    ),
)  # fmt: skip
