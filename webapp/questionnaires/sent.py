"""A document that the supplier sent before, chosen to stand behind an answer: nobody looks for the file once more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import sending_on
from questionnaires import helping
from questionnaires.helping import Paper
from webapp.doors import acting, now, optional_key, reading, written
from webapp.errors import translated
from webapp.questionnaires.answering import desk
from webapp.questionnaires.together import keep_files, to_question
from webapp.questionnaires.written import seen, written_day
from webapp.sent import asked_for, chosen, kept_for, offered

pages = Blueprint("sent", __name__, url_prefix="/questionnaires")

Answer = Response | tuple[str, int]


@pages.get("/<uuid:submission_id>/questions/<question>/documents")
def choose(submission_id: UUID, question: str) -> str | Response:
    """What the supplier's own people sent; of the chosen one, who will see it and for how long it is good."""
    found = seen(submission_id)
    if not found.state.is_open:
        return redirect(url_for("submissions.show", submission_id=submission_id), 303)
    document_id = optional_key("document")
    if document_id is None:
        return _page(submission_id, question, None)
    document = chosen(document_id, found.supplier_id)
    return _page(submission_id, question, helping.as_given_before(reading(), found, question, document.id))


@pages.post("/<uuid:submission_id>/questions/<question>/documents")
def attach(submission_id: UUID, question: str) -> Answer:
    """Put the chosen document behind the answer. Days that cannot be are shown again beside the reason."""
    seen(submission_id)
    paper = Paper(asked_for(), written("pages", limit=60))
    try:
        paper = _dated(paper)
        with acting() as (writing, by):
            helping.attach_evidence(writing, submission_id, question, paper, by=by, now=now())
    except Invalid as fault:
        return _page(submission_id, question, paper, translated(fault)), 422
    keep_files(submission_id, question)
    flash(_("The document is attached."))
    return to_question(submission_id, question)


@pages.post("/<uuid:submission_id>/questions/<question>/documents/send")
def send_on(submission_id: UUID, question: str) -> Answer:
    """Send a document of another customer to this one too and put it behind the answer: both, or nothing."""
    found = seen(submission_id)
    paper = Paper(asked_for(), written("pages", limit=60))
    try:
        paper = _dated(paper)
        stored = kept_for(paper.document_id, found.supplier_id)
        with acting() as (writing, by):
            sent = sending_on.send_on(writing, paper.document_id, found.supplier_id, stored, by=by, now=now())
            new = replace(paper, document_id=sent.document.id)
            helping.attach_evidence(writing, submission_id, question, new, by=by, now=now())
    except Invalid as fault:
        return _page(submission_id, question, paper, translated(fault)), 422
    keep_files(submission_id, question)
    flash(_("The document is sent to %(buyer)s and attached.", buyer=found.supplier.buyer.name))
    return to_question(submission_id, question)


def _dated(paper: Paper) -> Paper:
    return replace(paper, valid_from=written_day("valid_from"), valid_until=written_day("valid_until"))


def _page(submission_id: UUID, question: str, paper: Paper | None, fault: str = "") -> str:
    at = desk(submission_id)
    asked = at.opened.questionnaire.questions.get(question)
    if asked is None:
        abort(404)
    behind = {row.document_id for row in helping.evidence(reading(), at.found).get(question, [])}
    document = None if paper is None else chosen(paper.document_id, at.found.supplier_id)
    return render_template(
        "questionnaires/sent.html", at=at, submission=at.found, words=at.words, question=asked, paper=paper,
        chosen=document, behind=behind, fault=fault, back=to_question(submission_id, question).location,
        choice=None if document is not None else offered(at.found.supplier_id),
    )  # fmt: skip
