"""Working on answers together: sections for people, remarks, papers behind answers, earlier answers, sharing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations.scope import Slice
from models.submissions import Answer, Share
from questionnaires import answering as answers
from questionnaires import helping, issuing, reusing, sharing, shelf, standing
from questionnaires.definition import Kind
from questionnaires.helping import Paper
from webapp import uploads
from webapp.doors import acting, now, optional_key, person, reading, written
from webapp.questionnaires import forms, places
from webapp.questionnaires.answering import desk
from webapp.questionnaires.written import seen, written_day

pages = Blueprint("together", __name__, url_prefix="/questionnaires")


@pages.post("/<uuid:submission_id>/sections/<section>/people")
def assign(submission_id: UUID, section: str) -> Response:
    """Say who answers a section."""
    seen(submission_id)
    try:
        people = {UUID(text) for text in request.form.getlist("person")}
    except ValueError:
        raise Invalid("This address does not lead anywhere: go back and choose again.", field="person") from None
    with acting() as (writing, by):
        helping.assign(writing, submission_id, section, people, by=by, now=now())
    flash(_("It is kept who answers this section."))
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


@pages.post("/<uuid:submission_id>/questions/<question>/comments")
def comment(submission_id: UUID, question: str) -> Response:
    with acting() as (writing, by):
        helping.comment(
            writing, submission_id, question, text=written("text", limit=9000), inside=bool(request.form.get("inside")),
            by=by, now=now(),
        )  # fmt: skip
    return to_question(submission_id, question)


@pages.post("/<uuid:submission_id>/asked/<uuid:asked_id>")
def reply(submission_id: UUID, asked_id: UUID) -> Response:
    """Say why an answer stands."""
    with acting() as (writing, by):
        row = helping.reply(writing, submission_id, asked_id, text=written("text", limit=9000), by=by, now=now())
        question = row.question
    flash(_("Your answer goes to the reviewer when you submit."))
    return to_question(submission_id, question)


@pages.post("/<uuid:submission_id>/questions/<question>/evidence")
def attach(submission_id: UUID, question: str) -> Response:
    """Put a paper behind an answer: a new file, or a document that was sent before."""
    found = seen(submission_id)
    paper = Paper(
        _document(found.supplier_id), written("pages", limit=60), written_day("valid_from"), written_day("valid_until")
    )
    with acting() as (writing, by):
        helping.attach_evidence(writing, submission_id, question, paper, by=by, now=now())
    keep_files(submission_id, question)
    flash(_("The document is attached."))
    return to_question(submission_id, question)


@pages.post("/<uuid:submission_id>/evidence/<uuid:evidence_id>/remove")
def detach(submission_id: UUID, evidence_id: UUID) -> Response:
    found = seen(submission_id)
    question = next(
        (
            name
            for name, rows in helping.evidence(reading(), found).items()
            if any(row.id == evidence_id for row in rows)
        ),
        "",
    )
    with acting() as (writing, by):
        helping.detach_evidence(writing, submission_id, evidence_id, by=by, now=now())
    keep_files(submission_id, question)
    flash(_("The document is no longer attached. It is still among your documents."))
    return to_question(submission_id, question)


@pages.get("/<uuid:submission_id>/offers")
def offers(submission_id: UUID) -> str:
    """What was answered before, beside the questions that are open: accepted one by one."""
    at = desk(submission_id)
    found = reusing.offers(reading(), at.found, now=now()) if at.found.state.is_open else {}
    asked = [step.question for step in at.way.path.steps if step.question.id in found]
    return render_template(
        "questionnaires/offers.html", at=at, submission=at.found, words=at.words,
        offers=[(question, found[question.id], forms.new_key()) for question in asked],
    )  # fmt: skip


@pages.post("/<uuid:submission_id>/offers")
def reuse(submission_id: UUID) -> Response:
    """Take one earlier answer over."""
    seen(submission_id)
    question, key = written("question", limit=120), written("key", limit=64)
    answer_id = optional_key("answer")
    if answer_id is None or not key:
        raise Invalid("The page was open too long, or came from somewhere else: reload it.")
    with acting() as (writing, by):
        reusing.reuse(writing, submission_id, question, answer_id, key=key, by=by, now=now())
    flash(_("The earlier answer is taken over. You can still change it."))
    if written("back", limit=10) == "section":
        return to_question(submission_id, question)
    return redirect(url_for(".offers", submission_id=submission_id), 303)


@pages.get("/<uuid:submission_id>/questions/<question>/history")
def history(submission_id: UUID, question: str) -> str:
    """Who answered what, and when."""
    at = desk(submission_id)
    asked = at.opened.questionnaire.questions.get(question)
    hidden = asked is None or (person().works_for_a_buyer and at.found.state.is_open)
    text = written("before", limit=9)
    before = int(text) if text.isascii() and text.isdigit() else None
    listed = Slice((), False) if hidden else standing.history(reading(), at.found, question, before=before)
    return render_template(
        "questionnaires/history.html", at=at, submission=at.found, words=at.words, question=asked, listed=listed
    )


@pages.post("/<uuid:submission_id>/sharing")
def share(submission_id: UUID) -> Response:
    """Decide what another customer may see."""
    seen(submission_id)
    customer, word = optional_key("customer"), request.form.get("share", "")
    if customer is None or word not in set(Share):
        raise Invalid("Choose what this customer may see.", field="share")
    with acting() as (writing, by):
        sharing.decide(writing, submission_id, customer, Share(word), by=by, now=now())
    flash(_("Your decision is kept. You can change it at any time."))
    return redirect(url_for("submissions.show", submission_id=submission_id) + "#sharing", 303)


def _document(supplier_id: UUID) -> UUID:
    """The document that was sent along or chosen. Raises Invalid without either, or for a file that is not taken."""
    file = next((each for each in request.files.getlist("file") if each.filename), None)
    if file is None:
        chosen = optional_key("document")
        if chosen is None:
            raise Invalid("Choose at least one file first.", field="file")
        return chosen
    return uploads.receive_one(file, supplier_id).id


def keep_files(submission_id: UUID, question: str) -> None:
    """The answer to a question for files is the documents behind it."""
    found = seen(submission_id)
    asked = shelf.opened(reading(), found.questionnaire).questionnaire.questions.get(question)
    if asked is None or asked.kind is not Kind.FILE:
        return
    with acting() as (writing, by):
        again = issuing.submission(writing, submission_id, by=by)
        keys = [str(row.document_id) for row in helping.evidence(writing, again).get(question, [])]
        row: Answer | None = standing.answers(writing, again, [question]).get(question)
        given = answers.Given(question, keys, forms.new_key(), row.version if row else 0)
        if row is not None or keys:
            answers.save_answer(writing, submission_id, given, by=by, now=now())


def to_question(submission_id: UUID, question: str) -> Response:
    """To the question, on the page where it stands; reviewers to theirs."""
    if person().works_for_a_buyer:
        return redirect(url_for("submissions.show", submission_id=submission_id) + f"#q-{question}", 303)
    opened = desk(submission_id).opened
    section = opened.questionnaire.section_of.get(question)
    if section is None:
        return redirect(url_for("submissions.show", submission_id=submission_id), 303)
    part = next(n for n, _m, rows in places.parts_of(section) if any(row.id == question for row in rows))
    more = {"part": part} if part > 1 else {}
    target = url_for("answers.section", submission_id=submission_id, section=section.id, **more)  # type: ignore[arg-type]
    return redirect(f"{target}#q-{question}", 303)
