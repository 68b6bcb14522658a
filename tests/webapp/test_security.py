"""Headers, forms, cookies, hosts and limits: what every answer carries and what every request must show."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from models.db import Database
from models.people import Person
from models.vault import FolderVault
from tests.webapp.browsing import Browser, token_in
from tests.webapp.conftest import World
from tests.webapp.test_access import address, routes
from webapp.access import TABLE
from webapp.factory import create_app
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.security import HEADERS
from webapp.settings import Environment, Settings, SettingsError

Enter = Callable[[Person | None], Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is tested here is the web alone; the other kind of database is met in the tests of each area."""

SECRET = "a-secret-for-tests-0123456789-abcdefghij"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def production(database: Database, vault: FolderVault, tmp_path: Path) -> Flask:
    settings = Settings(
        environment=Environment.PRODUCTION, data=tmp_path / "data", given_secret_key=SECRET,
        trusted_hosts=("salient.example",),
    )  # fmt: skip
    return create_app(settings, runtime=Runtime(settings, database, vault, Doorbell(settings.queue)))


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has, and what they hold in all, without the log-ins that looking may touch."""
    from models.base import Base

    with database.reading() as session:
        tables = [table for table in Base.metadata.tables if table != "log_in"]
        return {
            name: hash(tuple(sorted(map(repr, session.execute(text(f'SELECT * FROM "{name}"')))))) for name in tables
        }


def test_health_is_told_under_any_name_and_nothing_else_is(production: Flask) -> None:
    client = production.test_client()
    by_address = {"Host": "10.0.0.7:8000"}
    assert client.get("/health", headers=by_address).status_code == 200
    assert client.get("/ready", headers=by_address).status_code in (200, 503)
    assert client.get("/log-in", headers=by_address).status_code == 400


def test_every_answer_carries_every_header(app: Flask, enter: Enter, world: World) -> None:
    visitor = enter(world.own.admin)
    for route, method in routes(app):
        if route.endpoint == "auth.log_out":
            continue
        answer = visitor.send(method, address(app, route, world.own.ids))
        for name, value in HEADERS.items():
            if route.endpoint in ("static", "documents.file") and name in ("Cache-Control", "Content-Security-Policy"):
                continue
            assert answer.headers.get(name) == value, f"{route.endpoint}: {name}"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_no_page_has_a_script_or_a_style_inside(app: Flask, enter: Enter, world: World) -> None:
    inline = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    elsewhere = re.compile(r'(?:src|href|action)="(?:https?:)?//')
    seen = 0
    for person in (world.own.sender, world.own.admin, None):
        visitor = enter(person)
        for route, method in routes(app):
            answer = visitor.get(address(app, route, world.own.ids)) if method == "GET" else None
            if answer is not None and answer.mimetype == "text/html":
                assert not inline.search(answer.text), route.endpoint
                assert not elsewhere.search(answer.text), route.endpoint
                assert len(answer.data) < 100_000, route.endpoint
                seen += 1
    assert seen > 40


def test_no_form_is_taken_without_its_token_or_with_a_foreign_one(
    app: Flask, enter: Enter, world: World, database: Database
) -> None:
    visitor, stranger = enter(world.own.admin), enter(world.own.reviewer)
    visitor.get("/account")
    foreign = token_in(stranger.get("/account").text)
    before = rows(database)
    tried = 0
    for route, method in routes(app):
        if method not in WRITES:
            continue
        where = address(app, route, world.own.ids)
        for data in ({}, {"csrf_token": foreign}, {"csrf_token": "x"}):
            assert visitor.client.post(where, data=data).status_code in (400, 403), route.endpoint
            tried += 1
    assert rows(database) == before
    assert tried >= 60


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    ],
)
def test_no_form_is_taken_from_another_origin(enter: Enter, world: World, headers: dict[str, str]) -> None:
    assert enter(world.own.admin).post("/language", {"language": "nl"}, headers=headers).status_code == 400


def test_a_body_that_is_no_form_is_refused(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    where = f"/findings/{world.own.finding.id}/confirm"
    for kind in ("text/plain", "application/json"):
        token = token_in(visitor.get("/account").text)
        answer = visitor.client.post(where, data="{}", content_type=kind, headers={"X-CSRFToken": token})
        assert answer.status_code == 400


def test_looking_changes_nothing(app: Flask, enter: Enter, world: World, database: Database) -> None:
    visitors = [enter(world.own.sender), enter(world.own.reviewer), enter(world.own.admin)]
    before = rows(database)
    for route, method in routes(app):
        if method == "GET":
            for visitor in visitors:
                visitor.get(address(app, route, world.own.ids))
    assert rows(database) == before


def test_production_sets_cookies_that_only_this_host_over_tls_can_hold(production: Flask, world: World) -> None:
    answer = production.test_client().get("/log-in", base_url="https://salient.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-salient-form=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_production_answers_to_its_own_names_only(production: Flask, world: World) -> None:
    client = production.test_client()
    assert client.get("/log-in", base_url="https://salient.example").status_code == 200
    assert client.get("/log-in", base_url="https://elsewhere.example").status_code == 400


def test_production_without_a_secret_does_not_start(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        create_app(Settings(environment=Environment.PRODUCTION, data=tmp_path, trusted_hosts=("salient.example",)))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_failure_has_a_page_of_its_own_without_a_trace(
    app: Flask, enter: Enter, world: World, status: int, language: str
) -> None:
    from flask import abort

    from models.errors import Conflict
    from webapp.limits import TooOften

    def break_it() -> str:
        if status == 500:
            raise RuntimeError("the secret of the house")
        if status == 409:
            raise Conflict("The plan is closed: nothing can be added to it.")
        if status == 429:
            raise TooOften(60)
        if status == 503:
            from sqlalchemy.exc import OperationalError

            raise OperationalError("SELECT secret", {}, Exception("the secret of the house"))
        abort(status)

    app.view_functions["auth.log_in"] = break_it
    answer = enter(None).get("/log-in", headers={"Accept-Language": language})
    assert answer.status_code == status
    assert f'<html lang="{language}">' in answer.text
    assert not re.search("secret|Traceback|SELECT|RuntimeError", answer.text)
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_page_that_the_table_does_not_name_is_closed(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = enter(world.own.admin)
    assert admin.get("/journal").status_code == 200
    monkeypatch.setattr("webapp.access.TABLE", {name: rule for name, rule in TABLE.items() if name != "journal.index"})
    assert admin.get("/journal").status_code == 403


@pytest.mark.parametrize("target", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x"])
def test_choosing_a_language_leads_nowhere_else(enter: Enter, target: str) -> None:
    assert enter(None).post("/language", {"language": "nl", "next": target}).location == "/"


def test_a_form_with_too_many_or_too_large_fields_is_refused(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    where = f"/plans/{world.own.plan.id}/messages"
    many = {f"field{number}": "x" for number in range(300)}
    assert visitor.post(where, many, content_type="multipart/form-data").status_code == 413
    assert visitor.post(where, {"text": "x" * 1_200_000}).status_code == 413


def test_who_is_ready_says_so_and_survives_without_the_queue(enter: Enter) -> None:
    visitor = enter(None)
    assert visitor.get("/health").json == {"state": "ok"}
    ready = visitor.get("/ready")
    assert (ready.status_code, ready.json) == (200, {"database": "ok", "queue": "unreachable"})
