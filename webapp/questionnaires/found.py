"""Answers that stand in the supplier's own documents: shown beside the open questions, accepted one by one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from questionnaires import document_offers
from webapp.doors import acting, now, optional_key, reading, written
from webapp.questionnaires import forms
from webapp.questionnaires.answering import desk

pages = Blueprint("found", __name__, url_prefix="/questionnaires")


@pages.get("/<uuid:submission_id>/found")
def show(submission_id: UUID) -> str:
    at = desk(submission_id)
    asked = {step.question.id for step in at.way.path.steps}
    offered = document_offers.offers(reading(), at.found, language=at.words.language) if at.found.state.is_open else []
    questions = at.opened.questionnaire.questions
    return render_template(
        "questionnaires/found.html",
        at=at, submission=at.found, words=at.words,
        offers=[
            (questions[each.offer.question], each, forms.new_key()) for each in offered if each.offer.question in asked
        ],
    )  # fmt: skip


@pages.post("/<uuid:submission_id>/found")
def accept(submission_id: UUID) -> Response:
    """Take one answer over from a document."""
    at = desk(submission_id)
    document_id, key = optional_key("document"), written("key", limit=64)
    if document_id is None or not key:
        raise Invalid("The page was open too long, or came from somewhere else: reload it.")
    question = written("question", limit=120)
    with acting() as (session, by):
        document_offers.accept(
            session, submission_id, question, document_id, key=key, language=at.words.language, by=by, now=now()
        )
    flash(_("The answer is taken over from your document. You can still change it."))
    return redirect(url_for(".show", submission_id=submission_id), 303)
