"""Compliance adds a questionnaire as a file: every mistake comes with its line, every loss with its row."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.db import Database
from models.people import Person
from models.submissions import Published
from questionnaires import issuing, shelf
from questionnaires.loading import loads
from questionnaires.texts import texts
from tests.factories import NOON
from tests.questionnaires.test_workbook import TEXT
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp.runtime import runtime
from webapp.settings import Settings
from webapp.upgrading import upgrade

Enter = Callable[[Person | None], Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/questionnaires/library"
DUTCH = yaml.safe_dump({key: f"NL {words['en']}" for key, words in texts(loads(TEXT))})


@pytest.fixture
def lead(enter: Enter, world: World, app: Flask) -> Iterator[Browser]:
    yield enter(world.own.compliance)
    if "workbooks" in app.extensions:
        app.extensions["workbooks"].close()


def send(lead: Browser, **files: bytes) -> TestResponse:
    sent = [(io.BytesIO(data), name.replace("__", ".")) for name, data in files.items()]
    return lead.post(PAGE, {"file": sent}, content_type="multipart/form-data")


def definition(page: str) -> dict[str, str]:
    """What the form of a checked questionnaire would send."""
    found = re.search(r'<textarea[^>]*name="definition"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    spoken = re.findall(r'name="(t\.\w+)" value="([^"]*)"', page)
    return {"definition": html.unescape(found[1]), **{name: html.unescape(text) for name, text in spoken}}


def test_a_file_is_checked_looked_at_and_published(lead: Browser, database: Database) -> None:
    page = send(lead, mine__yaml=TEXT.encode(), mine__nl__yaml=DUTCH.encode()).text
    assert "Sound: every rule can be worked out" in page
    assert "How many?" in page
    answer = lead.post(PAGE, definition(page) | {"do": "publish"})
    assert answer.status_code == 303
    assert "comes with Salient" in lead.get(PAGE).text
    with database.reading() as session:
        row = session.scalars(select(Published).where(Published.name == "small")).one()
        assert (row.source.strip(), list(row.translations)) == (TEXT.strip(), ["nl"])


def test_mistakes_come_with_their_lines_and_nothing_is_published(lead: Browser, database: Database) -> None:
    broken = TEXT.replace("kind: number", "kind: numbr", 1)
    page = send(lead, mine__yaml=broken.encode()).text
    line = broken[: broken.index("numbr")].count("\n") + 1
    assert f"line {line}:" in page
    assert 'value="publish"' not in page
    assert lead.post(PAGE, definition(page) | {"do": "publish"}).status_code == 200
    with database.reading() as session:
        assert TEXT.split()[1] not in session.scalars(select(Published.name)).all()
    repaired = lead.post(PAGE, {"definition": definition(page)["definition"].replace("numbr", "number")}).text
    assert "Sound:" in repaired


def test_an_xlsform_comes_in_with_every_loss_named_and_goes_out_again(
    lead: Browser, world: World, database: Database
) -> None:
    with database.transaction() as session:
        row = issuing.publish(session, TEXT, {}, by=world.own.compliance, now=NOON)
    form = lead.get(f"{PAGE}/{row.id}/xlsform").data
    assert "Sound:" in send(lead, form__xlsx=form).text
    book = openpyxl.load_workbook(io.BytesIO(form))
    del book["salient"]
    survey = book["survey"]
    heads = {cell.value: cell.column for cell in survey[1]}
    at = survey.max_row + 1
    survey.cell(at, heads["type"]).value = "barcode"
    survey.cell(at, heads["name"]).value = "code"
    packed = io.BytesIO()
    book.save(packed)
    page = send(lead, form__xlsx=packed.getvalue()).text
    assert f"sheet survey, row {at}, code:" in page
    assert "could not be taken over whole" in page


def test_the_same_version_with_other_words_is_refused_and_stays_on_the_page(
    lead: Browser, world: World, database: Database
) -> None:
    with database.transaction() as session:
        issuing.publish(session, TEXT, {}, by=world.own.compliance, now=NOON)
    answer = lead.post(PAGE, {"definition": TEXT.replace("How many?", "How many people?"), "do": "publish"})
    assert answer.status_code == 409
    assert "How many people?" in answer.text
    assert "give the changed one a new version" in answer.text


def test_json_goes_out_and_comes_in_to_the_letter(lead: Browser, world: World, database: Database) -> None:
    with database.transaction() as session:
        row = issuing.publish(session, TEXT, {"nl": DUTCH}, by=world.own.compliance, now=NOON)
    sent = lead.get(f"{PAGE}/{row.id}/json").data
    form = definition(send(lead, mine__json=sent).text)
    assert shelf.digest_of(form["definition"], {"nl": form["t.nl"]}) == row.digest
    bare = json.dumps({"id": "x", "version": "1", "title": "X", "sections": []}).encode()
    assert "to repair" in send(lead, mine__json=bare).text
    assert "How many?" in lead.get(f"{PAGE}/{row.id}/csv").text


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Choose at least one file first."),
        ({"a__yaml": b"id: a", "b__yaml": b"id: b"}, "Choose one definition"),
        ({"a__yaml": b"\xff\xfe\x00"}, "This is no questionnaire"),
        ({"a__xlsx": b"PK\x03\x04 nothing"}, ""),
    ],
)
def test_what_is_no_questionnaire_gets_a_sentence(lead: Browser, files: dict[str, bytes], sentence: str) -> None:
    answer = send(lead, **files)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)


def test_a_new_installation_can_issue_what_comes_with_the_product(tmp_path: Path, database_url: str) -> None:
    settings = Settings(data=tmp_path, database_url=database_url.replace(".db", "-fresh.db"))
    assert upgrade(settings)[0] is None
    with runtime(settings) as opened, opened.database.reading() as session:
        assert sorted(session.scalars(select(Published.name))) == ["entry", "full"]
    assert upgrade(settings)[0] is not None
