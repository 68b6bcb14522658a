"""The list of questionnaires, and one of them: for its supplier where to go on, for its buyer what to read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import naming
from models.operations.naming import Named
from models.submissions import Share, Submission, SubmissionState
from questionnaires import helping, issuing, issuing_many, passing_on, reusing, sharing, shelf, standing
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.issuing import ISSUERS, SubmissionFilter
from questionnaires.issuing_many import Order
from questionnaires.telling import Teller
from webapp.documents import known
from webapp.doors import acting, now, optional_key, person, reading, today, written
from webapp.errors import translated
from webapp.language import current
from webapp.questionnaires import answering, forms
from webapp.questionnaires.answering import desk
from webapp.questionnaires.published import choice_of_published
from webapp.questionnaires.reviews import review_page
from webapp.questionnaires.written import seen, written_day
from webapp.supplier_choice import colleagues, every, is_searching, narrowed, offered_ticks

pages = Blueprint("submissions", __name__, url_prefix="/questionnaires")

S = SubmissionState
TO_DO = (S.DRAFT, S.IN_PROGRESS, S.CHANGES_REQUESTED)
TO_READ = (S.SUBMITTED, S.UNDER_REVIEW)


@pages.get("")
def index() -> str:
    """What waits for this person comes first; the rest can be asked for by its state."""
    by, state, after = person(), known(SubmissionState, "state"), optional_key("after")
    waits = TO_READ if by.works_for_a_buyer else TO_DO
    plain = state is None and after is None
    filters = SubmissionFilter(states=None if state is None else (state,), supplier_id=optional_key("supplier"))
    first = issuing.submissions(reading(), by=by, filters=SubmissionFilter(states=waits), limit=100) if plain else None
    listed = issuing.submissions(reading(), by=by, filters=filters, after=after)
    shared_after = optional_key("shared_after")
    leads = plain and by.role in ISSUERS
    with_shared = by.works_for_a_buyer and plain
    shared = sharing.shared_with(reading(), by=by, after=shared_after) if with_shared else None
    return render_template(
        "questionnaires/index.html", first=first, listed=listed, state=state, states=list(SubmissionState),
        today=today(), shared=shared, unfinished=issuing_many.unfinished(reading(), by=by, now=now()) if leads else [],
        waiting={row.id for row in (first.rows if first else ())},
    )  # fmt: skip


@pages.get("/<uuid:submission_id>")
def show(submission_id: UUID) -> str:
    if person().works_for_a_buyer:
        return review_page(submission_id)
    at = desk(submission_id)
    found = at.found
    done, asked = at.progress
    assigned = helping.assignments(reading(), found)
    takers = {one.id for rows in assigned.values() for one in rows}
    return render_template(
        "questionnaires/submission.html",
        at=at, submission=found, words=at.words, done=done, asked=asked, today=today(),
        progress=answering.progress_words(done, asked), left=answering.left_words(at.way),
        assignments=assigned, colleagues=colleagues(person().organisation_id, *takers),
        asked_back=standing.asked_back(reading(), found) if found.state.is_open else [],
        offers=reusing.offers(reading(), found, now=now()) if found.state.is_open else {},
        customers=_customers(found) if found.submitted_at else None, shares=Share,
        first=answering.first_open(at),
        invited=passing_on.invitation_of(reading(), found.id, by=person()) is not None,
    )  # fmt: skip


def _customers(found: Submission) -> dict[str, object]:
    """The other customers, as the search of the page narrows them down, each with what it may see."""
    shares = sharing.customers(reading(), found)
    names = [Named(row.id, row.buyer.name) for row, _share in shares]
    return {"offered": narrowed(names, "customer"), "share_of": {row.id: share for row, share in shares}}


@pages.get("/new")
def form() -> str:
    return _form()


@pages.post("/new")
def issue() -> Response | tuple[str, int]:
    """Lay one questionnaire before suppliers. What the buyer fills in is locked for them."""
    if is_searching():
        return _form(), 200
    try:
        begun = _issue(_suppliers_chosen())
    except Invalid as fault:
        return _form(translated(fault)), 422
    if begun is None:
        flash(_("Issued. Your suppliers see it when they log in."))
        return redirect(url_for(".index"), 303)
    flash(_("It has begun. Your suppliers get the questionnaire one after the other; you may leave this page."))
    return redirect(url_for("issuings.show", issuing_id=begun), 303)


def _suppliers_chosen() -> list[UUID]:
    try:
        chosen = every([UUID(text) for text in request.form.getlist("supplier")])
    except ValueError:
        raise Invalid("Choose a questionnaire and at least one supplier.", field="supplier") from None
    if not chosen:
        raise Invalid("Choose a questionnaire and at least one supplier.", field="supplier")
    return chosen


def _issue(suppliers: list[UUID]) -> UUID | None:
    """All of them or none. Answers what the workers go on with, where they are more than one request serves."""
    with acting() as (writing, by):
        wanted = optional_key("questionnaire")
        if wanted is None:
            raise Invalid("Choose a questionnaire and at least one supplier.", field="questionnaire")
        row = issuing.one_published(writing, wanted, by=by)
        asked = prefillable(shelf.opened(writing, row).questionnaire)
        given = {each.id: value for each in asked if (value := request.form.get(f"a.{each.id}"))}
        order = Order(row.id, suppliers, written_day("due_on"), written("period", limit=40), given)
        begun = issuing_many.begin(writing, order, by=by, now=now())
        return None if begun is None else begun.id


@pages.post("/<uuid:submission_id>/expire")
def expire(submission_id: UUID) -> Response:
    with acting() as (writing, by):
        issuing.expire(writing, submission_id, by=by, now=now())
    flash(_("The questionnaire is closed."))
    return redirect(url_for(".index"), 303)


@pages.post("/<uuid:submission_id>/extend")
def extend(submission_id: UUID) -> Response:
    seen(submission_id)
    day = written_day("due_on")
    if day is None:
        raise Invalid("Give the day by which it is to be done.", field="due_on")
    with acting() as (writing, by):
        issuing.extend(writing, submission_id, day, by=by, now=now())
    flash(_("The new day is kept."))
    return redirect(url_for(".show", submission_id=submission_id), 303)


LOCKABLE = (Kind.YES_NO, Kind.SINGLE)
"""The kinds that the issue form can fill in; a risk rating is one of them."""


def prefillable(questionnaire: Questionnaire) -> list[Question]:
    """What the buyer, not the supplier, knows best, by the names that our library gives it."""
    return [row for row in questionnaire.questions.values() if row.id == "inherent_risk" and row.kind in LOCKABLE]


def _form(fault: str = "") -> str:
    by = person()
    rows = issuing.published(reading(), by=by)[: naming.SHOWN]
    asked = [prefillable(shelf.opened(reading(), row).questionnaire) for row in rows]
    return render_template(
        "questionnaires/issue.html", published=choice_of_published(), suppliers=offered_ticks(), fault=fault,
        prefill=next((questions for questions in asked if questions), []),
        words=Teller(current()), chosen=request.form, new_key=forms.new_key,
    )  # fmt: skip
