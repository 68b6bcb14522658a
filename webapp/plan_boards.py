"""Plans from above: boards by supplier, signal and age, figures with what they mean, and the days as a calendar."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Plain

from models.errors import Invalid
from models.operations import capacity, plan_board, plan_figures, plan_following, planning, scope, weekly
from models.operations.plan_figures import Kpi
from models.operations.plan_following import Day
from models.operations.planning import PlanFilter
from webapp import ics, words
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.errors import translated
from webapp.supplier_choice import offered

pages = Blueprint("plan_boards", __name__, url_prefix="/plans")

KINDS = {"supplier": _l("By supplier"), "signal": _l("By signal"), "age": _l("By age")}

KPIS = {
    Kpi.ON_TIME: (
        _l("Done on time"),
        _l("Of the plans closed as done: those whose last evidence was sent by the agreed day, with its pauses."),
    ),
    Kpi.MEDIAN_DAYS: (
        _l("Days until closed, half of them"),
        _l("Half of the plans took so many days or fewer, from the confirmed finding to the closing as done."),
    ),
    Kpi.LATEST_TENTH: (
        _l("Days until closed, nine of ten"),
        _l("Nine of ten plans took so many days or fewer."),
    ),
    Kpi.HELPED: (
        _l("Shown to help"),
        _l("Of the plans whose day for looking again has passed: those where somebody saw that it helped."),
    ),
    Kpi.AGAIN: (
        _l("Not the first time"),
        _l("Of the plans that were closed: those for a signal that an earlier plan of the supplier had closed."),
    ),
}
"""For each figure its name and exactly what is counted."""


@pages.get("/board")
def board() -> str:
    """Open plans in lanes, the most overdue first."""
    how = request.args.get("by", "supplier")
    how = how if how in KINDS else "supplier"
    found = plan_board.board(reading(), by=person(), today=today(), how=how)
    return render_template("plan_board.html", board=found, how=how, kinds=KINDS)


@pages.get("/figures")
def figures() -> str:
    """The figures of the last year, of all or, with a trend and the others' range, of one supplier."""
    chosen = optional_key("supplier")
    card = None
    since = today() - timedelta(days=365)
    if chosen is not None:
        supplier = scope.supplier(reading(), chosen, by=person())
        card = plan_figures.card(reading(), supplier, by=person(), today=today())
        shown = card.figures
    else:
        shown = plan_figures.figures(reading(), by=person(), since=since, until=today() + timedelta(days=1))
    filters = PlanFilter(supplier_id=chosen)
    listed = planning.plans(reading(), by=person(), filters=filters, limit=50) if card else None
    helped = capacity.trainings(reading(), by=person(), supplier_id=chosen).rows if card else ()
    return render_template(
        "plan_figures.html", helped=helped, again=capacity.found_again(reading(), helped, by=person()),
        proposals=capacity.proposals(reading(), by=person(), today=today(), supplier_id=chosen) if card else [],
        card=card, figures=shown, behind=plan_figures.named(reading(), shown, by=person()),
        kpis=KPIS, suppliers=offered(chosen),
        chosen=chosen, since=since, listed=listed, today=today(), Kpi=Kpi,
    )  # fmt: skip


@pages.get("/weekly")
def weekly_list(fault: Invalid | None = None, plan_id: UUID | None = None) -> str:
    """The open critical plans, with when somebody last looked at each and how it stood."""
    rows = weekly.critical(reading(), by=person(), now=now())
    return render_template(
        "plan_weekly.html", rows=rows, most=weekly.MOST, today=today(), fault=fault, at_fault=plan_id,
        sentence="" if fault is None else translated(fault),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/looked")
def looked(plan_id: UUID) -> Plain | tuple[str, int]:
    """Record one look with its words."""
    try:
        with acting() as (session, by):
            weekly.look(session, plan_id, written("note", limit=2000), by=by, now=now())
    except Invalid as fault:
        return weekly_list(fault, plan_id), 422
    flash(_("It is recorded how the plan stands."))
    return redirect(url_for(".weekly_list"), 303)


@pages.get("/calendar.ics")
def calendar() -> Response:
    """Every running day of one's plans. It names no person, no supplier and nothing that was found."""
    found = plan_following.with_a_day(reading(), by=person())
    entries = [_entry(row) for row in found.rows]
    if found.more:
        entries.append(_cut(found.rows[-1]))
    answer = Response(ics.calendar(entries, name=_("Plans"), now=now()), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="salient-plans.ics"'
    return answer


def _entry(row: Day) -> ics.Entry:
    title = _("Plan: %(state)s", state=words.name(row.state))
    link = url_for("plans.show", plan_id=row.id, _external=True)
    return ics.Entry(f"{row.id}@salient", row.clock_on, title, link, row.version)


def _cut(last: Day) -> ics.Entry:
    """Stands on the last day that is named, so that nobody takes the days after it for free."""
    title = _(
        "This calendar names the first %(most)d days of plans. The list has the others.", most=plan_following.MOST
    )
    return ics.Entry(
        "cut@salient", last.clock_on, title, url_for("plans.index", _external=True), last.clock_on.toordinal()
    )
