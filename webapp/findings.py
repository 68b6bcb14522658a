"""The review desk: the queue, one finding beside the picture of its page, and one key a decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.findings import Finding, RejectReason
from models.operations import asking, beside, caring, listing, missing, rounds, teaching, triage
from models.operations.queueing import LEAD
from models.operations.triage import Position, QueueFilter
from webapp.desk_filters import asked, choices, filters_asked, flags
from webapp.doors import acting, house, now, optional_key, person, policy, reading, today, written
from webapp.errors import translated
from webapp.searches import saved
from webapp.supplier_choice import is_searched

pages = Blueprint("findings", __name__)

SHOWN = 25
"""Lines on one page of the queue."""
COUNTED = 1000
"""Of what waits no more is counted beside a finding, and of each severity above the queue: nobody works faster for
knowing whether 4,000 or 5,000 wait. The overview has the whole numbers."""
COUNTED_WITH_WORDS = 100
"""So many where words narrow the queue, as a database then counts by looking into each passage."""


@pages.get("/queue")
def queue() -> str:
    """What waits for a decision, the gravest first."""
    by, filters = person(), filters_asked()
    after = None
    last = optional_key("after")
    if last is not None:
        after = Position.of(triage.finding(reading(), last, by=by))
    listed = listing.lines(reading(), by=by, filters=filters, after=after, limit=SHOWN)
    narrow = "narrow" in request.args or is_searched() or bool(asked().keys() - {"severity"})
    return render_template(
        "queue.html",
        listed=listed,
        narrow=narrow,
        counts=triage.counts_up_to(reading(), _most(filters), by=by, filters=filters),
        most=_most(filters),
        asked=asked(),
        saved=saved(),
        to_look_at=missing.waiting(reading(), by=by),
        **(choices() if narrow else {}),  # Long lists of suppliers and signals, which few visits need.
    )


@pages.get("/queue/start")
def start() -> Response:
    """Go to the first finding of the queue."""
    return redirect(address(triage.next_in_queue(reading(), by=person(), filters=filters_asked())), 303)


@pages.get("/findings/<uuid:finding_id>")
def show(finding_id: UUID) -> str:
    return page(finding_id)


@pages.get("/findings/<uuid:finding_id>/next")
def following(finding_id: UUID) -> Response:
    """Leave this one for later and go to the next."""
    found = triage.finding(reading(), finding_id, by=person())
    return redirect(address(_next(Position.of(found))), 303)


@pages.post("/findings/<uuid:finding_id>/confirm")
def confirm(finding_id: UUID) -> Response:
    with acting() as (writing, by):
        plan = triage.confirm(
            writing, finding_id, by=by, remark=_remark(), now=now(), policy=policy(), rules=house().settings.rules
        )
        found = triage.finding(writing, finding_id, by=by)
    said = _said(found) or _("Confirmed. A draft plan was opened.")
    return decided(finding_id, Position.of(found), said, plan_id=None if plan is None else plan.id)


@pages.post("/findings/<uuid:finding_id>/reject")
def reject(finding_id: UUID) -> Response | tuple[str, int]:
    """Record why it is no finding. Without a reason, or the words that a reason needs, nothing is recorded."""
    try:
        found = _reject(finding_id)
    except Invalid as fault:
        if request.headers.get("X-Salient-Script"):
            raise
        return page(finding_id, fault=translated(fault)), 422
    return decided(finding_id, Position.of(found), _said(found) or _("Rejected."))


@pages.post("/findings/<uuid:finding_id>/take-back")
def take_back(finding_id: UUID) -> Response:
    """Undo a decision and show the finding again."""
    with acting() as (writing, by):
        found = triage.take_back(writing, finding_id, by=by, now=now())
    if session.get("decided") == str(finding_id):
        session.pop("decided")
    said = _("The decision is taken back.")
    if request.headers.get("X-Salient-Script"):
        return jsonify(next=address(found.id), said=said, left=_left())
    flash(said)
    return redirect(address(found.id), 303)


def address(finding_id: UUID | None) -> str:
    """Where a finding is looked at, with the filter carried along; the queue where there is none."""
    if finding_id is None:
        return at("findings.queue")
    return at("findings.show", finding_id=finding_id)


def at(endpoint: str, **values: UUID) -> str:
    """An address that carries the filter along."""
    return url_for(endpoint, **{**values, **asked()})  # type: ignore[arg-type]  # Its own options are never asked for.


def onward(position: Position, said: str) -> Response:
    """On to the next finding after something that is no decision and has no way back by one key."""
    where = address(_next(position))
    if request.headers.get("X-Salient-Script"):
        return jsonify(next=where, said=said, undo=None, plan=None, left=_left())
    flash(said)
    return redirect(where, 303)


def decided(finding_id: UUID, position: Position, said: str, plan_id: UUID | None = None) -> Response:
    """On to the next finding, with the way back."""
    session["decided"] = str(finding_id)
    where = _explore() or address(_next(position))
    if request.headers.get("X-Salient-Script"):
        undo = at("findings.take_back", finding_id=finding_id)
        plan = None if plan_id is None else url_for("plans.show", plan_id=plan_id)
        return jsonify(next=where, said=said, undo=undo, plan=plan, left=_left())
    flash(said)
    return redirect(where, 303)


def page(finding_id: UUID, fault: str = "", *, unmasked: bool = False) -> str:
    """The page of one finding with everything beside it. Names and numbers are hidden unless `unmasked`."""
    by, looking = person(), reading()
    found = triage.finding(looking, finding_id, by=by)
    hard = caring.is_hard(found.signals)
    closed = hard and found.verdict is None and not caring.opened(looking, found.id, by=by, today=today())
    return render_template(
        "finding.html",
        finding=found,
        page=found.page,
        others=listing.neighbours(looking, found, limit=12),
        plan=None if found.verdict is None else triage.plan_of(looking, found.id),
        opinions=rounds.opinions(looking, found.id) if found.verdict is not None or by.role in LEAD else [],
        group=beside.group(looking, found),
        similar=beside.similar(looking, found),
        history=beside.history(looking, found),
        second=teaching.second_opinion(looking, found),
        askings=[] if found.touched_at is None else asking.about(looking, found.id),
        hard=hard,
        closed=closed,
        unmasked=unmasked,
        is_lead=by.role in LEAD,
        left=_left(),
        asked=asked(),
        decided=_last_decided(finding_id),
        fault=fault,
        assertions=flags(),
    )


def _explore() -> str | None:
    """Every so many decisions, a passage that was not flagged: the share that goes into hunting for misses."""
    percent = house().settings.exploration_percent
    session["decisions"] = count = int(session.get("decisions", 0)) + 1
    if not percent or count % max(1, 100 // percent) or missing.next_sample(reading(), by=person()) is None:
        return None
    return url_for("samples.following")


def _reject(finding_id: UUID) -> Finding:
    word = request.form.get("reason", "")
    if word not in set(RejectReason):
        raise Invalid("Choose why this is not a finding.", field="reason")
    with acting() as (writing, by):
        return triage.reject(
            writing, finding_id, RejectReason(word), by=by, remark=_remark(), now=now(), rules=house().settings.rules
        )


def _said(found: Finding) -> str:
    """What is said where an opinion settles nothing yet; the same whether the two agree or not."""
    if found.verdict is not None:
        return ""
    return str(_("Your opinion is kept. A colleague looks at it too."))


def _remark() -> str:
    return written("remark", limit=4000)


def _left() -> str:
    """How many findings of this queue wait for a decision, in words."""
    filters = filters_asked()
    waiting = triage.count_up_to(reading(), _most(filters), by=person(), filters=filters)
    if waiting > _most(filters):
        return str(_("more than %(num)s wait", num=format_decimal(_most(filters))))
    return str(ngettext("%(num)d waits", "%(num)d wait", waiting))


def _most(filters: QueueFilter) -> int:
    """How far is counted."""
    return COUNTED_WITH_WORDS if filters.words else COUNTED


def _next(position: Position) -> UUID | None:
    return triage.next_in_queue(reading(), by=person(), after=position, filters=filters_asked())


def _last_decided(finding_id: UUID) -> str | None:
    """The finding that this person settled last in this browser, if it is another one than this."""
    last = session.get("decided")
    return str(last) if last and last != str(finding_id) else None
