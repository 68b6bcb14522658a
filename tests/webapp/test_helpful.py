"""Every question says what would help behind its answer, and that a word is enough where nothing is needed."""

from __future__ import annotations

import html

from flask import Flask

from models.taxonomy import shipped as taxonomy
from questionnaires.library import names, shipped
from tests.webapp.conftest import World
from tests.webapp.test_questionnaire_pages import Enter
from webapp.questionnaires.helpful import HELPS, helps


def test_every_category_of_the_taxonomy_has_a_sentence() -> None:
    assert set(HELPS) == {code.partition(".")[0] for code in taxonomy().signals}


def test_every_question_that_could_admit_a_problem_names_something_that_helps(app: Flask) -> None:
    with app.test_request_context():
        for name in names():
            for question in shipped(name).questions.values():
                if question.admits is not None and not question.evidence:
                    assert "your word is enough" not in helps(question), question.id
                assert helps(question)


def test_the_page_says_it_under_each_question(enter: Enter, world: World) -> None:
    page = html.unescape(enter(world.own.sender).get(f"/questionnaires/{world.own.submission.id}/sections/safety").text)
    assert page.count("What would help:") == len(
        next(s for s in shipped("entry").sections if s.id == "safety").questions
    )
    assert "Photographs without people" in page
