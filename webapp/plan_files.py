"""Files of a plan: evidence that is laid into it, and the plan as a workbook, out and back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from models.errors import Conflict, Invalid
from models.operations import plan_record, plan_working, planning, sending_on
from models.plan_life import OPEN
from models.plan_paper import terms_of
from webapp import plan_sheets
from webapp.doors import acting, now, optional_key, person, reading
from webapp.plans import Answer, page, take
from webapp.sent import asked_for, chosen, kept_for, offered
from webapp.uploads import receive_one
from webapp.workbooks import rows_of

pages = Blueprint("plan_files", __name__, url_prefix="/plans")

LARGEST_SHEET = 2_000_000
"""Bytes. A plan with every line filled has a twentieth of this."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.post("/<uuid:plan_id>/evidence")
def add_evidence(plan_id: UUID) -> Answer:
    """Take in files the way that every document goes, and lay them into the plan."""
    found = planning.plan(reading(), plan_id, by=person())
    supplier_id, milestone_id = found.supplier_id, optional_key("milestone")
    files = [file for file in request.files.getlist("file") if file.filename]
    chosen = optional_key("document")
    if not files and chosen is None:
        return page(plan_id, form="evidence", fault=Invalid("Choose at least one file first.", field="file")), 422
    if found.state not in OPEN:
        return page(plan_id, form="evidence", fault=Conflict("This plan is closed: nothing can be added to it.")), 409
    try:
        for key in _documents(files, chosen, supplier_id):
            with acting() as (session, by):
                plan_working.add_evidence(session, plan_id, key, milestone_id=milestone_id, by=by, now=now())
    except (Invalid, Conflict) as fault:
        return page(plan_id, form="evidence", fault=fault), 422 if isinstance(fault, Invalid) else 409
    count = len(files) or 1
    flash(ngettext("%(num)d file is part of the plan now.", "%(num)d files are part of the plan now.", count))
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


@pages.get("/<uuid:plan_id>/documents")
def choose(plan_id: UUID) -> Answer:
    """What the supplier's own people sent, to lay one of it into the plan."""
    found = planning.plan(reading(), plan_id, by=person())
    if found.state not in OPEN:
        return redirect(url_for("plans.show", plan_id=plan_id), 303)
    document_id = optional_key("document")
    document = None if document_id is None else chosen(document_id, found.supplier_id)
    return render_template(
        "plan_sent.html", plan=found, chosen=document,
        taken={
            row.document_id
            for row in plan_record.present(reading(), found, by=person()).evidence
            if row.withdrawn_at is None
        },
        choice=None if document is not None else offered(found.supplier_id),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/documents/send")
def send_on(plan_id: UUID) -> Answer:
    """Send a document of another customer to this one too and lay it into the plan: both, or nothing."""
    found = planning.plan(reading(), plan_id, by=person())
    document_id, milestone_id = asked_for(), optional_key("milestone")
    try:
        stored = kept_for(document_id, found.supplier_id)
        with acting() as (session, by):
            sent = sending_on.send_on(session, document_id, found.supplier_id, stored, by=by, now=now())
            key = sent.document.id
            plan_working.add_evidence(session, plan_id, key, milestone_id=milestone_id, by=by, now=now())
    except (Invalid, Conflict) as fault:
        return page(plan_id, form="evidence", fault=fault), 422 if isinstance(fault, Invalid) else 409
    flash(_("The document is sent to %(buyer)s and is part of the plan now.", buyer=found.supplier.buyer.name))
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


def _documents(files: list[FileStorage], chosen: UUID | None, supplier_id: UUID) -> Iterator[UUID]:
    """Each file as it is received, so that one that is refused does not undo those before it; else what was chosen."""
    if not files and chosen is not None:
        yield chosen
    for file in files:
        yield receive_one(file, supplier_id).id


@pages.get("/<uuid:plan_id>/plan.xlsx")
def sheet(plan_id: UUID) -> Response:
    """The plan as a workbook that can be filled in without a connection and brought back."""
    found = planning.plan(reading(), plan_id, by=person())
    answer = Response(plan_sheets.written(found, terms_of(found)), content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = 'attachment; filename="salient-plan.xlsx"'
    return answer


@pages.post("/<uuid:plan_id>/workbook")
def take_sheet(plan_id: UUID) -> Answer:
    """Read a workbook that was filled in elsewhere. It is written as if typed here: two versions are compared."""
    planning.plan(reading(), plan_id, by=person())
    file = request.files.get("file")
    data = b"" if file is None else file.read(LARGEST_SHEET + 1)
    if not 0 < len(data) <= LARGEST_SHEET:
        nothing = Invalid("Choose the workbook of this plan that you filled in.", field="file")
        return page(plan_id, form="sheet", fault=nothing), 422
    try:
        terms, on = plan_sheets.read(rows_of(data))
    except Invalid as fault:
        return page(plan_id, form="sheet", fault=fault), 422
    return take(plan_id, terms, on)
