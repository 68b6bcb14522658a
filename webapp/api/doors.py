"""All doors of the API together, hung in under `/api/v1`, and the description of them for programs."""

from __future__ import annotations

from flask import Blueprint, Response, json

from webapp.api import campaigns, documents, findings, plan_acts, plans, questionnaires, questions, trainings, whole
from webapp.api.door import Door
from webapp.api.serving import add

DOORS: tuple[Door, ...] = (
    *whole.DOORS, *documents.DOORS, *findings.DOORS, *questions.DOORS, *plans.DOORS, *plan_acts.DOORS,
    *trainings.DOORS, *questionnaires.DOORS, *campaigns.DOORS,
)  # fmt: skip
"""Every operation of the API. The router, the table of access, the description and the reference page come from it."""

pages = Blueprint("api", __name__, url_prefix="/api/v1")

for _door in DOORS:
    add(pages, _door)


@pages.get("/openapi.json")
def openapi() -> Response:
    """The description of all of it in the form of OpenAPI 3.1. It holds nothing of anybody, and is open to all."""
    from webapp.api.openapi import document

    return Response(json.dumps(document(DOORS)), content_type="application/json")
