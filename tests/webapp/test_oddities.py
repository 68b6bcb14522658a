"""What is odd about answers is told to their reviewer, with the questions to look at, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.findings import Finding
from models.people import Person
from models.submissions import Submission
from models.vault import FolderVault
from questionnaires import answering, issuing
from questionnaires.answering import Given
from screening import answers
from tests.factories import NOON
from tests.screening.test_answers import bench
from tests.webapp.browsing import Browser
from tests.webapp.conftest import Side, World

Enter = Callable[[Person | None], Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

QUESTION = "{{id: q{0}, kind: yes_no, label: Is hall {0} safe?, refs: [OSH.FIRE], admits: \"q{0} = 'no'\"}}"
QUESTIONS = "".join(f"      - {QUESTION.format(number)}\n" for number in range(16))
SOURCE = f"""id: halls
version: "1"
title: Halls
sections:
  - id: one
    title: One
    questions:
{QUESTIONS}      - {{id: words, kind: text, label: How do you look after people?}}
      - {{id: more, kind: text, label: What else is there?}}
"""
COPY = "All of our people are treated with great respect and in keeping with every law of the land at all times."


def handed_over(session: Session, side: Side, words: str, *, pause: timedelta, value: str = "yes") -> Submission:
    """All halls answered the same way, with this pause between two answers, and some words."""
    row = issuing.publish(session, SOURCE, {}, by=side.compliance, now=NOON)
    made = issuing.issue(session, row.id, side.supplier.id, by=side.compliance, now=NOON)
    given_answers = {f"q{number}": value for number in range(16)} | {"words": words}
    at: datetime = NOON
    for question, given in given_answers.items():
        at += pause
        answering.save_answer(session, made.id, Given(question, given, question, 0), by=side.sender, now=at)
    return answering.submit(session, made.id, by=side.sender, now=at)


def test_all_clean_copied_and_in_three_minutes_is_told_to_the_reviewer(
    enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        handed_over(session, world.sibling, COPY, pause=timedelta(minutes=2))
    with database.transaction() as session:
        made = handed_over(session, world.own, COPY, pause=timedelta(seconds=5))
    page = enter(world.own.reviewer).get(f"/questionnaires/{made.id}").text
    assert "Every question that could admit a problem is answered as being in order." in page
    assert "The answers came faster than anybody reads and types." in page
    assert 'Another supplier wrote the same words. <a href="#q-words"' in page
    assert world.sibling.supplier.name not in page
    assert "Another supplier" not in enter(world.own.sender).get(f"/questionnaires/{made.id}").text


def test_slow_answers_with_own_words_and_a_problem_are_not_odd(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        made = handed_over(session, world.own, f"{COPY} But hall 3 is hot.", pause=timedelta(minutes=1), value="partly")
    page = enter(world.own.reviewer).get(f"/questionnaires/{made.id}").text
    for sentence in ("answered as being in order", "faster than anybody", "Another supplier wrote"):
        assert sentence not in page


def test_who_told_of_a_problem_before_and_now_does_not_is_shown_with_both_answers(
    enter: Enter, world: World, database: Database, vault: FolderVault
) -> None:
    with database.transaction() as session:
        handed_over(session, world.own, COPY, pause=timedelta(minutes=1), value="no")
    with database.transaction() as session:
        made = handed_over(session, world.own, COPY, pause=timedelta(minutes=2), value="yes")
    with bench(database, vault):
        answers.screen_answers(str(made.id))
    reviewer = enter(world.own.reviewer)
    page = reviewer.get(f"/questionnaires/{made.id}").text
    assert page.count("An earlier answer, of") == 16
    with database.reading() as session:
        found = session.scalars(select(Finding).where(Finding.quote == "Is hall 3 safe? No")).one()
    case = reviewer.get(f"/findings/{found.id}").text
    for words in ("Is hall 3 safe? No", "Is hall 3 safe? Yes", "The supplier answered on", "Now it answers:",
                  "Fire and emergency exit failure” in earlier answers"):  # fmt: skip
        assert words in case, words
    assert "and an earlier answer" in reviewer.get("/queue").text
