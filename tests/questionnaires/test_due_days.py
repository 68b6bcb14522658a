"""By when answers can be asked for: from today on, and no further than anybody waits."""

from __future__ import annotations

from datetime import date

import pytest

from models.errors import Invalid
from questionnaires import due_days
from tests.factories import NOON


def test_today_and_a_day_within_five_years_are_taken() -> None:
    due_days.check(NOON.date(), NOON)
    due_days.check(NOON.date() + due_days.FURTHEST, NOON)


@pytest.mark.parametrize(
    ("day", "says"),
    [(date(2026, 2, 15), "passed already"), (date(2206, 4, 1), "look at the year"), (date.max, "look at the year")],
)
def test_yesterday_and_a_slip_of_the_year_are_refused_at_their_field(day: date, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        due_days.check(day, NOON, field="due_on")
    assert refused.value.field == "due_on"
