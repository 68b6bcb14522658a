"""The candidate on the page about quality: asked for, shown beside what is in use, and decided about by compliance."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from models.db import Database
from models.findings import Finding
from models.measured import Change, Compared, Measured, Part, Score
from models.operations import learning_rows, teaching
from models.operations.learning_rows import Weighed
from models.own_classifiers import ClassifierState, Hindrance, OwnClassifier
from models.people import Person
from tests.factories import NOON, make_classifier
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from tests.webapp.test_budgets import BUDGET, counted

Enter = Callable[[Person | None], Browser]
QUALITY = "/compliance/quality"
"""With a candidate it asks once more than without: the findings of the examples, and their signals."""
GOOD, NOW, FEW = Score(60, 30, 30, 27), Score(60, 30, 60, 30), Score(4, 2, 2, 2)


def _measured(found: Finding, *, score: Score = GOOD, critical: Score | None = None) -> Measured:
    grave = () if critical is None else (Compared(Part.SEVERITY, "critical", critical, Score(9, 6, 9, 6)),)
    parts = (
        Compared(Part.ALL, "", score, NOW),
        *grave,
        Compared(Part.SIGNAL, "FL.DOC", score, NOW),
        Compared(Part.LANGUAGE, "nl", FEW, FEW),
    )
    change = Change(7, 9, 2, 3, (), (str(found.id),))
    return Measured(120, 24, 60, 60, 60, 8, 1, parts, change)


def _candidate(
    database: Database, world: World, *, score: Score = GOOD, critical: Score | None = None
) -> OwnClassifier:
    with database.transaction() as session:
        kept = _measured(world.own.finding, score=score, critical=critical).written()
        return make_classifier(
            session, by=session.merge(world.own.compliance), state=ClassifierState.CANDIDATE, kept=kept
        )


def _plain(page: str) -> str:
    """Without the blanks that languages put before a per cent sign."""
    return page.replace("\xa0%", "%").replace(" %", "%")


def _state(database: Database, one: OwnClassifier) -> ClassifierState:
    with database.reading() as session:
        return session.get_one(OwnClassifier, one.id).state


def test_compliance_asks_for_a_candidate_and_sees_how_far_it_is(
    enter: Enter, world: World, database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    lead = enter(world.own.compliance)
    assert "Learn a candidate from the decisions" in lead.get(QUALITY).text
    assert lead.post("/compliance/classifiers").location == f"{QUALITY}#own"
    job, ids = rung[-1]
    assert job == "learn_classifier"
    text = lead.get(QUALITY).text
    assert '<progress id="learning" max="14" value="0">' in text
    assert "Learn a candidate" not in text
    assert lead.post("/compliance/classifiers").status_code == 409
    with database.transaction() as session:
        found = session.get_one(OwnClassifier, UUID(ids["classifier_id"]))
        shortage = {"confirmed": 4, "rejected": 9, "documents": 3, "needed": 30, "needed_documents": 8}
        found.fail(Hindrance.TOO_FEW, shortage, NOON)
    text = lead.get(QUALITY).text
    assert "there are 4 confirmed and 9 rejected passages in 3 documents. Needed are at least 30 of each" in text
    assert "Learn a candidate from the decisions" in text


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_shows_the_candidate_beside_what_is_in_use_with_what_it_would_change(
    enter: Enter, world: World, database: Database, language: str
) -> None:
    _candidate(database, world)
    lead = enter(world.own.compliance)
    lead.post("/language", {"language": language})
    with counted(database) as statements:
        text = lead.get(QUALITY).text
    assert len(statements) <= BUDGET[QUALITY] + 1, "\n".join(statements)
    wanted = {
        "en": (
            "90% right of those pointed to, 90% of the confirmed found",
            "Too few passages to say anything, with how many there are: Dutch (4).",
            "F1&nbsp;0.90",
        ),
        "nl": (
            "90% juist van wat hij aanwijst, 90% van de bevestigde gevonden",
            "Te weinig passages om iets te zeggen, met hoeveel het er zijn: Nederlands (4).",
        ),
    }[language]
    for words in wanted:
        assert words in _plain(text), words
    assert f"/findings/{world.own.finding.id}" in text
    assert f"/findings/{world.foreign.finding.id}" not in text


def test_examples_of_another_organisation_are_never_shown(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        kept = _measured(world.foreign.finding).written()
        make_classifier(session, by=session.merge(world.own.compliance), state=ClassifierState.CANDIDATE, kept=kept)
    assert f"/findings/{world.foreign.finding.id}" not in enter(world.own.compliance).get(QUALITY).text


def test_promoting_takes_a_reason_and_rolling_back_too_and_both_are_in_the_journal(
    enter: Enter, world: World, database: Database
) -> None:
    one = _candidate(database, world)
    lead, where = enter(world.own.compliance), f"/compliance/classifiers/{one.id}"
    assert lead.post(f"{where}/promote", {"reason": " "}).status_code == 422
    assert _state(database, one) is ClassifierState.CANDIDATE
    assert lead.post(f"{where}/promote", {"reason": "Fewer rules among the flags."}).status_code == 303
    assert _state(database, one) is ClassifierState.IN_USE
    text = lead.get(QUALITY).text
    assert "Fewer rules among the flags." in text
    assert "Promote it" not in text
    assert lead.post(f"{where}/roll-back", {"reason": "Too sure."}).status_code == 303
    assert _state(database, one) is ClassifierState.SET_ASIDE
    told = enter(world.own.admin).get("/journal").text
    assert "put a classifier in use" in told
    assert "went back from a classifier" in told


def test_one_that_is_worse_says_so_and_asks_for_a_further_word(enter: Enter, world: World, database: Database) -> None:
    one = _candidate(database, world, score=Score(60, 30, 30, 5))
    lead, where = enter(world.own.compliance), f"/compliance/classifiers/{one.id}"
    assert "It scores lower than what is in use." in lead.get(QUALITY).text
    answer = lead.post(f"{where}/promote", {"reason": "Yes, for the rules."})
    assert answer.status_code == 422
    assert "say that you want it all the same" in answer.text
    assert "Yes, for the rules.</textarea>" in answer.text, "what was written is not lost"
    assert lead.post(f"{where}/set-aside", {"reason": "Worse."}).status_code == 303
    assert _state(database, one) is ClassifierState.SET_ASIDE


def test_one_that_misses_more_critical_ones_is_not_better_for_its_score(
    enter: Enter, world: World, database: Database
) -> None:
    one = _candidate(database, world, critical=Score(9, 6, 5, 5))
    lead, where = enter(world.own.compliance), f"/compliance/classifiers/{one.id}"
    shown = lead.get(QUALITY).text
    assert "Of the 30 confirmed passages held apart it takes 3 for none" in shown
    assert "Of the 6 critical ones among them it takes 1 for none" in shown
    assert "It misses more critical passages than what is in use." in shown
    assert "It scores lower" not in shown
    answer = lead.post(f"{where}/promote", {"reason": "Better over all."})
    assert (answer.status_code, _state(database, one)) == (422, ClassifierState.CANDIDATE)
    assert "misses more critical passages" in answer.text
    assert lead.post(f"{where}/promote", {"reason": "Seen.", "even_if_worse": "on"}).status_code == 303
    assert _state(database, one) is ClassifierState.IN_USE


def test_one_that_keeps_all_critical_ones_needs_no_further_word_and_where_none_was_there_it_says_so(
    enter: Enter, world: World, database: Database
) -> None:
    one, lead = _candidate(database, world), enter(world.own.compliance)
    assert "how many critical ones it would miss, nobody knows" in lead.get(QUALITY).text
    with database.transaction() as session:
        kept = _measured(world.own.finding, critical=Score(9, 6, 6, 6)).written()
        session.get_one(OwnClassifier, one.id).kept = kept
    assert "misses more critical" not in lead.get(QUALITY).text
    assert lead.post(f"/compliance/classifiers/{one.id}/promote", {"reason": "Better."}).status_code == 303


def test_an_administrator_sees_the_figures_and_no_button(enter: Enter, world: World, database: Database) -> None:
    _candidate(database, world)
    text = enter(world.own.admin).get(QUALITY).text
    assert "The candidate beside what is in use" in text
    assert "Promote it" not in text
    assert "Learn a candidate from the decisions" not in text


def test_a_second_opinion_stands_folded_beside_a_finding_only_while_its_classifier_is_in_use(
    enter: Enter, world: World, database: Database
) -> None:
    own = world.own
    one, reviewer = _candidate(database, world), enter(own.reviewer)
    with database.transaction() as session:
        learning_rows.keep_opinions(session, one.id, [Weighed(own.finding.id, 0.21, False)], to=None, now=NOON)
    page = f"/findings/{own.finding.id}"
    assert "Second opinion" not in reviewer.get(page).text
    with database.transaction() as session:
        teaching.promote(session, one.id, reason="So.", even_if_worse=False, by=session.merge(own.compliance), now=NOON)
    text = _plain(reviewer.get(page).text)
    assert "People would reject it." in text
    assert "It puts the chance that they confirm at 21%." in text
    assert '<details class="fold"><summary>Second opinion' in text
