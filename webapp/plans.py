"""Corrective action plans: what is to be done, by whom and when, and what both sides say about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import planning
from models.operations.planning import PlanFilter
from models.people import Person
from models.plans import Plan, PlanState
from webapp.documents import known
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.errors import translated

pages = Blueprint("plans", __name__, url_prefix="/plans")

LONGEST = 8000
"""Characters of a text that people write here."""

Answer = Response | tuple[str, int]
Act = Callable[[Session, Person], Plan]


@pages.get("")
def index() -> str:
    """The plans that the person may see: open ones, the earliest due first, unless others are asked for."""
    state = known(PlanState, "state")
    overdue = request.args.get("overdue") == "1"
    filters = PlanFilter(state=state, open=True if state is None else None, overdue_on=today() if overdue else None)
    listed = planning.plans(reading(), by=person(), filters=filters, after=optional_key("after"))
    return render_template(
        "plans.html", listed=listed, state=state, overdue=overdue, states=list(PlanState), today=today()
    )


@pages.get("/<uuid:plan_id>")
def show(plan_id: UUID) -> str:
    return _page(plan_id)


@pages.post("/<uuid:plan_id>/write")
def write(plan_id: UUID) -> Answer:
    return _do(plan_id, "write", _("The plan is saved."), lambda session, by: _write(session, plan_id, by))


@pages.post("/<uuid:plan_id>/send")
def send(plan_id: UUID) -> Answer:
    """Save what stands in the form, and lay the plan before the supplier."""

    def act(session: Session, by: Person) -> Plan:
        version = _version()
        if "action" in request.form:
            written = _write(session, plan_id, by)
            session.flush()
            version = written.version
        return planning.send(session, plan_id, by=by, now=now(), version=version)

    return _do(plan_id, "write", _("The supplier can see the plan now."), act)


@pages.post("/<uuid:plan_id>/take-back")
def take_back(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "take_back", _("The plan is a draft again: the supplier does not see it."),
        lambda session, by: planning.take_back(session, plan_id, by=by, now=now(), version=_version()),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/send-back")
def send_back(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "send_back", _("The supplier is told what is missing."),
        lambda session, by: planning.send_back(
            session, plan_id, text=_text("text"), by=by, now=now(), version=_version()
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/close")
def close(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "close", _("The plan is closed."),
        lambda session, by: planning.close(
            session, plan_id, reason=_text("reason"), by=by, now=now(), version=_version()
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/milestones")
def add_milestone(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "milestone", _("The step is added."),
        lambda session, by: planning.add_milestone(
            session, plan_id, title=_text("title"), due_on=_date("due_on"), evidence=_text("evidence"),
            by=by, now=now(), version=_version(),
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/milestones/<uuid:milestone_id>/done")
def finish_milestone(plan_id: UUID, milestone_id: UUID) -> Answer:
    return _do(
        plan_id, "", _("The step is marked as done."),
        lambda session, by: planning.finish_milestone(session, plan_id, milestone_id, by=by, now=now()),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/agree")
def agree(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "agree", _("You agreed to the plan. The other side is told."),
        lambda session, by: planning.agree(
            session, plan_id, responsible=_text("responsible")[:200], text=_text("text"),
            by=by, now=now(), version=_version(),
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/dispute")
def dispute(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "dispute", _("Your objection is recorded. The reviewer looks at it again."),
        lambda session, by: planning.dispute(
            session, plan_id, text=_text("text"), by=by, now=now(), version=_version()
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/evidence")
def submit_evidence(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "evidence", _("Sent. Somebody at the other side verifies it now."),
        lambda session, by: planning.submit_evidence(
            session, plan_id, text=_text("text"), by=by, now=now(), version=_version()
        ),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/messages")
def say(plan_id: UUID) -> Answer:
    return _do(
        plan_id, "say", _("Your message is sent."),
        lambda session, by: planning.say(session, plan_id, text=_text("text"), by=by, now=now()),
    )  # fmt: skip


def _do(plan_id: UUID, form: str, said: str, act: Act) -> Answer:
    """Carry out one act. What is missing is said in the form itself, with everything that was typed kept."""
    try:
        with acting() as (session, by):
            act(session, by)
    except Invalid as fault:
        return _page(plan_id, form=form, fault=fault), 422
    flash(said)
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


def _page(plan_id: UUID, form: str = "", fault: Invalid | None = None) -> str:
    found = planning.plan(reading(), plan_id, by=person())
    return render_template(
        "plan.html",
        plan=found,
        form=form,
        fault=fault,
        sentence="" if fault is None else translated(fault),
        typed=request.form if form else {},
        today=today(),
        States=PlanState,
    )


def _write(session: Session, plan_id: UUID, by: Person) -> Plan:
    return planning.write(
        session, plan_id, action=_text("action"), responsible=_text("responsible")[:200], due_on=_date("due_on"),
        by=by, now=now(), version=_version(),
    )  # fmt: skip


def _text(name: str) -> str:
    return written(name, limit=LONGEST)


def _date(name: str) -> date | None:
    text = written(name, limit=20)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Write the day as year-month-day, such as 2026-03-31.", field=name) from None


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
