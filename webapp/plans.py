"""Corrective action plans as pages: the list, one plan with its record, its paper to write on, and its history."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Conflict, DomainError, Invalid
from models.findings import RejectReason, Severity, Verdict
from models.operations import capacity, plan_agreeing, plan_record, plan_steps, planning
from models.operations.plan_withdrawing import can_withdraw
from models.operations.planning import PlanFilter
from models.plan_life import PlanAct, PlanState, Side
from models.plan_paper import terms_of
from models.plan_terms import (
    HEAD,
    LINES,
    MOST_LINES,
    Apart,
    Difference,
    Terms,
    Unchanged,
    cleaned,
    compare,
    numbers,
)
from models.plans import Plan
from models.taxonomy import shipped
from webapp.documents import known
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.errors import translated
from webapp.supplier_choice import colleagues, is_searched, offered

pages = Blueprint("plans", __name__, url_prefix="/plans")

LONGEST = 8000
"""Characters of a text that people write here."""

Answer = str | Response | tuple[str, int]


@pages.get("")
def index() -> str:
    """The plans that the person may see: open ones, the earliest day first, unless others are asked for."""
    filters = filters_asked()
    listed = planning.plans(reading(), by=person(), filters=filters, after=optional_key("after"))
    return render_template(
        "plans.html", listed=listed, filters=filters, states=list(PlanState), today=today(), Side=Side,
        side=plan_steps.side_of(person()), categories=shipped().categories,
        suppliers=offered(filters.supplier_id) if person().works_for_a_buyer else None, searched=is_searched(),
    )  # fmt: skip


def filters_asked() -> PlanFilter:
    """The filter in the address of the page; what is not a known word is left out."""
    state, signal = known(PlanState, "state"), request.args.get("signal", "")
    codes = {row.id for row in shipped().categories} | set(shipped().signals)
    return PlanFilter(
        state=state,
        open=True if state is None and request.args.get("all") != "1" else None,
        overdue_on=today() if request.args.get("overdue") == "1" else None,
        supplier_id=optional_key("supplier"),
        signal=signal if signal in codes else None,
        severity=known(Severity, "severity"),
        waits_for=known(Side, "turn"),
        repeats=request.args.get("repeats") == "1",
    )


@pages.get("/<uuid:plan_id>")
def show(plan_id: UUID) -> str:
    return page(plan_id)


@pages.get("/<uuid:plan_id>/edit")
def edit(plan_id: UUID) -> str:
    found = planning.plan(reading(), plan_id, by=person())
    return _form(found, terms_of(found), found.edition)


@pages.post("/<uuid:plan_id>/edit")
def write(plan_id: UUID) -> Answer:
    """Save what was written, and with the same button send, propose or sign it. Nothing typed is ever lost."""
    typed, on, do = _typed(), number("on"), request.form.get("do", "save")
    if do.startswith("more-"):
        return _form(planning.plan(reading(), plan_id, by=person()), typed, on, more=do.removeprefix("more-"))
    try:
        said = _write(plan_id, typed, on, do)
    except Apart as apart:
        return _compare(plan_id, apart)
    except Invalid as fault:
        return _form(planning.plan(reading(), plan_id, by=person()), typed, on, fault=fault), 422
    except Conflict as conflict:
        found = planning.plan(reading(), plan_id, by=person())
        return _form(found, typed, on, refused=translated(conflict)), 409
    flash(said)
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


@pages.post("/<uuid:plan_id>/merge")
def merge(plan_id: UUID) -> Answer:
    """Of two versions that were written at once, keep for each field the one that was chosen."""
    found, on = planning.plan(reading(), plan_id, by=person()), number("on")
    kept = plan_steps.edition(reading(), plan_id, on, by=person())
    theirs: Terms = {} if kept is None else kept.terms
    base, mine = _carried("base."), _carried("mine.")
    rows = compare(base, theirs, mine)
    if any(_chosen(row) is None for row in rows):
        fault = _("Choose for each field which of the two counts.")
        return _compare(found.id, Apart(base, theirs, mine), fault=fault, status=422)
    return take(plan_id, dict(theirs) | {row.key: _chosen(row) or "" for row in rows}, on)


def take(plan_id: UUID, terms: Terms, on: int) -> Answer:
    """Write terms that come as a whole: chosen from two versions, or read from a workbook."""
    try:
        with acting() as (session, by):
            plan_agreeing.write(session, plan_id, terms, on=on, by=by, now=now())
        said = _("The plan is saved.")
    except Apart as apart:
        return _compare(plan_id, apart)
    except Unchanged:
        said = _("Nothing was changed.")
    except Invalid as fault:
        return _form(planning.plan(reading(), plan_id, by=person()), dict(terms), on, fault=fault), 422
    flash(said)
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


@pages.get("/<uuid:plan_id>/history")
def history(plan_id: UUID) -> str:
    """Every edition with what changed in it, the newest first, and every step in the life of the plan."""
    found = planning.plan(reading(), plan_id, by=person())
    record = plan_record.record(reading(), found, by=person())
    pairs = zip((None, *record.editions), record.editions, strict=False)
    changes = [(row, compare({}, {} if before is None else before.terms, row.terms)) for before, row in pairs]
    return render_template("plan_history.html", plan=found, record=record, changes=changes[::-1])


def page(plan_id: UUID, form: str = "", fault: DomainError | None = None) -> str:
    """The page of one plan. With a fault, the form at fault keeps what was typed and says what is missing."""
    by, session = person(), reading()
    found = planning.plan_to_show(session, plan_id, by=by)
    acts = plan_record.open_acts(found, by=by)
    record = plan_record.present(session, found, by=by)
    return render_template(
        "plan.html",
        plan=found,
        record=record,
        can_withdraw=can_withdraw(session, found, record.evidence, by=by),
        acts={act.value for act in acts},
        gaps=plan_record.gaps(found, today()) if acts & {PlanAct.SIGN, PlanAct.AGREE, PlanAct.PROPOSE} else [],
        form=form,
        fault=fault,
        sentence="" if fault is None else translated(fault),
        typed=request.form if form else {},
        today=today(),
        side=plan_steps.side_of(by),
        Side=Side,
        States=PlanState,
        terms=terms_of(found),
        reasons=list(RejectReason),
        trainings=capacity.trainings(session, by=by, plan_id=found.id).rows,
        stands=any(row.verdict is not Verdict.REJECTED for row in found.findings),
        colleagues=colleagues(found.supplier.buyer_id, found.accountable_id) if by.works_for_a_buyer else None,
        is_person_searched=is_searched("person"),
    )


def number(name: str) -> int:
    """A whole number from the form; -1, which fits nothing, for what is none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _write(plan_id: UUID, typed: Terms, on: int, do: str) -> str:
    with acting() as (session, by):
        if do == "propose":
            plan_agreeing.propose(session, plan_id, typed, on=on, by=by, now=now())
            return str(_("Your proposal lies before the other side. You have signed it."))
        try:
            found = plan_agreeing.write(session, plan_id, typed, on=on, by=by, now=now())
        except Unchanged:
            if do == "save":
                return str(_("Nothing was changed."))
            found = planning.plan(session, plan_id, by=by)
            session.refresh(found)
        if do in ("send", "send-signed"):
            signed = do == "send-signed"
            plan_agreeing.send(session, plan_id, signed=signed, by=by, now=now(), version=found.version)
            return str(_("The supplier can see the plan now."))
        if do == "sign":
            plan_agreeing.sign(session, plan_id, by=by, now=now(), version=found.version)
            return str(_("Saved and signed."))
    return str(_("The plan is saved."))


