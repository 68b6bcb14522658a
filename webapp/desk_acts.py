"""Acts at the desk besides the verdict: correct, ask the supplier, escalate, open what is hard, unmask, group."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.findings import RejectReason, Severity, Verdict
from models.operations import asking, beside, caring, deciding_many, triage
from models.operations.rounds import Thought
from models.operations.triage import Position
from webapp.doors import acting, house, now, written
from webapp.findings import address, onward, page

pages = Blueprint("desk", __name__)


@pages.post("/findings/<uuid:finding_id>/change")
def change(finding_id: UUID) -> Response:
    """Correct signal, severity or who says it, and stay with the finding."""
    severity = request.form.get("severity", "")
    with acting() as (writing, by):
        before = triage.finding(writing, finding_id, by=by)
        signal, assertion = request.form.get("signal", ""), request.form.get("assertion", "")
        found = triage.change(
            writing, finding_id,
            signal=signal if signal != (before.signals or ("",))[0] and signal else None,
            severity=Severity(severity) if severity in set(Severity) and severity != before.severity.value else None,
            assertion=assertion if assertion and assertion != before.assertion else None,
            by=by, now=now(),
        )  # fmt: skip
    return _stay(address(found.id), _("Corrected."))


@pages.post("/findings/<uuid:finding_id>/ask")
def ask(finding_id: UUID) -> Response:
    """Put a question to the supplier, and on to the next."""
    with acting() as (writing, by):
        made = asking.ask(writing, finding_id, written("question", limit=4000), by=by, now=now())
        position = Position.of(made.finding)
    return onward(position, _("Asked. The finding comes back with the answer."))


@pages.post("/findings/<uuid:finding_id>/ask-no-more")
def ask_no_more(finding_id: UUID) -> Response:
    with acting() as (writing, by):
        found = asking.withdraw(writing, finding_id, by=by, now=now())
    return _stay(address(found.id), _("The question is withdrawn."))


@pages.post("/findings/<uuid:finding_id>/escalate")
def escalate(finding_id: UUID) -> Response:
    """Hand it over to compliance, and on to the next."""
    with acting() as (writing, by):
        position = Position.of(triage.escalate(writing, finding_id, by=by, now=now()))
    return onward(position, _("Escalated to compliance."))


@pages.post("/findings/<uuid:finding_id>/hand-back")
def hand_back(finding_id: UUID) -> Response:
    with acting() as (writing, by):
        found = triage.hand_back(writing, finding_id, by=by, now=now())
    return _stay(address(found.id), _("Handed back to the reviewers."))


@pages.post("/findings/<uuid:finding_id>/open")
def open_hard(finding_id: UUID) -> Response:
    """Show a passage about violence, within what one person reads on a day."""
    with acting() as (writing, by):
        caring.open_hard(writing, finding_id, by=by, now=now(), per_day=house().settings.hard_per_day)
        found = triage.finding(writing, finding_id, by=by)
    return _stay(address(found.id), "")


@pages.post("/findings/<uuid:finding_id>/unmask")
def unmask(finding_id: UUID) -> str:
    """Show the names and numbers this once; the journal takes it down."""
    with acting() as (writing, by):
        caring.unmask(writing, finding_id, by=by, now=now())
    return page(finding_id, unmasked=True)


@pages.post("/findings/<uuid:finding_id>/alike")
def alike(finding_id: UUID) -> Response:
    """Decide all passages that say the same, each with its own record."""
    with acting() as (writing, by):
        found = triage.finding(writing, finding_id, by=by)
        thought = thought_of_form()
        bulk = deciding_many.begin(
            writing, beside.group_waiting(writing, found), thought, by=by, now=now(), rules=house().settings.rules
        )
    return redirect(url_for("bulks.show", bulk_id=bulk.id), 303)


def thought_of_form() -> Thought:
    """The decision that a form for many names. Raises Invalid for none."""
    word, reason = request.form.get("verdict", ""), request.form.get("reason", "")
    if word == Verdict.CONFIRMED:
        return Thought(Verdict.CONFIRMED, remark=written("remark", limit=4000))
    if word != Verdict.REJECTED or reason not in set(RejectReason):
        raise Invalid("Choose to confirm, or why these are not findings.", field="reason")
    return Thought(Verdict.REJECTED, RejectReason(reason), written("remark", limit=4000))


def _stay(where: str, said: str) -> Response:
    if request.headers.get("X-Salient-Script"):
        return jsonify(next=where, said=said, undo=None, plan=None, left=None)
    if said:
        flash(said)
    return redirect(where, 303)
