"""Every sentence in every language: nothing missing, nothing unsure, nothing whose parts got lost on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from flask import Flask

from models.people import Person
from models.taxonomy import shipped
from screening.engine.reasons import Reason
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import translating, words
from webapp.errors import translated
from webapp.language import LANGUAGES

Enter = Callable[[Person | None], Browser]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHERS = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\(\w+\)[sd]")
ROOT = Path(__file__).parents[2]


def texts(row: Message) -> list[tuple[str, str]]:
    """The forms of a sentence (singular, plural) beside their translations."""
    ids = row.id if isinstance(row.id, tuple | list) else (row.id,)
    strings = row.string if isinstance(row.string, tuple | list) else (row.string or "",)
    return list(zip(ids, strings, strict=True))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    known = translating.read(language)
    assert [row.id for row in translating.missing(known)] == []
    wanted = {row.id for row in translating.catalogue() if row.id}
    assert {row.id for row in known if row.id} == wanted
    assert len(wanted) > 300


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_places_for_names_and_figures(language: str) -> None:
    for row in translating.read(language):
        for original, translation in texts(row) if row.id else []:
            assert sorted(PLACE.findall(translation)) == sorted(PLACE.findall(original)), original


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_not_the_english_sentence_again(language: str) -> None:
    same = {row.id for row in translating.read(language) if row.id and row.id == row.string}
    alike = {"Auditor", "Compliance", "Contract", "Document", "Filters", "Imports", "Open", "Passages", "Plan"}
    alike |= {"Import", "Labels", "Training", "Webhook", "Webhooks"}
    assert same <= alike | {"scan", "No.", "p. %(number)s", "%(name)s, %(moment)s", "Document: %(name)s"}


@SQLITE
def test_every_word_of_the_records_has_a_name(app: Flask) -> None:
    for language in LANGUAGES:
        with app.test_request_context(headers={"Accept-Language": language}):
            for kind in words.NAMES:
                for word in kind:
                    assert words.name(word)
            for reason in Reason:
                assert words.advice(reason)
            for code in (*shipped().signals, *(row.id for row in shipped().categories)):
                assert words.signal(code) != code


def test_every_act_of_the_journal_has_a_name() -> None:
    acts = set()
    for path in (*(ROOT / "models" / "operations").glob("*.py"), ROOT / "screening" / "recording.py"):
        acts |= set(re.findall(r'"((?:person|document|finding|plan)\.[a-z_]+)"', path.read_text()))
    assert len(acts) > 15
    assert acts <= set(words.ACTS)


def test_no_error_of_the_domain_is_put_together_where_nobody_can_translate_it() -> None:
    """A sentence with a figure in it must be one that `errors.translated` knows."""
    composed = []
    for path in (ROOT / "models").rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
        raised = [call.args[0] for call in calls if ast.unparse(call.func) in translating.KEYWORDS]
        composed += [ast.unparse(text) for text in raised if isinstance(text, ast.JoinedStr)]
    known = ("The file is larger than", "This finding was already")
    assert [text for text in composed if not text[2:].startswith(known)] == []


@SQLITE
def test_the_composed_errors_are_translated_with_their_figures(app: Flask) -> None:
    from models.errors import Conflict
    from models.vault import too_large

    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert translated(too_large(100 * 1024 * 1024)).startswith("Het bestand is groter dan 100 MB")
        for word, dutch in (("confirmed", "bevestigd"), ("rejected", "afgewezen")):
            assert dutch in translated(Conflict(f"This finding was already {word} by someone else."))


@SQLITE
def test_a_browser_is_answered_in_its_own_language(enter: Enter) -> None:
    for asked, said in {"nl-BE,nl;q=0.9": "Inloggen", "en-GB": "Log in", "ja": "Log in"}.items():
        assert f"<h1>{said}</h1>" in enter(None).get("/log-in", headers={"Accept-Language": asked}).text


@SQLITE
def test_the_choice_is_kept_for_the_person_wherever_they_log_in(enter: Enter, world: World) -> None:
    assert enter(world.own.reviewer).post("/language", {"language": "nl", "next": "/queue"}).location == "/queue"
    assert '<html lang="nl">' in enter(world.own.reviewer).get("/queue").text


@SQLITE
def test_an_unknown_language_is_not_taken(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    visitor.post("/language", {"language": "xx"})
    assert '<html lang="en">' in visitor.get("/").text


@SQLITE
def test_a_dutch_page_has_no_english_left(enter: Enter, world: World) -> None:
    """Every visible English sentence of the catalogue that differs in Dutch is absent from the Dutch pages."""
    known = {row.id: row.string for row in translating.read("nl") if isinstance(row.id, str) and row.id}
    telling = [text for text, dutch in known.items() if text != dutch and len(text.split()) > 3 and "%" not in text]
    visitor = enter(world.own.admin)
    visitor.post("/language", {"language": "nl"})
    plan, finding, document = world.own.plan.id, world.own.finding.id, world.own.document.id
    lists = ["", "queue", "documents", "plans", "compliance", "compliance/findings", "people", "journal", "account"]
    for address in (*lists, "upload", f"plans/{plan}", f"findings/{finding}", f"documents/{document}"):
        page = visitor.get(f"/{address}").text
        assert [text for text in telling if f">{text}<" in page] == [], address
