"""How campaigns stand: who was invited, who opened, sent and is late, narrowed down and page by page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.campaigns import Campaign, ExtensionRequest, Invitation, SupplyLink
from models.operations import scope
from models.operations.naming import plain
from models.operations.scope import Slice, allow
from models.people import Organisation, Person
from models.submissions import Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires.issuing import ISSUERS

RETURNED = frozenset({SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW, SubmissionState.ACCEPTED})
OPEN = tuple(state for state in SubmissionState if state.is_open)


@dataclass(frozen=True, slots=True)
class Returns:
    """How a campaign stands, in numbers of suppliers."""

    invited: int = 0
    opened: int = 0
    returned: int = 0
    late: int = 0

    @property
    def share(self) -> float | None:
        return self.returned / self.invited if self.invited else None


@dataclass(frozen=True, slots=True)
class Line:
    """One invitation, as much of it as lists and counts need: a campaign may have thousands."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    name: str
    state: SubmissionState
    due_on: date | None
    submitted_at: datetime | None

    def is_late(self, today: date) -> bool:
        return self.state.is_open and self.due_on is not None and self.due_on < today

    @property
    def by_name(self) -> tuple[str, str]:
        return self.name.casefold(), str(self.id)

    def by_need(self, today: date) -> tuple[bool, bool, str, str]:
        """Late ones first, then those who still have something to send, then the others."""
        return not self.is_late(today), not self.state.is_open, *self.by_name


@dataclass(frozen=True, slots=True)
class InvitationFilter:
    """What to show; what is empty leaves a part open. `words`: all of them stand in the supplier's name."""

    state: SubmissionState | None = None
    late: bool = False
    words: str = ""


def campaign(session: Session, campaign_id: uuid.UUID, *, by: Person, lock: bool = False) -> Campaign:
    """One campaign. Raises NotFound for another buyer's. `lock` holds it until the commit."""
    allow(by, *ISSUERS)
    query = select(Campaign).where(Campaign.id == campaign_id, Campaign.buyer_id == by.organisation_id)
    return scope.one(session, query, lock=Campaign if lock else None)


def campaigns(
    session: Session, *, by: Person, today: date, after: uuid.UUID | None = None, limit: int = 50
) -> Slice[tuple[Campaign, Returns]]:
    """The buyer's campaigns, newest first, each with how it stands."""
    allow(by, *ISSUERS)
    query = select(Campaign).where(Campaign.buyer_id == by.organisation_id)
    if after is not None:
        query = query.where(Campaign.id < campaign(session, after, by=by).id)
    cut = Slice.cut(list(session.scalars(query.order_by(Campaign.id.desc()).limit(limit + 1))), limit)
    counted = _counted(session, [row.id for row in cut.rows], today)
    return Slice(tuple((row, counted.get(row.id, Returns())) for row in cut.rows), cut.more)


def standing(session: Session, found: Campaign, *, today: date) -> Returns:
    """How one campaign stands."""
    return _counted(session, [found.id], today).get(found.id, Returns())


def lines(session: Session, found: Campaign) -> list[Line]:
    """Everybody who was invited, by name. Read whole, for campaigns have thousands of suppliers and not millions."""
    query = (
        select(
            Invitation.id, Invitation.supplier_id, Organisation.name, Submission.state, Submission.due_on,
            Submission.submitted_at,
        )
        .join(Submission, Submission.id == Invitation.submission_id)
        .join(Supplier, Supplier.id == Invitation.supplier_id)
        .join(Organisation, Organisation.id == Supplier.organisation_id)
        .where(Invitation.campaign_id == found.id)
    )  # fmt: skip
    return sorted((Line(*row) for row in session.execute(query)), key=lambda line: line.by_name)


def fitting(rows: Iterable[Line], filters: InvitationFilter, *, today: date) -> list[Line]:
    """Those that the filter leaves. Case and accents do not matter in names."""
    words = plain(filters.words).split()
    return [
        row
        for row in rows
        if filters.state in (None, row.state)
        and (not filters.late or row.is_late(today))
        and (not words or all(word in plain(row.name) for word in words))
    ]


def full(session: Session, rows: Sequence[Line]) -> list[Invitation]:
    """These invitations with all that hangs on them, in this order."""
    query = select(Invitation).where(Invitation.id.in_([row.id for row in rows]))
    found = {row.id: row for row in session.scalars(query)}
    return [found[row.id] for row in rows]


def returns(rows: Sequence[Line], *, today: date) -> Returns:
    """How many were invited, opened it, sent it and are late."""
    return Returns(
        invited=len(rows),
        opened=sum(row.state is not SubmissionState.DRAFT for row in rows),
        returned=sum(row.submitted_at is not None and row.state in RETURNED for row in rows),
        late=sum(row.is_late(today) for row in rows),
    )


def by_day(rows: Sequence[Line]) -> tuple[tuple[date, int], ...]:
    """How many answers were in at the end of each day that brought any."""
    sent = sorted(row.submitted_at.date() for row in rows if row.submitted_at is not None and row.state in RETURNED)
    return tuple((day, number) for number, day in enumerate(sent, start=1) if sent[number : number + 1] != [day])


def requests(
    session: Session, found: Campaign, *, waiting: bool = True, limit: int | None = None
) -> list[ExtensionRequest]:
    """Who asked for more time, the oldest first; `waiting`: only those that nobody decided about."""
    query = select(ExtensionRequest).join(Invitation).where(Invitation.campaign_id == found.id)
    if waiting:
        query = query.where(ExtensionRequest.decision.is_(None))
    return list(session.scalars(query.order_by(ExtensionRequest.asked_at, ExtensionRequest.id).limit(limit)))


def requests_waiting(session: Session, found: Campaign) -> int:
    """How many ask for more time and have no answer."""
    query = select(func.count()).select_from(ExtensionRequest).join(Invitation)
    return session.scalar(query.where(Invitation.campaign_id == found.id, ExtensionRequest.decision.is_(None))) or 0


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


def _counted(session: Session, campaign_ids: Sequence[uuid.UUID], today: date) -> dict[uuid.UUID, Returns]:
    """How each of these campaigns stands, in one question. One in which nobody is invited is left out."""
    is_late = Submission.state.in_(OPEN) & (Submission.due_on < today)
    is_returned = Submission.state.in_(RETURNED) & Submission.submitted_at.is_not(None)
    query = (
        select(
            Invitation.campaign_id,
            func.count(),
            func.sum(case((Submission.state != SubmissionState.DRAFT, 1), else_=0)),
            func.sum(case((is_returned, 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)),
        )
        .join(Submission, Submission.id == Invitation.submission_id)
        .where(Invitation.campaign_id.in_(campaign_ids))
        .group_by(Invitation.campaign_id)
    )
    return {key: Returns(*map(int, numbers)) for key, *numbers in session.execute(query)}
