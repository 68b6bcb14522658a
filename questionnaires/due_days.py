"""By when answers can be asked for: a day that is not over, and no slip of the year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.errors import Invalid

FURTHEST = timedelta(days=5 * 366)
"""Nobody waits longer for answers: a day beyond it is a slip of the hand, such as 2206 for 2026."""


def check(due_on: date, now: datetime, *, field: str = "due_on") -> None:
    """Raises Invalid, for this field, for a day in the past or one so far off that its year was mistyped."""
    if due_on < now.date():
        raise Invalid("The due date has passed already: choose a later day.", field=field)
    if due_on > now.date() + FURTHEST:
        raise Invalid("Choose a day within five years, and look at the year again.", field=field)
