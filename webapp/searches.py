"""Searching passages, pages and names of documents, and keeping a filter of the queue under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import listing, remembering, searching
from models.review import SavedSearch
from webapp.desk_filters import FILTERS
from webapp.doors import acting, now, optional_key, person, reading, written

pages = Blueprint("searches", __name__)

SHOWN = 25


@pages.get("/search")
def show() -> str:
    """What holds these words: findings, decided or not, and documents by page or name."""
    words = written("q", limit=200)
    looking, by = reading(), person()
    findings, documents = None, None
    if words:
        findings = listing.saying(looking, words, by=by, limit=SHOWN)
        documents = searching.documents_saying(looking, words, by=by, limit=SHOWN)
    return render_template("search.html", words=words, findings=findings, documents=documents, most=SHOWN)


@pages.post("/queue/searches")
def keep() -> Response:
    """Keep the filter that the queue has now, under a name."""
    filters = {name: value for name, value in parse_qsl(request.form.get("filters", "")[:2000]) if name in FILTERS}
    with acting() as (writing, by):
        remembering.keep(writing, written("name", limit=80), filters, by=by, now=now())
    flash(_("Kept. You find it above the queue."))
    return redirect(url_for("findings.queue", **filters), 303)  # type: ignore[arg-type]  # Known names only.


@pages.post("/queue/searches/forget")
def forget() -> Response:
    search_id = optional_key("search")
    if search_id is None:
        raise Invalid("Choose which search to forget.", field="search")
    with acting() as (writing, by):
        remembering.forget(writing, search_id, by=by)
    flash(_("Forgotten."))
    return redirect(url_for("findings.queue"), 303)


def saved() -> list[SavedSearch]:
    """The filters that the person has kept."""
    return remembering.saved(reading(), by=person())
