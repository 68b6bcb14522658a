"""Puts the web application together: what it works with, what it checks before each request, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from werkzeug.wrappers import Response

from models.base import utcnow
from webapp import (
    access,
    account,
    askings,
    auth,
    bulks,
    campaigns,
    changes,
    come_in,
    compliance,
    desk_acts,
    documents,
    errors,
    exports,
    findings,
    forgotten,
    health,
    home,
    hooks,
    imports,
    journal,
    language,
    more_time,
    people,
    plan_acts,
    plan_boards,
    plan_files,
    plans,
    quality,
    samples,
    searches,
    security,
    show,
    teaching,
    texts,
    tokens,
    trainings,
    uploads,
)
from webapp.api import doors as api
from webapp.api import keys
from webapp.doors import EXTENSION, House
from webapp.limits import Throttle
from webapp.questionnaires import answering, found, issuings, library, offline, reviews, sent, submissions, together
from webapp.runtime import Runtime, open_runtime
from webapp.settings import Settings

PAGES = (
    health.pages,
    auth.pages,
    come_in.pages,
    forgotten.pages,
    account.pages,
    home.pages,
    documents.pages,
    texts.pages,
    changes.pages,
    uploads.pages,
    findings.pages,
    desk_acts.pages,
    bulks.pages,
    askings.pages,
    searches.pages,
    samples.pages,
    quality.pages,
    teaching.pages,
    more_time.pages,
    found.pages,
    library.pages,
    offline.pages,
    campaigns.pages,
    plans.pages,
    plan_acts.pages,
    plan_files.pages,
    plan_boards.pages,
    trainings.pages,
    submissions.pages,
    issuings.pages,
    answering.pages,
    together.pages,
    sent.pages,
    reviews.pages,
    compliance.pages,
    imports.pages,
    exports.pages,
    people.pages,
    journal.pages,
    tokens.pages,
    hooks.pages,
    api.pages,
)


def create_app(
    settings: Settings | None = None, *, runtime: Runtime | None = None, clock: Callable[[], datetime] = utcnow
) -> Flask:
    """The web application with these settings, or with those of the environment.

    Raises SettingsError where production lacks its secrets. `clock` is for tests that let time pass.
    """
    settings = settings or (runtime.settings if runtime is not None else Settings.read())
    app = Flask("webapp", static_folder="static", template_folder="templates")
    csrf = security.set_up(app, settings)
    app.extensions[EXTENSION] = House(
        runtime or open_runtime(settings), Throttle.at(settings.rate_limit_storage), clock
    )
    language.set_up(app, settings.folder)
    show.set_up(app)
    errors.set_up(app)
    for pages in PAGES:
        app.register_blueprint(pages)

    @app.before_request
    def check() -> Response | None:
        """Who asks, may they, how much may they send, and does it come from a page of ours: in this order."""
        refusal = access.enforce()
        if refusal is None:
            uploads.allow_large_body()
            if not keys.is_no_form():
                security.refuse_foreign_forms(csrf)
        return refusal

    return app
