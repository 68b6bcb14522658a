"""Every question says what would help behind its answer, and that a word is enough where nothing is needed."""

from __future__ import annotations

import html

from flask import Flask

from models.taxonomy import shipped as taxonomy
from questionnaires.library import names, shipped
from tests.webapp.conftest import World
from tests.webapp.test_questionnaire_pages import Enter
from webapp.questionnaires.helpful import HELPS, helps
from webapp.questionnaires.helps import LANGUAGES, sentences


def test_every_category_of_the_taxonomy_has_a_sentence() -> None:
    assert set(HELPS) == {code.partition(".")[0] for code in taxonomy().signals}


def test_every_question_that_could_admit_a_problem_names_something_that_helps(app: Flask) -> None:
    with app.test_request_context():
        for name in names():
            for question in shipped(name).questions.values():
                if question.admits is not None and not question.evidence:
                    assert "your word is enough" not in helps(question, "en").sentence, question.id
                assert helps(question, "en").sentence


def test_every_language_of_the_short_set_has_every_sentence_of_its_own(app: Flask) -> None:
    assert set(LANGUAGES) | {"en", "nl"} == set(shipped("entry").languages)
    question = shipped("entry").questions["documents_kept"]
    with app.test_request_context():
        english = {str(words) for words in HELPS.values()}
        said = {language: helps(question, language) for language in shipped("entry").languages}
    assert {each.language for each in said.values()} == set(said)
    assert len({each.sentence for each in said.values()}) == len({each.lead for each in said.values()}) == 12
    for language in LANGUAGES:
        words = sentences(language)
        assert set(words) == {"lead", "nothing", *HELPS}
        assert len(set(words.values())) == len(words)
        assert not english & set(words.values())


def test_a_language_that_we_lack_is_answered_in_that_of_the_page(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert helps(shipped("entry").questions["activity"], "sw").language == "nl"


def test_the_page_says_it_under_each_question(enter: Enter, world: World) -> None:
    page = html.unescape(enter(world.own.sender).get(f"/questionnaires/{world.own.submission.id}/sections/safety").text)
    assert page.count("What would help:") == len(
        next(s for s in shipped("entry").sections if s.id == "safety").questions
    )
    assert "Photographs without people" in page
