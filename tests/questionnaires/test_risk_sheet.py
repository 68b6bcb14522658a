"""Answers about forced labour are laid out by topic; a topic without a question says so, and nothing is coloured in."""

from __future__ import annotations

from models import taxonomy
from questionnaires.exchange.layout import Given
from questionnaires.exchange.risk_sheet import HEADS, TOPICS, sheet
from questionnaires.library import shipped
from questionnaires.path import Guide
from tests.questionnaires.library_driver import company, drive
from tests.questionnaires.test_workbook import SMALL


def test_every_topic_names_signals_that_there_are() -> None:
    shipped_taxonomy = taxonomy.shipped()
    known = set(shipped_taxonomy.signals) | {signal.category for signal in shipped_taxonomy.signals.values()}
    assert {signal for topic in TOPICS for signal in topic.signals} <= known


def test_an_honest_supplier_stands_there_with_its_problems_and_norms() -> None:
    questionnaire = shipped("full")
    path, answers = drive(Guide(questionnaire), company(people=120, activity="textiles", risk="high"), admits=True)
    given = {id_: Given(value) for id_, value in answers.items() if isinstance(value, str)}
    made = sheet(questionnaire, path, given, language="nl", evidence={"documents_kept": 2})
    rows = [[made.text(row, column) for column in range(len(HEADS))] for row in made.rows()]
    assert rows[0][0] == "Onderwerp"
    topics = {row[0] for row in rows[1:]}
    assert topics == {topic.title["nl"] for topic in TOPICS}
    admitted = [row for row in rows if row[4] == "ja"]
    assert len(admitted) > 5
    assert all("." in row[6] for row in admitted)
    (papers,) = [row for row in rows if row[5] == "2"]
    assert papers[0] == "Identiteitspapieren"


def test_silence_is_said_to_be_silence() -> None:
    made = sheet(SMALL, Guide(SMALL).path({}), {})
    assert {made.text(row, 1) for row in list(made.rows())[1:]} == {"Nothing was asked about this."}
