"""Plans by the second door: listed, looked at, written and proposed, and their steps and actions marked as done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from models.errors import Conflict
from models.findings import Severity
from models.operations import plan_agreeing, plan_withdrawing, plan_working, planning
from models.operations.planning import NEVER, Place, PlanFilter
from models.people import Person
from models.plan_life import OPEN, PlanState, Side
from webapp import uploads
from webapp.api.cursors import cursor, not_a_place, place
from webapp.api.documents import file_sent
from webapp.api.door import Act, Call, Door
from webapp.api.plan_shapes import PlanRow, PlanShape, row_of, shape_of
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page, Rows, limit
from webapp.doors import now, optional_key, person, reading, today


@dataclass(frozen=True, slots=True)
class PlanQuery(Page):
    """Which plans; without any of these, the open ones."""

    state: PlanState | None = None
    all: bool = field(default=False, metadata=said("Those that have ended too."))
    overdue: bool = field(default=False, metadata=said("Only those whose clock has run out."))
    supplier: UUID | None = None
    signal: str = field(
        default="", metadata=said("A signal (`FL.DOC`) or a whole category (`FL`) of their findings.", most=20)
    )
    severity: Severity | None = None
    waits_for: Side | None = field(default=None, metadata=said("What is this side's turn."))
    repeats: bool = field(default=False, metadata=said("Only those for harm that came back."))


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be agreed on, as a whole: fields that are left out are taken out."""

    edition: int = field(
        metadata=said("The edition that you had before you. Where somebody wrote meanwhile, both come back.")
    )
    terms: dict[str, str] = field(metadata=said("As in the plan: `due_on`, `action.1.text`, `milestone.2.due_on`."))


@dataclass(frozen=True, slots=True)
class Proposal:
    """The supplier's proposal, which it signs by that."""

    edition: int
    terms: dict[str, str] | None = field(
        default=None, metadata=said("Left out: what stands there is proposed as it is.")
    )


def list_plans(session: Session, by: Person, call: Call) -> Rows:
    """The earliest clock first."""
    asked = call.asked
    filters = PlanFilter(
        state=asked.state, open=True if asked.state is None and not asked.all else None,
        overdue_on=today() if asked.overdue else None, supplier_id=asked.supplier, signal=asked.signal or None,
        severity=asked.severity, waits_for=asked.waits_for, repeats=asked.repeats,
    )  # fmt: skip
    listed = planning.plans(session, by=by, filters=filters, after=_behind(asked.after), limit=limit(call))
    last = listed.rows[-1] if listed.more else None
    more = None if last is None else cursor(last.clock_on or NEVER, last.id)
    return Rows([row_of(row) for row in listed.rows], more)


def show_plan(session: Session, by: Person, call: Call) -> PlanShape:
    return shape_of(session, planning.plan(session, call.id("plan_id"), by=by), by)


def write(session: Session, by: Person, call: Call) -> None:
    plan_agreeing.write(session, call.id("plan_id"), call.body.terms, on=call.body.edition, by=by, now=now())


def propose(session: Session, by: Person, call: Call) -> None:
    plan_agreeing.propose(session, call.id("plan_id"), call.body.terms, on=call.body.edition, by=by, now=now())


def finish_milestone(session: Session, by: Person, call: Call) -> None:
    plan_working.finish_milestone(session, call.id("plan_id"), call.id("milestone_id"), by=by, now=now())


def finish_action(session: Session, by: Person, call: Call) -> None:
    plan_working.finish_action(session, call.id("plan_id"), call.id("action_id"), by=by, now=now())


def receive(call: Call) -> tuple[UUID, int]:
    """Take the file in the way that every document goes, for the supplier of this plan."""
    found = planning.plan(reading(), call.id("plan_id"), by=person())
    supplier_id = found.supplier_id
    if found.state not in OPEN:
        raise Conflict("This plan is closed: nothing can be added to it.")
    return uploads.receive(file_sent(), supplier_id, as_evidence=True).document.id, 200


def add_evidence(session: Session, by: Person, call: Call) -> None:
    milestone_id = optional_key("milestone") if request.form else None
    plan_working.add_evidence(
        session, call.id("plan_id"), call.id("document_id"), milestone_id=milestone_id, by=by, now=now()
    )


def withdraw_evidence(session: Session, by: Person, call: Call) -> None:
    plan_withdrawing.withdraw(session, call.id("plan_id"), call.body.document, by=by, now=now())


def _behind(after: str) -> Place | None:
    if not after:
        return None
    clock_on, key = place(after, 2)
    try:
        return Place(date.fromisoformat(clock_on), UUID(key))
    except ValueError:
        raise not_a_place() from None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which file was given by mistake."""

    document: UUID


def _step(name: str, path: str, beside: str, says: str, act: Act) -> Door:
    return Door(
        name=name, method="POST", path=f"/plans/<uuid:plan_id>/{path}", beside=beside, group="Plans", says=says,
        gives=PlanShape, show=show_plan, act=act,
    )  # fmt: skip


DOORS = (
    Door(
        name="plans", method="GET", path="/plans", beside="plans.index", group="Plans",
        says="Plans, the earliest clock first. A supplier sees what was sent to it.", gives=Listed(PlanRow),
        show=list_plans, asks=PlanQuery,
    ),
    Door(
        name="plan", method="GET", path="/plans/<uuid:plan_id>", beside="plans.show", group="Plans",
        says="One plan with its lines, messages and record.", gives=PlanShape, show=show_plan,
    ),
    Door(
        name="write_plan", method="PUT", path="/plans/<uuid:plan_id>/terms", beside="plans.write", group="Plans",
        says="Write what is to be agreed on. It makes a new edition, which nobody has signed. Where somebody wrote "
        "meanwhile, the answer is 409 with both versions, and nothing is overwritten.",
        gives=PlanShape, show=show_plan, act=write, takes=Writing,
    ),
    Door(
        name="propose_plan", method="POST", path="/plans/<uuid:plan_id>/propose", beside="api.propose_plan",
        group="Plans", says="Lay the supplier's proposal before the buyer, and sign it by that. For suppliers.",
        gives=PlanShape, show=show_plan, act=propose, takes=Proposal,
    ),
    Door(
        name="add_plan_evidence", method="POST", path="/plans/<uuid:plan_id>/evidence",
        beside="plan_files.add_evidence", group="Plans",
        says="Send a file and lay it into the plan: for one of its steps, or for the whole.", gives=PlanShape,
        show=show_plan, receive=receive, act=add_evidence, form={"milestone": "Key of the step that it shows."},
    ),
    Door(
        name="withdraw_plan_evidence", method="POST", path="/plans/<uuid:plan_id>/evidence/withdraw",
        beside="plan_acts.withdraw_evidence", group="Plans",
        says="Withdraw a file that your side gave by mistake, while nobody has judged it. It stays in the record.",
        gives=PlanShape, show=show_plan, act=withdraw_evidence, takes=Withdrawal,
    ),
    _step(
        "finish_milestone", "milestones/<uuid:milestone_id>/done", "plan_acts.finish_milestone",
        "Mark a step as done. The first one begins the work.", finish_milestone,
    ),
    _step(
        "finish_action", "actions/<uuid:action_id>/done", "plan_acts.finish_action",
        "Mark an action as done: each side its own.", finish_action,
    ),
)  # fmt: skip
