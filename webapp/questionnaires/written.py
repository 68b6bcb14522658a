"""What several of these pages look at first: is it theirs, and which day did they write."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from models.errors import Invalid
from models.submissions import Submission
from questionnaires import issuing
from webapp.doors import person, reading, written


def seen(submission_id: UUID) -> Submission:
    """The submission that the address names: first of all, so that what is not theirs is absent. Raises NotFound."""
    return issuing.submission(reading(), submission_id, by=person())


def written_day(name: str) -> date | None:
    """The day in this field; None where it is empty. Raises Invalid for what is none."""
    text = written(name, limit=20)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Give a day, such as 2026-01-31.", field=name) from None
