"""Looking at passages that were not flagged, one by one in the order of the lot, for what was missed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import missing
from models.samples import Look
from webapp.doors import acting, now, person, reading

pages = Blueprint("samples", __name__, url_prefix="/samples")


@pages.get("/next")
def following() -> Response:
    """The next one by lot, or back to the queue."""
    after = request.args.get("after", type=int, default=-1)
    found = missing.next_sample(reading(), by=person(), after=after)
    if found is None:
        flash(_("Nothing more to look at among what was not flagged."))
        return redirect(url_for("findings.queue"), 303)
    return redirect(url_for(".show", sample_id=found.id), 303)


@pages.get("/<uuid:sample_id>")
def show(sample_id: UUID) -> str:
    sample, document, page = missing.sample(reading(), sample_id, by=person())
    return render_template(
        "sample.html", sample=sample, document=document, page=page,
        waiting=missing.waiting(reading(), by=person()),
    )  # fmt: skip


@pages.post("/<uuid:sample_id>")
def look(sample_id: UUID) -> Response:
    seen = request.form.get("look", "")
    with acting() as (writing, by):
        missing.sample(writing, sample_id, by=by)
        if seen not in set(Look):
            raise Invalid("Say whether something was missed.", field="look")
        raised = missing.look(
            writing, sample_id, Look(seen), signal=request.form.get("signal") or None, by=by, now=now()
        )
    flash(_("It waits in the queue now.") if raised else _("Kept: nothing was missed."))
    return redirect(url_for(".following"), 303)
