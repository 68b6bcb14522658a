"""Trainings and other help for suppliers, as pages of both sides: proposed, planned, held, and what it changed."""

from __future__ import annotations

import math
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import DomainError, Invalid, NotFound, Stale
from models.operations import capacity, planning, scope
from models.operations.capacity import Draft
from models.supplychain import Supplier
from models.taxonomy import shipped
from models.trainings import FEWEST, HelpKind, HelpState, Training
from webapp import training_words
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.errors import translated
from webapp.supplier_choice import is_searching, offered

pages = Blueprint("trainings", __name__, url_prefix="/trainings")

Answer = str | Response | tuple[str, int]


@pages.get("")
def index() -> str:
    """What is proposed because findings repeat, and everything that was written down, the newest first."""
    chosen = optional_key("supplier")
    listed = capacity.trainings(reading(), by=person(), supplier_id=chosen)
    buyer = person().works_for_a_buyer
    return render_template(
        "trainings.html", listed=listed, chosen=chosen, HelpState=HelpState, titles=training_words.title,
        proposals=capacity.proposals(reading(), by=person(), today=today(), supplier_id=chosen),
        again=capacity.found_again(reading(), listed.rows, by=person()),
        suppliers=offered(chosen) if buyer else None,
    )  # fmt: skip


@pages.get("/new")
def form() -> str:
    """An empty training for a supplier, or for a plan and its signal, with words to begin with."""
    plan_id, signal = optional_key("plan"), request.args.get("signal", "")
    signal = signal if signal in shipped().signals else ""
    draft = Draft(signal, training_words.title(signal), measure=training_words.measure(signal))
    return _form(_supplier(plan_id), draft, plan_id=plan_id)


@pages.post("/new")
def add() -> Answer:
    plan_id = optional_key("plan")
    supplier = _supplier(plan_id)
    if is_searching():
        return _form(supplier, _typed(), plan_id=plan_id)
    try:
        with acting() as (session, by):
            capacity.add(session, supplier.id, _draft(), plan_id=plan_id, by=by, now=now())
    except Invalid as fault:
        return _form(_supplier(plan_id), _typed(), plan_id=plan_id, fault=fault), 422
    flash(_("It is written down, and the other side sees it."))
    if plan_id is not None:
        return redirect(url_for("plans.show", plan_id=plan_id), 303)
    return redirect(url_for(".index"), 303)


@pages.get("/<uuid:training_id>")
def show(training_id: UUID) -> str:
    found = capacity.training(reading(), training_id, by=person())
    return _form(found.supplier, capacity.draft_of(found), found=found)


@pages.post("/<uuid:training_id>")
def change(training_id: UUID) -> Answer:
    found = capacity.training(reading(), training_id, by=person())
    version = request.form.get("version", "")
    try:
        with acting() as (session, by):
            capacity.change(
                session,
                training_id,
                _draft(),
                by=by,
                now=now(),
                version=int(version) if version.isdecimal() and len(version) < 9 else -1,
            )
    except (Invalid, Stale) as fault:
        return _form(found.supplier, _typed(), found=found, fault=fault), 422 if isinstance(fault, Invalid) else 409
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


def _supplier(plan_id: UUID | None) -> Supplier:
    """The supplier of the plan, the one that was chosen, or the only one there is."""
    if plan_id is not None:
        return planning.plan(reading(), plan_id, by=person()).supplier
    chosen = optional_key("supplier")
    if chosen is not None:
        return scope.supplier(reading(), chosen, by=person())
    own = scope.first_suppliers(reading(), 1, by=person())
    if not own:
        raise NotFound()
    return own[0]


def _form(
    supplier: Supplier,
    draft: Draft,
    *,
    plan_id: UUID | None = None,
    found: Training | None = None,
    fault: DomainError | None = None,
) -> str:
    typed = request.form
    return render_template(
        "training.html", supplier=supplier, draft=draft, typed=typed, plan_id=found.plan_id if found else plan_id,
        training=found, fault=fault, sentence="" if fault is None else translated(fault), kinds=list(HelpKind),
        sites=capacity.sites(reading(), supplier), helpers=capacity.helpers(reading(), by=person()),
        categories=shipped().categories, fewest=FEWEST,
        suppliers=offered(supplier.id) if found is None and plan_id is None else None,
    )  # fmt: skip


def _typed() -> Draft:
    """What can be shown again of a form at fault; the fields themselves are shown as they were typed."""
    return Draft(request.form.get("signal", ""), written("title", limit=200))


def _draft() -> Draft:
    kind = request.form.get("kind", HelpKind.TRAINING.value)
    people = _number("people")
    return Draft(
        signal=request.form.get("signal", ""),
        title=written("title", limit=200),
        kind=HelpKind(kind) if kind in set(HelpKind) else HelpKind.TRAINING,
        audience=written("audience", limit=200),
        given_by=written("given_by", limit=200),
        consent=request.form.get("consent") == "1",
        site_id=optional_key("site"),
        planned_on=_day("planned_on"),
        held_on=_day("held_on"),
        people=None if people is None else int(people),
        measure=written("measure", limit=200),
        before_value=_number("before_value"),
        after_value=_number("after_value"),
        measured_on=_day("measured_on"),
        declined=written("declined", limit=500),
    )


def _day(name: str) -> date | None:
    text = written(name, limit=20)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("Write the day as year-month-day, such as 2026-03-31.", field=name) from None


def _number(name: str) -> float | None:
    text = written(name, limit=20).replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) >= 10**9 or (name == "people" and value != int(value)):
        raise Invalid("Write a number.", field=name)
    return value
