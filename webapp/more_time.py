"""What a supplier may do about an invitation: ask for more time, and pass the questions on to its own suppliers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.campaigns import Invitation
from models.errors import Conflict, Invalid
from models.people import Person
from questionnaires import issuing, passing_on
from questionnaires.passing_on import Newcomer
from webapp import letters
from webapp.campaigns import day
from webapp.doors import acting, now, person, reading, written
from webapp.errors import translated

pages = Blueprint("invitations", __name__, url_prefix="/questionnaires")

Answer = Response | tuple[str, int]


@pages.get("/<uuid:submission_id>/more-time")
def more_time(submission_id: UUID) -> str:
    return _page("questionnaires/more_time.html", submission_id)


@pages.post("/<uuid:submission_id>/more-time")
def ask_more_time(submission_id: UUID) -> Answer:
    try:
        with acting() as (session, by):
            row = _invitation(session, submission_id, by)
            passing_on.ask_extension(
                session, row.id, day("wanted_on"), reason=written("reason", limit=2000), by=by, now=now()
            )
    except Invalid as fault:
        return _page("questionnaires/more_time.html", submission_id, fault), 422
    flash(_("Your customer is told. The answer comes by letter, and stands here."))
    return redirect(url_for(".more_time", submission_id=submission_id), 303)


@pages.get("/<uuid:submission_id>/pass-on")
def pass_on(submission_id: UUID) -> str:
    return _page("questionnaires/pass_on.html", submission_id)


@pages.post("/<uuid:submission_id>/pass-on")
def invite(submission_id: UUID) -> Answer:
    """Invite one's own supplier to the same questions."""
    chosen = written("language", limit=8)
    new = Newcomer(
        company=written("company", limit=200), person=written("person", limit=200), email=written("email", limit=300),
        language=chosen if chosen in letters.LANGUAGES else "en",
    )  # fmt: skip
    try:
        with acting() as (session, by):
            row = _invitation(session, submission_id, by)
            passing_on.pass_on(session, row.id, new, by=by, now=now())
    except Invalid as fault:
        return _page("questionnaires/pass_on.html", submission_id, fault), 422
    flash(_("The company is invited. Its letter leaves by itself."))
    return redirect(url_for(".pass_on", submission_id=submission_id), 303)


def _invitation(session: Session, submission_id: UUID, by: Person) -> Invitation:
    issuing.submission(session, submission_id, by=by)
    found = passing_on.invitation_of(session, submission_id, by=by)
    if found is None:
        raise Conflict("These questions came without a campaign: talk to your customer about it.")
    return found


def _page(template: str, submission_id: UUID, fault: Invalid | None = None) -> str:
    session = reading()
    row = _invitation(session, submission_id, person())
    return render_template(
        template,
        submission=row.submission,
        extensions=passing_on.extensions(session, row),
        passed_on=passing_on.passed_on(session, row),
        letter_languages=letters.LANGUAGES,
        typed=request.form,
        fault=fault,
        sentence="" if fault is None else translated(fault),
    )
