"""What is drawn from: every passage that was passed over, those in which nothing was seen included."""

from __future__ import annotations

from screening.engine.results import Page, PageStatus, Reading, State
from screening.engine.screener import Screener

TEXT = "The canteen was repainted in spring.\nEleven passports were locked in the manager's cabinet.\n"


def test_passages_without_a_signal_are_told_too_where_they_are_asked_for() -> None:
    reading = Reading(State.SCREENED, pages=(Page(1, PageStatus.READ, TEXT, language="en"),))
    screener = Screener.load(every=True)
    every = screener.screen(reading)
    seen = Screener(screener.learned).screen(reading)
    assert {found.passage.text for found in every} == {line for line in TEXT.splitlines() if line}
    assert {found.passage.text for found in seen} == {"Eleven passports were locked in the manager's cabinet."}
    assert all(0 <= found.judgement.score <= 1 for found in every)