def _typed() -> dict[str, str]:
    """The fields of the paper as they were typed; what is no field of a plan is left out."""
    names = {field.name for field in HEAD}
    kinds = tuple(f"{kind}." for kind in LINES)
    return {key: written(key, limit=LONGEST + 1) for key in request.form if key in names or key.startswith(kinds)}


def _carried(prefix: str) -> dict[str, str]:
    return cleaned({key.removeprefix(prefix): text for key, text in request.form.items() if key.startswith(prefix)})


def _chosen(row: Difference) -> str | None:
    choice = request.form.get(f"choose.{row.key}", "")
    return {"mine": row.mine, "theirs": row.theirs, "both": f"{row.theirs}\n\n{row.mine}"}.get(choice)


def _form(
    found: Plan, terms: Terms, on: int, *, fault: Invalid | None = None, refused: str = "", more: str = ""
) -> str:
    return render_template(
        "plan_edit.html",
        plan=found,
        terms=terms,
        on=on,
        head=HEAD,
        lines={kind: (fields, _shown(terms, kind, 2 if more == kind else 1)) for kind, fields in LINES.items()},
        more=more,
        fault=fault,
        refused=refused,
        sentence="" if fault is None else translated(fault),
        acts={act.value for act in plan_record.open_acts(found, by=person())},
        most=MOST_LINES,
    )


def _shown(terms: Terms, kind: str, empty: int) -> list[int]:
    """The numbers of the lines of a kind, and of so many empty ones to write in."""
    there = numbers({key: text for key, text in terms.items() if text.strip()}, kind)
    first = max(there, default=0) + 1
    return there + [first + extra for extra in range(min(empty, max(0, MOST_LINES - len(there))))]


def _compare(plan_id: UUID, apart: Apart, *, fault: str = "", status: int = 409) -> tuple[str, int]:
    found = planning.plan(reading(), plan_id, by=person())
    shown = render_template(
        "plan_compare.html", plan=found, rows=compare(apart.base, apart.theirs, apart.mine), base=apart.base,
        mine=apart.mine, edition=plan_steps.edition(reading(), plan_id, found.edition, by=person()),
        fault=fault, asked=request.form,
    )  # fmt: skip
    return shown, status
