"""The published questionnaires as a list to choose from: the newest first, with a search where there are many."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask_babel import ngettext

from models.operations.naming import Named, Offered
from models.submissions import Published
from questionnaires import issuing
from webapp.doors import person, reading
from webapp.language import current
from webapp.supplier_choice import narrowed


def choice_of_published() -> Offered:
    """What the buyer may issue, each with its title, version and length; what was chosen before stands first."""
    rows = issuing.published(reading(), by=person())
    return narrowed([Named(row.id, _told(row)) for row in rows], "questionnaire", _chosen())


def _told(row: Published) -> str:
    length = ngettext("%(num)d question", "%(num)d questions", row.questions)
    return f"{row.title_in(current())} ({row.version}): {length}"


def _chosen() -> UUID | None:
    try:
        return UUID(request.form.get("questionnaire", ""))
    except ValueError:
        return None
