"""Campaigns in the browser: started, followed and reminded by those who lead; every letter can be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as Download
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.campaigns import Campaign, Decision, Inviting
from models.errors import Invalid
from models.operations import posting
from models.people import Person
from models.submissions import SubmissionState
from questionnaires import campaigning, inviting, returning
from questionnaires.campaigning import REMIND_DAYS, Plan
from webapp import campaign_views, letters, mail
from webapp.chart import returns_chart
from webapp.doors import acting, close_reading, house, now, optional_key, person, reading, today, written
from webapp.errors import translated
from webapp.mail_settings import hours
from webapp.questionnaires.published import choice_of_published
from webapp.supplier_choice import every, is_searching, offered_ticks

pages = Blueprint("campaigns", __name__, url_prefix="/campaigns")

Answer = Response | tuple[str, int]

REQUESTS = 20
"""Requests for more time on the page at a time, the oldest first."""


@pages.get("")
def index() -> str:
    listed = returning.campaigns(reading(), by=person(), today=today(), after=optional_key("after"))
    return render_template("campaigns/index.html", listed=listed, today=today())


@pages.get("/new")
def form() -> str:
    return _form()


@pages.post("/new")
def begin() -> Answer:
    """Start a campaign: every supplier that is ticked gets the questions, and a letter."""
    if is_searching():
        return _form(), 200
    try:
        plan = _plan()
        with acting() as (session, by):
            started = campaigning.start(session, plan, by=by, now=now())
            found, is_done = started.id, started.inviting is Inviting.DONE
    except Invalid as fault:
        return _form(fault), 422
    if is_done:
        flash(_("The campaign has begun. The letters leave by themselves."))
    else:
        flash(_("The campaign has begun. Your suppliers are invited one after the other; you may leave this page."))
    return redirect(url_for(".show", campaign_id=found), 303)


@pages.get("/<uuid:campaign_id>")
def show(campaign_id: UUID) -> str:
    return _page(campaign_id)


@pages.get("/<uuid:campaign_id>/progress")
def progress(campaign_id: UUID) -> str:
    """How far the inviting is, for a page that waits."""
    return render_template("campaigns/inviting.html", campaign=_campaign(campaign_id), **_progress(campaign_id))


@pages.post("/<uuid:campaign_id>/stop")
def stop(campaign_id: UUID) -> Answer:
    """Invite nobody more for now."""
    with acting() as (session, by):
        inviting.stop(session, campaign_id, by=by, now=now())
    flash(_("Stopped. Whoever was invited stays invited; the others wait."))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


@pages.post("/<uuid:campaign_id>/go-on")
def go_on(campaign_id: UUID) -> Answer:
    """Invite the others after all."""
    with acting() as (session, by):
        inviting.go_on(session, campaign_id, by=by, now=now())
    flash(_("It goes on where it stopped."))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


@pages.get("/<uuid:campaign_id>/invitations.csv")
def table(campaign_id: UUID) -> Download:
    """Every supplier in it that the filter leaves, with how far it is."""
    found, by, filters = _campaign(campaign_id), person(), campaign_views.filters_asked()
    lines = campaign_views.table(house().runtime.database, found, filters, by=by, today=today())
    close_reading()
    answer = Download(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="salient-campaign.csv"'
    return answer


@pages.post("/<uuid:campaign_id>/remind")
def remind(campaign_id: UUID) -> Answer:
    """Remind one supplier, or everybody who has not sent anything."""
    with acting() as (session, by):
        done = campaigning.remind(session, campaign_id, optional_key("invitation"), by=by, now=now())
    flash(" ".join(campaign_views.reminded(done)))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


@pages.post("/<uuid:campaign_id>/extend")
def extend(campaign_id: UUID) -> Answer:
    def act(session: Session, by: Person) -> None:
        campaigning.extend(session, campaign_id, _key("invitation"), day("due_on"), by=by, now=now())

    return _do(campaign_id, act, _("The supplier has until the new day."))


@pages.post("/<uuid:campaign_id>/decide")
def decide(campaign_id: UUID) -> Answer:
    """Grant or refuse more time."""

    def act(session: Session, by: Person) -> None:
        word = Decision.GRANTED if "granted" in request.form else Decision.REFUSED
        answer = written("answer", limit=2000)
        campaigning.decide(session, campaign_id, _key("request"), word, answer=answer, by=by, now=now())

    return _do(campaign_id, act, _("Decided. The supplier is told by letter."))


@pages.post("/<uuid:campaign_id>/close")
def close(campaign_id: UUID) -> Answer:
    with acting() as (session, by):
        campaigning.close(session, campaign_id, by=by, now=now())
    flash(_("The campaign is closed: no more reminders go out. What was asked stays open to the suppliers."))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


@pages.get("/letters")
def outbox() -> str:
    """The letters of campaigns, plans and questions: what waits, what left and what could not."""
    listed = posting.letters(reading(), by=person(), after=optional_key("after"))
    settings = house().settings
    return render_template(
        "campaigns/letters.html", listed=listed, folder=not settings.smtp_url, quiet=hours(settings.quiet_hours)
    )


@pages.get("/letters/<uuid:mail_id>")
def letter(mail_id: UUID) -> str:
    """One letter as it reads; the secret of its link is shown to nobody."""
    found = posting.letter(reading(), mail_id, by=person())
    made = mail.preview(found, house().settings, now=found.sent_at or now(), buyer_id=person().organisation_id)
    return render_template("campaigns/letter.html", mail=found, letter=made, has_link=mail.has_link(found))


def _do(campaign_id: UUID, act: Callable[[Session, Person], None], said: str) -> Answer:
    """Carry out one act; what is missing is said on the page of the campaign."""
    try:
        with acting() as (session, by):
            returning.campaign(session, campaign_id, by=by)  # Whose it is comes before what is missing.
            act(session, by)
    except Invalid as fault:
        return _page(campaign_id, translated(fault)), 422
    flash(said)
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


def _campaign(campaign_id: UUID) -> Campaign:
    return returning.campaign(reading(), campaign_id, by=person())


def _progress(campaign_id: UUID) -> dict[str, object]:
    found = inviting.progress(reading(), _campaign(campaign_id), now=now())
    return {"inviting": found, "minutes": campaign_views.minutes(found.left)}


def _page(campaign_id: UUID, fault: str = "") -> str:
    session, found = reading(), _campaign(campaign_id)
    everybody, filters = returning.lines(session, found), campaign_views.filters_asked()
    fitting = returning.fitting(everybody, filters, today=today())
    shown = campaign_views.page_of(fitting, everybody, today())
    standing, counts = returning.returns(everybody, today=today()), Counter(row.state for row in everybody)
    return render_template(
        "campaigns/show.html",
        campaign=found,
        rows=returning.full(session, shown.rows),
        more=shown.more,
        fitting=len(fitting),
        asked=campaign_views.asked(filters),
        states={state: counts[state] for state in SubmissionState if counts[state]},
        returns=standing,
        chart=returns_chart(
            standing, returning.by_day(everybody), start=found.started_at.date(), due=found.due_on, today=today()
        ),
        requests=returning.requests(session, found, limit=REQUESTS),
        requests_waiting=returning.requests_waiting(session, found),
        tiers=returning.tiers(session, found.buyer_id),
        today=today(),
        fault=fault,
        **_progress(campaign_id),
    )


def _form(fault: Invalid | None = None) -> str:
    return render_template(
        "campaigns/new.html",
        published=choice_of_published(),
        suppliers=offered_ticks(),
        letter_languages=letters.LANGUAGES,
        chosen=request.form,
        fault=fault,
        sentence="" if fault is None else translated(fault),
        remind_days=", ".join(str(days) for days in REMIND_DAYS),
    )


def _plan() -> Plan:
    return Plan(
        name=written("name", limit=120),
        questionnaire_id=_key("questionnaire"),
        supplier_ids=every(_keys("supplier")),
        due_on=day("due_on"),
        languages=[code for code in letters.LANGUAGES if code in request.form.getlist("language")],
        period=written("period", limit=40),
        remind_days=_numbers("remind_days"),
    )


def _key(name: str) -> UUID:
    found = optional_key(name)
    if found is None:
        raise Invalid("Choose one from the list.", field=name)
    return found


def _keys(name: str) -> list[UUID]:
    try:
        return [UUID(text) for text in request.form.getlist(name)]
    except ValueError:
        raise Invalid("Choose from the list.", field=name) from None


def _numbers(name: str) -> list[int]:
    parts = [part.strip() for part in written(name, limit=100).split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise Invalid("Give the days before the due day as whole numbers, such as 14, 3.", field=name)
    return [int(part) for part in parts]


def day(name: str) -> date:
    """A day from a form. Raises Invalid for none."""
    try:
        return date.fromisoformat(written(name, limit=20))
    except ValueError:
        raise Invalid("Write the day as year-month-day, such as 2026-03-31.", field=name) from None
