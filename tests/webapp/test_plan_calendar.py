"""Days in a calendar: well formed, and silent about whom and what they concern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models.db import Database
from models.operations import plan_following
from models.people import Person
from models.plan_life import PlanState
from tests.factories import NOON, make_finding, make_plan
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import ics


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_long_lines_are_folded_between_letters_and_text_is_escaped() -> None:
    title = "Plan; one, two \\ three\nnext — " + "é漢😀" * 40 + "\x07"
    made = ics.calendar([ics.Entry("a@x", date(2026, 12, 31), title, "https://x.example/p", 3)], name="P", now=NOON)
    assert all(len(line) <= ics.LONGEST_LINE for line in made.split(b"\r\n"))
    assert b"\n" not in made.replace(b"\r\n", b"")
    lines = unfolded(made)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "SUMMARY:Plan\\; one\\, two \\\\ three\\nnext — " + "é漢😀" * 40 in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines


def test_the_calendar_holds_ones_own_days_and_no_word_of_what_was_found(
    enter: Callable[[Person | None], Browser], world: World
) -> None:
    answer = enter(world.own.sender).get("/plans/calendar.ics")
    assert answer.mimetype == "text/calendar"
    text = "\n".join(unfolded(answer.data))
    assert f"UID:{world.own.plan.id}@salient" in text
    assert str(world.foreign.plan.id) not in text
    for word in (world.own.finding.quote, world.own.supplier.name, world.own.reviewer.name, "passport", "locker"):
        assert word.lower() not in text.lower()


def test_a_calendar_that_is_cut_says_so_on_its_last_day(
    enter: Callable[[Person | None], Browser], world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        for day in (3, 1):
            finding = make_finding(session, document=session.merge(world.own.document))
            plan = make_plan(
                session, finding=finding, by=session.merge(world.own.reviewer), state=PlanState.IN_PROGRESS
            )
            plan.clock_on = date(2020, 1, day)
    whole = "\n".join(unfolded(enter(world.own.reviewer).get("/plans/calendar.ics").data))
    assert "This calendar names" not in whole
    monkeypatch.setattr(plan_following.with_a_day, "__kwdefaults__", {"limit": 1})
    text = "\n".join(unfolded(enter(world.own.reviewer).get("/plans/calendar.ics").data))
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("DTSTART;VALUE=DATE:20200101") == 2
    assert "UID:cut@salient" in text
