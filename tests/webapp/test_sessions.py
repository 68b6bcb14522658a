"""Log-ins: how they begin, how long they live, and everything that ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from models.db import Database
from models.operations import accounts
from models.people import Person
from tests.factories import NOON
from tests.webapp.browsing import Browser, browser, token_in
from tests.webapp.conftest import World
from webapp import passwords

Enter = Callable[[Person | None], Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "four quiet words here"


@pytest.fixture
def reviewer(world: World, database: Database) -> Person:
    """A reviewer with a password that works."""
    with database.transaction() as session:
        person = session.get_one(Person, world.own.reviewer.id)
        person.password_hash = passwords.hashed(PASSWORD)
    return person


def log_in(visitor: Browser, person: Person, password: str = PASSWORD, **more: object) -> int:
    return visitor.post("/log-in", {"email": person.email, "password": password}, **more).status_code


def secret(visitor: Browser) -> str:
    cookie = visitor.client.get_cookie("salient")
    return "" if cookie is None else cookie.value


def is_in(visitor: Browser) -> bool:
    return visitor.get("/account").status_code == 200


def test_the_right_password_opens_and_a_wrong_one_does_not(enter: Enter, reviewer: Person) -> None:
    visitor = enter(None)
    assert log_in(visitor, reviewer, "wrong") == 401
    assert not is_in(visitor)
    assert log_in(visitor, reviewer) == 303
    assert is_in(visitor)


def test_an_unknown_address_is_answered_in_the_same_words(enter: Enter, reviewer: Person) -> None:
    wrong = enter(None).post("/log-in", {"email": reviewer.email, "password": "wrong"})
    unknown = enter(None).post("/log-in", {"email": "nobody@example.org", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert "do not belong together" in answer.text


def test_a_person_without_a_password_cannot_log_in(enter: Enter, world: World) -> None:
    assert log_in(enter(None), world.own.sender, "") == 401


def test_every_log_in_gets_a_new_secret_and_the_old_one_dies(enter: Enter, reviewer: Person) -> None:
    thief = enter(reviewer)
    visitor = enter(None)
    visitor.client.set_cookie("salient", secret(thief))
    visitor.csrf = token_in(visitor.get("/account").text)
    assert log_in(visitor, reviewer) == 303
    assert secret(visitor) != secret(thief)
    assert is_in(visitor)
    assert not is_in(thief)


def test_logging_out_ends_the_log_in_at_the_server(enter: Enter, app: Flask, world: World) -> None:
    visitor = enter(world.own.reviewer)
    kept = secret(visitor)
    assert visitor.post("/log-out").status_code == 303
    visitor.client.set_cookie("salient", kept)
    assert not is_in(visitor)


def test_a_new_password_ends_every_other_log_in(enter: Enter, reviewer: Person) -> None:
    visitor, other = enter(reviewer), enter(reviewer)
    form = {"current": PASSWORD, "new": "another long password"}
    assert visitor.post("/account/password", form).status_code == 303
    assert is_in(visitor)
    assert not is_in(other)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "wrong", "new": "another long password"}, "not your current password"),
        ({"current": PASSWORD, "new": "short"}, "at least 12 characters"),
        ({"current": PASSWORD, "new": "aaaaaaaaaaaaaaa"}, "too easy to guess"),
        ({"current": PASSWORD, "new": "x1y2" * 50}, "at most 128 characters"),
    ],
)
def test_a_password_that_may_not_be_is_refused_beside_its_field(
    enter: Enter, reviewer: Person, form: dict[str, str], sentence: str
) -> None:
    answer = enter(reviewer).post("/account/password", form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("act", ["disable", "role", "password"])
def test_what_an_administrator_changes_ends_the_log_in_at_once(enter: Enter, world: World, act: str) -> None:
    visitor = enter(world.own.colleague)
    assert is_in(visitor)
    answer = enter(world.own.admin).post(f"/people/{world.own.colleague.id}/{act}", {"role": "compliance"})
    assert answer.status_code in (200, 303)
    assert not is_in(visitor)


def test_a_log_in_ends_when_it_is_not_used(enter: Enter, world: World, clock: list[datetime]) -> None:
    visitor = enter(world.own.reviewer)
    clock[0] = NOON + timedelta(minutes=29)
    assert is_in(visitor)
    clock[0] = NOON + timedelta(minutes=58)
    assert is_in(visitor)
    clock[0] = NOON + timedelta(minutes=89)
    assert not is_in(visitor)


def test_a_page_that_asks_by_itself_does_not_keep_a_log_in_alive(
    enter: Enter, world: World, clock: list[datetime]
) -> None:
    visitor = enter(world.own.sender)
    for minutes in range(5, 31, 5):
        clock[0] = NOON + timedelta(minutes=minutes)
        visitor.get("/documents/status")
    assert not is_in(visitor)


def test_no_log_in_lives_longer_than_twelve_hours(enter: Enter, world: World, clock: list[datetime]) -> None:
    visitor = enter(world.own.reviewer)
    for minutes in range(20, 12 * 60, 20):
        clock[0] = NOON + timedelta(minutes=minutes)
        assert is_in(visitor)
    clock[0] = NOON + timedelta(hours=12)
    assert not is_in(visitor)


@pytest.mark.parametrize("forged", ["", "x", "0" * 43, "é" * 10, "a" * 3000])
def test_a_forged_secret_is_nobodys(enter: Enter, forged: str) -> None:
    visitor = enter(None)
    visitor.client.set_cookie("salient", forged)
    assert not is_in(visitor)


def test_whoever_must_log_in_first_comes_back_to_the_page_that_was_asked_for(enter: Enter, reviewer: Person) -> None:
    visitor = enter(None)
    assert visitor.get("/queue?severity=high", headers={"Accept": "text/html"}).location == "/log-in"
    answer = visitor.post("/log-in", {"email": reviewer.email, "password": PASSWORD})
    assert answer.location == "/queue?severity=high"


def test_ten_failed_tries_close_the_door_for_that_account_but_not_for_its_own_browser(
    enter: Enter, reviewer: Person
) -> None:
    known = enter(None)
    assert log_in(known, reviewer) == 303
    known.post("/log-out")
    known.csrf = ""
    for number in range(10):
        source = {"REMOTE_ADDR": f"10.0.0.{number}"}
        assert log_in(enter(None), reviewer, "wrong", environ_base=source) == 401
    stranger = enter(None).post(
        "/log-in", {"email": reviewer.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.0.1.1"}
    )
    assert stranger.status_code == 429
    assert 0 < int(stranger.headers["Retry-After"]) <= 900
    assert log_in(known, reviewer, environ_base={"REMOTE_ADDR": "10.0.2.1"}) == 303


def test_ten_failed_tries_from_one_place_close_the_door_for_that_place(enter: Enter, reviewer: Person) -> None:
    for number in range(10):
        assert enter(None).post("/log-in", {"email": f"n{number}@example.org", "password": "x"}).status_code == 401
    assert log_in(enter(None), reviewer) == 429
    assert log_in(enter(None), reviewer, environ_base={"REMOTE_ADDR": "10.9.9.9"}) == 303


def test_the_act_of_somebody_whose_log_in_just_ended_changes_nothing(
    enter: Enter, app: Flask, world: World, database: Database
) -> None:
    visitor = browser(app, database, world.own.reviewer)
    visitor.get("/account")
    visitor.post("/language", {"language": "en"})
    with database.transaction() as session:
        accounts.close_all(session, world.own.reviewer)
    assert visitor.post(f"/findings/{world.own.finding.id}/confirm").status_code == 401


def test_logging_out_ends_the_log_in_and_empties_the_browser(enter: Enter, world: World) -> None:
    answer = enter(world.own.sender).post("/log-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
