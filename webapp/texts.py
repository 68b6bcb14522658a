"""A page of a document as it was read: its text, so that anybody can check what the engine saw."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from models.operations import picturing, receiving
from webapp import fact_words
from webapp.doors import person, reading

pages = Blueprint("texts", __name__, url_prefix="/documents")
pages.add_app_template_filter(fact_words.announcement, "announcement_word")
pages.add_app_template_filter(fact_words.iso_day, "iso_day")


@pages.get("/<uuid:document_id>/pages/<int:number>")
def show(document_id: UUID, number: int) -> str:
    session, by = reading(), person()
    page = picturing.page(session, document_id, number, by=by)
    return render_template("page_text.html", document=receiving.document(session, document_id, by=by), page=page)
