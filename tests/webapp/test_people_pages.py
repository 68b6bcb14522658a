"""The people of an organisation, its journal, and the first pages of each role."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.db import Database
from models.people import Person
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]
NEW = {"name": "Nora Vermeer", "email": "Nora@Example.org", "role": "reviewer", "language": "nl"}


def password_on(page: str) -> str:
    found = re.search(r'<p class="password">([^<]+)</p>', page)
    assert found is not None
    return found[1]


def test_who_is_given_a_log_in_can_use_it_with_the_password_that_was_shown_once(enter: Enter, world: World) -> None:
    admin = enter(world.own.admin)
    password = password_on(admin.post("/people", NEW).text)
    assert password not in admin.get("/people").text
    visitor = enter(None)
    assert visitor.post("/log-in", {"email": "nora@example.org", "password": password}).status_code == 303
    assert '<html lang="nl">' in visitor.get("/queue").text


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"email": "nobody"}, 422, "Give a complete e-mail address."),
        ({"name": " "}, 422, "Give the person&#39;s name."),
        ({"role": "supplier_user"}, 422, "This role does not exist in your organisation."),
        ({"role": "king"}, 422, "Choose a role."),
    ],
)
def test_a_log_in_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    enter: Enter, world: World, change: dict[str, str], status: int, sentence: str
) -> None:
    answer = enter(world.own.admin).post("/people", {**NEW, **change})
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Nora" in answer.text


def test_an_address_has_one_log_in(enter: Enter, world: World) -> None:
    answer = enter(world.own.admin).post("/people", {**NEW, "email": world.foreign.sender.email})
    assert answer.status_code == 409
    assert "with this address already" in answer.text


def test_a_new_password_is_shown_once_and_works(enter: Enter, world: World) -> None:
    page = enter(world.own.admin).post(f"/people/{world.own.colleague.id}/password").text
    form = {"email": world.own.colleague.email, "password": password_on(page)}
    assert enter(None).post("/log-in", form).status_code == 303


@pytest.mark.parametrize("act", ["role", "disable", "password"])
def test_nobody_changes_the_own_rights(enter: Enter, world: World, act: str) -> None:
    answer = enter(world.own.admin).post(f"/people/{world.own.admin.id}/{act}", {"role": "reviewer"})
    assert answer.status_code == 409


def test_a_log_in_is_taken_away_and_given_back(enter: Enter, world: World, database: Database) -> None:
    admin, where = enter(world.own.admin), f"/people/{world.own.colleague.id}"
    admin.post(f"{where}/disable")
    assert "Taken away" in admin.get("/people").text
    admin.post(f"{where}/enable")
    with database.reading() as session:
        assert session.scalars(select(Person).where(Person.id == world.own.colleague.id)).one().is_active


def test_the_journal_says_who_did_what_and_nothing_of_others(enter: Enter, world: World) -> None:
    enter(world.own.reviewer).post(f"/findings/{world.own.finding.id}/reject", {"reason": "policy"})
    enter(world.foreign.reviewer).post(f"/findings/{world.foreign.finding.id}/confirm")
    page = enter(world.own.admin).get("/journal").text
    assert "rejected a finding" in page
    assert world.own.reviewer.name in page
    assert world.foreign.reviewer.name not in page
    assert "confirmed a finding" not in page


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("sender", "1 questionnaire waits for your answer", "/queue"),
        ("reviewer", "Start reviewing", "/people"),
        ("compliance", "/compliance", "/people"),
        ("admin", "/people", "Send a better copy"),
    ],
)
def test_the_first_page_shows_what_the_role_may_open_and_nothing_else(
    enter: Enter, world: World, who: str, seen: str, unseen: str
) -> None:
    page = enter(getattr(world.own, who)).get("/").text
    assert seen in page
    assert unseen not in page
