"""The whole record of one plan, for both sides: who wrote, signed, sent, checked and decided what, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base
from models.errors import Invalid
from models.operations.plan_steps import drafts, side_of
from models.people import Person
from models.plan_life import WORKING, PlanAct, PlanState, possible
from models.plan_paper import missing, terms_of
from models.plan_parts import Evidence
from models.plan_records import Dispute, Edition, Escalation, Event, Extension, Pause, RemedyDecision, Signature
from models.plans import Plan

R = TypeVar("R", bound=Base)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything besides the plan itself, the oldest first."""

    editions: tuple[Edition, ...]
    signatures: tuple[Signature, ...]
    events: tuple[Event, ...]
    pauses: tuple[Pause, ...]
    disputes: tuple[Dispute, ...]
    extensions: tuple[Extension, ...]
    remedies: tuple[RemedyDecision, ...]
    evidence: tuple[Evidence, ...]
    escalations: tuple[Escalation, ...]
    earlier: Plan | None
    """The closed plan for the same signal that this one repeats, if the person may see it."""

    @property
    def dispute(self) -> Dispute | None:
        """The dispute that waits for an answer."""
        return next((row for row in self.disputes if row.outcome is None), None)

    @property
    def extension(self) -> Extension | None:
        """The request for more time that waits for an answer."""
        return next((row for row in self.extensions if row.granted is None), None)

    def signed(self, edition: int) -> tuple[Signature, ...]:
        """The signatures that stand under an edition."""
        return tuple(row for row in self.signatures if row.edition == edition and row.withdrawn_at is None)


def record(session: Session, found: Plan, *, by: Person) -> Record:
    """The record of a plan that the person sees."""
    events = _rows(session, Event, found, Event.number)
    editions = _rows(session, Edition, found, Edition.number)
    if not by.works_for_a_buyer:  # What the buyer wrote before it was sent stays with the buyer.
        sent = next((row for row in events if row.act == "plan.sent"), None)
        events = tuple(
            row for row in events
            if (sent is None or row.number >= sent.number) and not row.before == row.after == PlanState.DRAFT
        )  # fmt: skip
        kept = drafts(session, found.id)
        editions = tuple(row for row in editions if row.number not in kept)
    return Record(
        editions=editions,
        signatures=_rows(session, Signature, found, Signature.signed_at),
        events=events,
        pauses=_rows(session, Pause, found, Pause.began_at),
        disputes=_rows(session, Dispute, found, Dispute.raised_at),
        extensions=_rows(session, Extension, found, Extension.asked_at),
        remedies=_rows(session, RemedyDecision, found, RemedyDecision.decided_at) if by.works_for_a_buyer else (),
        evidence=_rows(session, Evidence, found, Evidence.added_at),
        escalations=_rows(session, Escalation, found, Escalation.at) if by.works_for_a_buyer else (),
        earlier=_earlier(found, by),
    )


def present(session: Session, found: Plan, *, by: Person) -> Record:
    """Of the record what stands open now, or was decided: all that the page of the plan needs, in few questions."""
    return Record(
        editions=(), signatures=(), events=(), escalations=(),
        pauses=_rows(session, Pause, found, Pause.began_at) if found.state is PlanState.SUSPENDED else (),
        disputes=_rows(session, Dispute, found, Dispute.raised_at),
        extensions=_rows(session, Extension, found, Extension.asked_at) if found.state in ASKS_FOR_TIME else (),
        remedies=_rows(session, RemedyDecision, found, RemedyDecision.decided_at) if by.works_for_a_buyer else (),
        evidence=_rows(session, Evidence, found, Evidence.added_at),
        earlier=_earlier(found, by),
    )  # fmt: skip


ASKS_FOR_TIME = WORKING | {PlanState.AGREED}


def open_acts(found: Plan, *, by: Person) -> frozenset[PlanAct]:
    """What the person's side can do now: the table of life, less what the signatures rule out."""
    side = side_of(by)
    acts = possible(side, found.state)
    if side in found.signed_by():
        return acts - {PlanAct.SIGN, PlanAct.AGREE, PlanAct.PROPOSE}
    return acts - {PlanAct.WITHDRAW}


def gaps(found: Plan, today: date) -> list[Invalid]:
    """Why nobody can sign the plan as it stands."""
    return missing(terms_of(found), found.severity, today)


def _rows(session: Session, kind: type[R], found: Plan, order: Any) -> tuple[R, ...]:
    table: Any = kind
    return tuple(session.scalars(select(kind).where(table.plan_id == found.id).order_by(order, table.id)))


def _earlier(found: Plan, by: Person) -> Plan | None:
    """It is of the same supplier, whose people see it once it was sent to them."""
    row = found.repeats
    if row is None or by.works_for_a_buyer:
        return row
    return None if row.sent_at is None or row.state is PlanState.DRAFT else row
