"""A document that the supplier sent before, chosen to stand behind an answer: nothing is sent or kept twice."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import receiving
from questionnaires import helping
from questionnaires.helping import Paper
from webapp.doors import acting, now, optional_key, person, reading, written
from webapp.errors import translated
from webapp.questionnaires.answering import desk
from webapp.questionnaires.together import keep_files, to_question
from webapp.questionnaires.written import seen, written_day
from webapp.sent import offered

pages = Blueprint("sent", __name__, url_prefix="/questionnaires")


@pages.get("/<uuid:submission_id>/questions/<question>/documents")
def choose(submission_id: UUID, question: str) -> str | Response:
    """What the supplier's own people sent to this customer; of the chosen one, for how long it is good."""
    found = seen(submission_id)
    if not found.state.is_open:
        return redirect(url_for("submissions.show", submission_id=submission_id), 303)
    document_id = optional_key("document")
    if document_id is None:
        return _page(submission_id, question, None)
    return _page(submission_id, question, helping.as_given_before(reading(), found, question, document_id))


@pages.post("/<uuid:submission_id>/questions/<question>/documents")
def attach(submission_id: UUID, question: str) -> Response | tuple[str, int]:
    """Put the chosen document behind the answer. Days that cannot be are shown again beside the reason."""
    seen(submission_id)
    chosen = optional_key("document")
    if chosen is None:
        raise Invalid("Choose a document first.", field="document")
    paper = Paper(chosen, written("pages", limit=60))
    try:
        paper = Paper(chosen, paper.pages, written_day("valid_from"), written_day("valid_until"))
        with acting() as (writing, by):
            helping.attach_evidence(writing, submission_id, question, paper, by=by, now=now())
    except Invalid as fault:
        return _page(submission_id, question, paper, translated(fault)), 422
    keep_files(submission_id, question)
    flash(_("The document is attached."))
    return to_question(submission_id, question)


def _page(submission_id: UUID, question: str, paper: Paper | None, fault: str = "") -> str:
    at = desk(submission_id)
    asked = at.opened.questionnaire.questions.get(question)
    if asked is None:
        abort(404)
    behind = {row.document_id for row in helping.evidence(reading(), at.found).get(question, [])}
    chosen = None if paper is None else receiving.document(reading(), paper.document_id, by=person())
    if chosen is not None and chosen.supplier_id != at.found.supplier_id:
        abort(404)
    return render_template(
        "questionnaires/sent.html", at=at, submission=at.found, words=at.words, question=asked, paper=paper,
        chosen=chosen, behind=behind, fault=fault, back=to_question(submission_id, question).location,
        listed=None if chosen is not None else offered(at.found.supplier_id),
    )  # fmt: skip
