"""What a document says already is offered for the right question, with its source; what is doubtful is not offered."""

from __future__ import annotations

import time

import pytest

from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.finding_answers import Found, Match, from_checklist, from_fields, from_sheet, from_text, offers
from questionnaires.library import shipped
from questionnaires.loading import loads
from tests.questionnaires.test_workbook import TEXT

SMALL = loads(
    TEXT.replace("How many?", "How many people work for you in total?").replace(
        "Agency?", "Do you use labour agencies or brokers?"
    ).replace("Since?", "Since when does your company exist?"),
    {"nl": "workers.label: Hoeveel mensen werken er in totaal voor u?\nagency.label: Werkt u met uitzendbureaus?"},
)  # fmt: skip


def one(label: str, value: str, language: str = "en") -> list[tuple[str, object, Match]]:
    found = offers([Found(label, value, "doc", "page 3")], SMALL, language=language)
    return [(offer.question, offer.value, offer.match) for each in found.values() for offer in each]


@pytest.mark.parametrize(
    ("label", "value", "offered"),
    [
        ("workers", "120", ("workers", "120", Match.ID)),
        ("How many people work for you in total?", "120", ("workers", "120", Match.LABEL)),
        ("3.1  HOW MANY PEOPLE work for you in total", "120", ("workers", "120", Match.LABEL)),
        ("Hoeveel mensen werken er in totaal voor u?", "120", ("workers", "120", Match.LABEL)),
        ("How many people work for your company in total?", "120", ("workers", "120", Match.ALIKE)),
        ("Do you use labor agencies or brokers", "Yes", ("agency", "yes", Match.ALIKE)),
        ("agency", "Nee", ("agency", "no", Match.ID)),
        ("agency", "/No", None),
        ("since", "31-01-1999", ("since", "1999-01-31", Match.ID)),
    ],
)
def test_a_label_leads_to_its_question(label: str, value: str, offered: tuple[str, object, Match] | None) -> None:
    assert one(label, value) == ([] if offered is None else [offered])


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("workers", "many"), ("workers", ""), ("workers", "Off"), ("agency", "perhaps"), ("paper", "file.pdf"),
        ("How many machines do you have?", "12"), ("people", "12"), ("", "x"), ("Name", "x" * 6000),
        ("since", "03-04-1999"),
    ],
)  # fmt: skip
def test_what_does_not_fit_or_is_doubtful_is_not_offered(label: str, value: str) -> None:
    assert one(label, value) == []


def test_a_label_that_fits_two_questions_is_offered_for_neither() -> None:
    twice = loads(TEXT.replace("label: Wage?", "label: How many?"))
    assert offers([Found("How many?", "12", "doc", "1")], twice) == {}


def test_each_offer_says_where_it_was_found_to_the_letter() -> None:
    (offer,) = offers([Found("workers", " 1200,50 ", "doc-2", "page 4")], SMALL)["workers"]
    assert (offer.text, offer.document, offer.place, offer.value) == (" 1200,50 ", "doc-2", "page 4", "1200.50")


def test_the_fields_of_a_form_are_read_by_their_last_name() -> None:
    fields = {"form1.page1.workers": "120", "topmost.agency[0]": "/Yes", "story": "We began small."}
    made = offers(from_fields(fields, document="doc"), SMALL)
    assert {id_: each[0].value for id_, each in made.items()} == {
        "workers": "120", "agency": "yes", "story": "We began small."
    }  # fmt: skip
    assert made["workers"][0].place == "form1.page1.workers"


def test_a_sheet_is_read_from_label_to_answer() -> None:
    sheet = Sheet(
        "SAQ", {(4, 1): Cell("How many people work for you in total?"), (4, 3): Cell("88"), (9, 1): Cell("x")}
    )
    (offer,) = offers(from_sheet(sheet, document="doc"), SMALL)["workers"]
    assert (offer.value, offer.place) == ("88", "SAQ, D5")


def test_the_ticked_column_of_a_checklist_is_the_answer() -> None:
    heads = ["Question", "Yes", "No", "Not applicable", "Comment"]
    rows = [
        ["Do you use labour agencies or brokers?", "", "X", "", "never did"],
        ["How many people work for you in total?", "", "", "", "45"],
        ["Since when does your company exist?", "x", "x", "", ""],
    ]
    made = offers(from_checklist(heads, rows, document="doc", place="page 2"), SMALL)
    assert {id_: each[0].value for id_, each in made.items()} == {"agency": "no"}


def test_only_open_questions_get_offers_and_the_surest_comes_first() -> None:
    found = [Found("How many people work for your firm in total?", "5", "a", "1"), Found("workers", "6", "b", "2")]
    assert offers(found, SMALL, open_to=frozenset({"agency"})) == {}
    assert [offer.value for offer in offers(found, SMALL)["workers"]] == ["6", "5"]


def test_a_whole_self_assessment_of_the_library_is_found_again_by_its_labels_in_dutch() -> None:
    questionnaire = shipped("full")
    found = [
        Found(question.label["nl"], "Ja", "doc", "1")
        for question in questionnaire.questions.values()
        if question.kind.value == "yes_no"
    ]
    made = offers(found, questionnaire, language="nl")
    assert len(made) >= 0.95 * len(found)
    assert all(offer.value == "yes" for each in made.values() for offer in each)


def test_lines_of_a_page_are_read_at_once_however_many_blanks_they_hold() -> None:
    began = time.perf_counter()
    lines = "Workers in total:   40\nWages paid late? \t no\nA" + " " * 60_000 + "b"
    found = [(each.label, each.value) for each in from_text(lines, document="doc", page=1)]
    assert found == [("Workers in total:", "40"), ("Wages paid late?", "no")]
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("heads", "cells", "value"),
    [
        (("No.", "Question", "Answer"), ("1", "Do you use labour agencies or brokers?", "Yes"), "yes"),
        (("No.", "Question", "Answer"), ("1", "Do you use labour agencies or brokers?", "No"), "no"),
        (("No.", "Question", "Antwoord"), ("1", "Do you use labour agencies or brokers?", ""), None),
        (("No.", "Question", "Yes", "No"), ("1", "Do you use labour agencies or brokers?", "", "x"), "no"),
        (("No.", "Question", "Yes", "No"), ("1", "Do you use labour agencies or brokers?", "x", "x"), None),
    ],
)  # fmt: skip
def test_the_number_of_a_question_is_no_tick_and_a_plain_yes_is_an_answer(
    heads: tuple[str, ...], cells: tuple[str, ...], value: str | None
) -> None:
    found = offers(from_checklist(heads, [cells], document="doc", place="1"), SMALL)
    assert [offer.value for each in found.values() for offer in each] == ([] if value is None else [value])
