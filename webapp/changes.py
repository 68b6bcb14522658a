"""What changed since the audit before: fixed, repeated, new, no longer mentioned, each with its words and page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from models.documents import DocumentState
from models.operations import comparing, receiving
from webapp.doors import optional_key, person, reading

pages = Blueprint("changes", __name__, url_prefix="/documents")


@pages.get("/<uuid:document_id>/changes")
def show(document_id: UUID) -> str:
    """This audit against the one before it, or against the one that was chosen."""
    session, by = reading(), person()
    after = receiving.document(session, document_id, by=by)
    choices = comparing.earlier(session, after)
    compared = comparing.since_last(session, document_id, before_id=optional_key("before"), by=by)
    in_part = [
        row
        for row in ((compared.before, compared.after) if compared else ())
        if row.state is not DocumentState.SCREENED
    ]
    return render_template(
        "changes.html", after=after, choices=choices, most=comparing.MOST, compared=compared, in_part=in_part
    )
