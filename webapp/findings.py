"""The review desk: the queue, one finding beside the picture of its page, and one key a decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.findings import Finding, RejectReason, Severity
from models.operations import scope, triage
from models.operations.triage import Position, QueueFilter
from models.taxonomy import shipped
from webapp.documents import known
from webapp.doors import acting, now, optional_key, person, policy, reading, written
from webapp.errors import translated

pages = Blueprint("findings", __name__)

FILTERS = ("severity", "signal", "supplier", "language", "assertion", "document")
"""What a queue can be narrowed by; each travels along in the address from finding to finding."""

LANGUAGES_SHOWN = ("en", "nl", "de", "fr", "es", "pt", "zh", "vi", "id", "bn", "hi", "tr", "ar", "th", "km", "my")


@pages.get("/queue")
def queue() -> str:
    """What waits for a decision, the gravest first."""
    by, filters = person(), filters_asked()
    after = None
    last = optional_key("after")
    if last is not None:
        after = Position.of(triage.finding(reading(), last, by=by))
    listed = triage.queue(reading(), by=by, filters=filters, after=after)
    return render_template(
        "queue.html",
        listed=listed,
        counts=triage.counts(reading(), by=by, filters=filters),
        asked=asked(),
        **choices(),
    )


@pages.get("/queue/start")
def start() -> Response:
    """Go to the first finding of the queue."""
    first = triage.queue(reading(), by=person(), filters=filters_asked(), limit=1).rows
    return redirect(_address(first[0] if first else None), 303)


@pages.get("/findings/<uuid:finding_id>")
def show(finding_id: UUID) -> str:
    return _page(finding_id)


@pages.get("/findings/<uuid:finding_id>/next")
def following(finding_id: UUID) -> Response:
    """Leave this one for later and go to the next."""
    found = triage.finding(reading(), finding_id, by=person())
    return redirect(_address(_next(Position.of(found))), 303)


@pages.post("/findings/<uuid:finding_id>/confirm")
def confirm(finding_id: UUID) -> Response:
    with acting() as (writing, by):
        plan = triage.confirm(writing, finding_id, by=by, remark=_remark(), now=now(), policy=policy())
        position = Position.of(plan.findings[0])
    return _decided(finding_id, position, _("Confirmed. A draft plan was opened."), plan_id=plan.id)


@pages.post("/findings/<uuid:finding_id>/reject")
def reject(finding_id: UUID) -> Response | tuple[str, int]:
    """Record why it is no finding. Without a reason, or the words that a reason needs, nothing is recorded."""
    try:
        position = _reject(finding_id)
    except Invalid as fault:
        if request.headers.get("X-Salient-Script"):
            raise
        return _page(finding_id, fault=translated(fault)), 422
    return _decided(finding_id, position, _("Rejected."))


@pages.post("/findings/<uuid:finding_id>/take-back")
def take_back(finding_id: UUID) -> Response:
    """Undo a decision and show the finding again."""
    with acting() as (writing, by):
        found = triage.take_back(writing, finding_id, by=by, now=now())
    if session.get("decided") == str(finding_id):
        session.pop("decided")
    said = _("The decision is taken back.")
    if request.headers.get("X-Salient-Script"):
        return jsonify(next=_address(found), said=said, left=_left())
    flash(said)
    return redirect(_address(found), 303)


def filters_asked() -> QueueFilter:
    """The filter in the address of the page; what is not a known word is left out."""
    taxonomy = shipped()
    signal = request.args.get("signal", "")
    codes = {row.id for row in taxonomy.categories} | set(taxonomy.signals)
    assertion = request.args.get("assertion", "")
    language = request.args.get("language", "")
    return QueueFilter(
        severity=known(Severity, "severity"),
        signal=signal if signal in codes else None,
        supplier_id=optional_key("supplier"),
        document_id=optional_key("document"),
        language=language if language in LANGUAGES_SHOWN else None,
        assertion=assertion if assertion in taxonomy.assertions else None,
    )


def choices() -> dict[str, object]:
    """What the filters of a list of findings offer."""
    return {
        "categories": shipped().categories,
        "assertions": list(shipped().assertions)[:5],  # Only the first five raise a flag.
        "languages_shown": LANGUAGES_SHOWN,
        "suppliers": scope.suppliers(reading(), by=person()),
    }


def asked() -> dict[str, str]:
    """The filter as it stands in the address, to be carried along."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _reject(finding_id: UUID) -> Position:
    word = request.form.get("reason", "")
    if word not in set(RejectReason):
        raise Invalid("Choose why this is not a finding.", field="reason")
    with acting() as (writing, by):
        found = triage.reject(writing, finding_id, RejectReason(word), by=by, remark=_remark(), now=now())
        return Position.of(found)


def _remark() -> str:
    return written("remark", limit=4000)


def _left() -> str:
    """How many findings of this queue wait for a decision, in words."""
    waiting = sum(triage.counts(reading(), by=person(), filters=filters_asked()).values())
    return str(ngettext("%(num)d waits", "%(num)d wait", waiting))


def _next(position: Position) -> Finding | None:
    return triage.next_in_queue(reading(), by=person(), after=position, filters=filters_asked())


def _address(found: Finding | None) -> str:
    if found is None:
        return _at("findings.queue")
    return _at("findings.show", finding_id=found.id)


def _at(endpoint: str, **values: UUID) -> str:
    """An address that carries the filter along."""
    return url_for(endpoint, **{**values, **asked()})  # type: ignore[arg-type]  # Its own options are never asked for.


def _decided(finding_id: UUID, position: Position, said: str, plan_id: UUID | None = None) -> Response:
    """On to the next finding, with the way back."""
    session["decided"] = str(finding_id)
    onward = _address(_next(position))
    if request.headers.get("X-Salient-Script"):
        undo = _at("findings.take_back", finding_id=finding_id)
        plan = None if plan_id is None else url_for("plans.show", plan_id=plan_id)
        return jsonify(next=onward, said=said, undo=undo, plan=plan, left=_left())
    flash(said)
    return redirect(onward, 303)


def _page(finding_id: UUID, fault: str = "") -> str:
    by = person()
    found = triage.finding(reading(), finding_id, by=by)
    others = triage.neighbours(reading(), found, limit=12)
    return render_template(
        "finding.html",
        finding=found,
        page=found.page,
        others=others,
        plan=triage.plan_of(reading(), found.id),
        left=_left(),
        asked=asked(),
        decided=_last_decided(finding_id),
        fault=fault,
    )


def _last_decided(finding_id: UUID) -> str | None:
    """The finding that this person settled last in this browser, if it is another one than this."""
    last = session.get("decided")
    return str(last) if last and last != str(finding_id) else None
