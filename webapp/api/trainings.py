"""Trainings and other help by the second door: what is proposed, what was written down, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.operations import capacity
from models.operations.capacity import Draft
from models.people import Person
from models.trainings import HelpKind, HelpState, Training
from webapp.api.cursors import cursor, last_key
from webapp.api.door import Call, Door
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page, Rows, limit
from webapp.doors import now, today

GROUP = "Trainings"


@dataclass(frozen=True, slots=True)
class TrainingShape:
    """A training, or other help, that a supplier gets because of a signal. Both sides see and write it."""

    id: UUID
    supplier: UUID
    plan: UUID | None
    state: HelpState
    version: int = field(metadata=said("Whoever writes it anew names it."))
    signal: str
    kind: HelpKind
    title: str
    audience: str
    given_by: str
    consent: bool
    site: UUID | None = field(metadata=said("Null for all places of work."))
    planned_on: date | None
    held_on: date | None
    people: int | None
    measure: str
    before_value: float | None
    after_value: float | None
    measured_on: date | None
    declined: str
    added_by: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalShape:
    """Help that nobody has decided about yet, for a signal that came up again and again."""

    supplier: UUID
    signal: str
    plans: int = field(metadata=said("In how many plans of the last three years."))
    plan: UUID = field(metadata=said("The latest of them."))


@dataclass(frozen=True, slots=True)
class TrainingQuery(Page):
    """Which trainings; without any of these, all."""

    supplier: UUID | None = None
    plan: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProposalQuery:
    """Whose proposals; without this, everybody's."""

    supplier: UUID | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What is written about a training. Texts name groups and organisations, and never a worker."""

    signal: str = field(metadata=said("Code of the taxonomy: `FL.DOC`.", most=20))
    title: str = field(metadata=said("What is taught, or what help is given.", most=200))
    kind: HelpKind = HelpKind.TRAINING
    audience: str = field(default="", metadata=said("For which role or group.", most=200))
    given_by: str = field(default="", metadata=said("An organisation or a department.", most=200))
    consent: bool = field(default=False, metadata=said("Those concerned were asked, and want the help from outside."))
    site: UUID | None = None
    planned_on: date | None = None
    held_on: date | None = None
    people: int | None = field(default=None, metadata=said("How many took part."))
    measure: str = field(default="", metadata=said("What is counted before and after.", most=200))
    before_value: float | None = field(default=None, metadata=said("Of five people at least, together."))
    after_value: float | None = None
    measured_on: date | None = None
    declined: str = field(default="", metadata=said("Why it is not needed.", most=500))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTraining(Written):
    """A training to be written down."""

    supplier: UUID
    plan: UUID | None = field(default=None, metadata=said("The plan that it belongs to."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTraining(Written):
    """A training as it is to read from now on, as a whole: what is left out is taken out."""

    version: int = field(metadata=said("As it was before you. Where somebody wrote meanwhile, the answer is 412."))


def list_trainings(session: Session, by: Person, call: Call) -> Rows:
    """The newest first."""
    asked = call.asked
    listed = capacity.trainings(
        session, by=by, supplier_id=asked.supplier, plan_id=asked.plan, after=last_key(asked.after), limit=limit(call)
    )
    more = cursor(listed.rows[-1].id) if listed.more else None
    return Rows([shape_of(row) for row in listed.rows], more)


def list_proposals(session: Session, by: Person, call: Call) -> Rows:
    """The most frequent first: as many as there are signals that came back."""
    rows = capacity.proposals(session, by=by, today=today(), supplier_id=call.asked.supplier)
    return Rows([ProposalShape(row.supplier.id, row.signal, row.plans, row.plan_id) for row in rows], None)


def show_training(session: Session, by: Person, call: Call) -> TrainingShape:
    return shape_of(capacity.training(session, call.id("training_id"), by=by))


def shape_of(row: Training) -> TrainingShape:
    """How a training is shown, to both sides alike."""
    return TrainingShape(
        row.id, row.supplier_id, row.plan_id, row.state, row.version, row.signal, row.kind, row.title, row.audience,
        row.given_by, row.consent, row.site_id, row.planned_on, row.held_on, row.people, row.measure,
        row.before_value, row.after_value, row.measured_on, row.declined, row.added_by_id, row.added_at,
    )  # fmt: skip


def add(session: Session, by: Person, call: Call) -> UUID:
    body = call.body
    return capacity.add(session, body.supplier, _draft(body), plan_id=body.plan, by=by, now=now()).id


def change(session: Session, by: Person, call: Call) -> None:
    capacity.change(
        session, call.id("training_id"), _draft(call.body), by=by, now=now(), version=call.body.version
    )  # fmt: skip


def _draft(body: Written) -> Draft:
    given: dict[str, Any] = {name: getattr(body, name) for name in Draft.__slots__ if name != "site_id"}
    return Draft(site_id=body.site, **given)


DOORS = (
    Door(
        name="trainings", method="GET", path="/trainings", beside="trainings.index", group=GROUP,
        says="Trainings and other help, the newest first.", gives=Listed(TrainingShape), show=list_trainings,
        asks=TrainingQuery,
    ),
    Door(
        name="training_proposals", method="GET", path="/trainings/proposals", beside="trainings.index", group=GROUP,
        says="Signals that came up again and again, and for which nobody has decided about help yet.",
        gives=Listed(ProposalShape), show=list_proposals, asks=ProposalQuery,
    ),
    Door(
        name="add_training", method="POST", path="/trainings", beside="trainings.add", group=GROUP,
        says="Write down a training: proposed, planned, held or not needed. The other side sees it.",
        gives=TrainingShape, show=show_training, act=add, takes=NewTraining, makes="training_id", status=201,
    ),
    Door(
        name="training", method="GET", path="/trainings/<uuid:training_id>", beside="trainings.show", group=GROUP,
        says="One of them.", gives=TrainingShape, show=show_training,
    ),
    Door(
        name="change_training", method="PUT", path="/trainings/<uuid:training_id>", beside="trainings.change",
        group=GROUP, says="Write it anew, such as when it was held and what it changed.", gives=TrainingShape,
        show=show_training, act=change, takes=ChangedTraining,
    ),
)  # fmt: skip
