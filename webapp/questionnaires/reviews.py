"""Reading answers in the browser: beside their evidence, last year's answer and what the machine found in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.findings import Finding
from models.submissions import Answer, EvidenceVerdict
from questionnaires import helping, peers, reusing, reviewing, sharing, shelf, standing, ways
from questionnaires.admitting import admitted
from questionnaires.definition import Question
from questionnaires.telling import Teller
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.questionnaires import answering, sheets, weighing
from webapp.questionnaires.answering import Desk, desk
from webapp.questionnaires.written import seen, written_day

pages = Blueprint("reviews", __name__, url_prefix="/questionnaires")


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a reviewer reads it."""

    question: Question
    row: Answer | None
    words: str
    before: str
    """The answer of the submission before this one; empty without one, or when it is the same."""
    is_new: bool
    """There was an earlier submission, and it did not hold this answer."""


def review_page(submission_id: UUID) -> str:
    """All answers of one section at a time would hide contradictions: a reviewer reads the whole."""
    at = desk(submission_id)
    found = at.found
    rows, earlier = standing.answers(reading(), found), reusing.last_time(reading(), found)
    papers, raised = helping.evidence(reading(), found), findings_of(found.id)
    done, asked = at.progress
    return render_template(
        "questionnaires/review.html",
        at=at, submission=found, words=at.words, lines=_lines(at, rows, earlier), had_earlier=bool(earlier),
        comments=helping.comments(reading(), found, by=person()), papers=papers,
        asked_back={row.question: row for row in standing.asked_back(reading(), found)},
        findings=raised, done=done, asked=asked, progress=answering.progress_words(done, asked),
        peers=peers.compared(reading(), found, at.opened.questionnaire), verdicts=list(EvidenceVerdict),
        computed=_computed(at), today=today(), admitted=admitted(at.way.path),
        weighed=weighing.read(
            at.opened, at.way, rows, papers, raised, today=today(),
            others=peers.wordings(reading(), found, at.opened.questionnaire),
        ),
        standings=weighing.STANDINGS,
    )  # fmt: skip


@pages.post("/<uuid:submission_id>/review")
def start(submission_id: UUID) -> Response:
    with acting() as (writing, by):
        reviewing.start_review(writing, submission_id, by=by, now=now())
    return _back(submission_id)


@pages.post("/<uuid:submission_id>/questions/<question>/accept")
def accept_answer(submission_id: UUID, question: str) -> Response:
    seen(submission_id)
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 8:
        raise Invalid("The page was open too long, or came from somewhere else: reload it.")
    with acting() as (writing, by):
        reviewing.accept_answer(writing, submission_id, question, version=int(text), by=by, now=now())
    return _back(submission_id, question)


@pages.post("/<uuid:submission_id>/questions/<question>/ask")
def ask(submission_id: UUID, question: str) -> Response:
    with acting() as (writing, by):
        reviewing.ask_back(writing, submission_id, question, text=written("text", limit=9000), by=by, now=now())
    return _back(submission_id, question)


@pages.post("/<uuid:submission_id>/review/asked/<uuid:asked_id>")
def withdraw(submission_id: UUID, asked_id: UUID) -> Response:
    with acting() as (writing, by):
        reviewing.withdraw(writing, submission_id, asked_id, by=by, now=now())
    return _back(submission_id)


@pages.post("/<uuid:submission_id>/evidence/<uuid:evidence_id>")
def judge(submission_id: UUID, evidence_id: UUID) -> Response:
    seen(submission_id)
    word = request.form.get("verdict", "")
    if word not in set(EvidenceVerdict):
        raise Invalid("Choose what the document shows.", field="verdict")
    with acting() as (writing, by):
        row = reviewing.judge_evidence(
            writing, submission_id, evidence_id, EvidenceVerdict(word), reason=written("reason", limit=9000), by=by,
            now=now(),
        )  # fmt: skip
        question = row.question
    return _back(submission_id, question)


@pages.post("/<uuid:submission_id>/send-back")
def send_back(submission_id: UUID) -> Response:
    with acting() as (writing, by):
        reviewing.send_back(writing, submission_id, by=by, now=now(), due_on=written_day("due_on"))
    flash(_("Sent back. The supplier sees what you ask."))
    return _back(submission_id)


@pages.post("/<uuid:submission_id>/accept")
def accept(submission_id: UUID) -> Response:
    with acting() as (writing, by):
        reviewing.accept(writing, submission_id, by=by, now=now(), valid_until=written_day("valid_until"))
    flash(_("Accepted: these answers are clear enough to work with."))
    return _back(submission_id)


@pages.get("/shared")
def shared() -> str | Response:
    """Answers that a supplier gave to another customer, as far as it lets this buyer see them."""
    wanted = optional_key("submission")
    if wanted is None:
        return redirect(url_for("submissions.index"), 303)
    decided = sharing.shared(reading(), wanted, by=person())
    found, share = decided.submission, decided.share
    opened = shelf.opened(reading(), found.questionnaire)
    words = Teller(sheets.language_of(opened.questionnaire, person()))
    rows = standing.answers(reading(), found)
    path = ways.way(reading(), found).path
    lines = [
        (step.question, words.answer(step.question, row.value))
        for step in path.steps
        if (row := rows.get(step.question.id)) is not None
        and not row.locked  # What the other customer filled in is not the supplier's to share.
        and sharing.may_be_seen(step.question, share)
    ]
    return render_template("questionnaires/shared.html", submission=found, share=share, words=words, lines=lines)


def findings_of(submission_id: UUID) -> dict[str, list[Finding]]:
    """What the machine found in these answers, by question, the gravest first. People decide about each."""
    by_question: dict[str, list[Finding]] = defaultdict(list)
    query = (
        select(Answer.question, Finding)
        .join(Finding, Finding.answer_id == Answer.id)
        .where(Answer.submission_id == submission_id)
        .order_by(Finding.severity_rank, Finding.score.desc(), Finding.id)
    )
    for question, finding in reading().execute(query):
        by_question[question].append(finding)
    return dict(by_question)


def _lines(at: Desk, rows: dict[str, Answer], earlier: dict[str, Answer]) -> dict[str, list[Line]]:
    """By section, every question that is asked."""
    by_section: dict[str, list[Line]] = {}
    for place in at.places:
        lines = by_section.setdefault(place.section.id, [])
        for step in place.steps:
            row, old = rows.get(step.question.id), earlier.get(step.question.id)
            said = at.words.answer(step.question, row.value) if row is not None else ""
            before = at.words.answer(step.question, old.value) if old is not None else ""
            is_new = bool(earlier) and old is None and bool(said)
            lines.append(Line(step.question, row, said, before if before != said else "", is_new))
    return by_section


def _computed(at: Desk) -> dict[str, str]:
    return sheets.computed(at.way, at.opened.questionnaire.questions.values())


def _back(submission_id: UUID, question: str = "") -> Response:
    target = url_for("submissions.show", submission_id=submission_id)
    return redirect(f"{target}#q-{question}" if question else target, 303)
