"""Tokens: shown once, kept as a hash, ended by time, by their makers, and by whatever ends the person's rights."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models.db import Database
from models.journal import Entry
from models.operations import accounts, granting
from models.people import Person, Role
from models.tokens import ApiToken, Reach
from tests.door_things import make_token
from tests.factories import NOON
from tests.webapp.api.conftest import Connect, Small
from tests.webapp.api.programs import Program, program
from tests.webapp.browsing import Browser
from webapp.factory import create_app
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]
FORM = {"name": "Our purchasing system", "reach": "read", "days": "30"}


def secret_on(page: str) -> str:
    found = re.search(r'<p class="password">([^<]+)</p>', page)
    assert found is not None
    return found[1]


def test_a_token_made_on_the_page_is_shown_once_opens_the_api_and_can_be_withdrawn(
    app: Flask, enter: Enter, small: Small, database: Database
) -> None:
    admin = enter(small.admin)
    secret = secret_on(admin.post("/api-tokens", {**FORM, "person": str(small.reviewer.id)}).text)
    assert secret not in admin.get("/api-tokens").text
    mine = Program(app.test_client(), secret)
    told = mine.get("/me").json
    assert (told["person"], told["role"], told["reach"]) == (str(small.reviewer.id), "reviewer", "read")
    assert "never" not in admin.get("/api-tokens").text.split("Our purchasing system")[1].split("</tr>")[0]
    admin.post(f"/api-tokens/{told['token']}/withdraw")
    assert mine.get("/me").status_code == 401
    with database.reading() as session:
        kept = session.get_one(ApiToken, ApiToken.id.type.python_type(told["token"]))
        columns = [str(getattr(kept, column.key)) for column in ApiToken.__table__.columns]
        assert not any(secret in text or secret[8:] in text for text in columns)
        acts = session.scalars(select(Entry.act).where(Entry.thing_id == told["token"]).order_by(Entry.number))
        assert list(acts) == ["token.made", "token.withdrawn"]


def test_a_token_that_cannot_be_is_refused_with_a_sentence(enter: Enter, small: Small) -> None:
    admin = enter(small.admin)
    for change, sentence in (
        ({"name": " "}, "Say what the token is for"),
        ({"days": "0"}, "Give a number of days from 1 to 366."),
        ({"days": "many"}, "Give a number of days from 1 to 366."),
        ({"reach": "all"}, "Choose what the token may do."),
    ):
        answer = admin.post("/api-tokens", {**FORM, **change})
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_nobody_makes_a_token_for_somebody_elses_people(enter: Enter, small: Small) -> None:
    for person, other in (
        (small.admin, small.stranger),
        (small.sender, small.admin),
        (small.sender, small.stranger),
    ):
        assert enter(person).post("/api-tokens", {**FORM, "person": str(other.id)}).status_code == 404


def test_a_supplier_makes_and_withdraws_its_own_token_and_does_not_see_others(
    app: Flask, enter: Enter, small: Small
) -> None:
    sender = enter(small.sender)
    secret = secret_on(sender.post("/api-tokens", FORM).text)
    assert Program(app.test_client(), secret).get("/me").json["role"] == "supplier_user"
    page = sender.get("/api-tokens").text
    assert page.count("/withdraw") == 1
    assert sender.post(re.search(r'action="(/api-tokens/[^"]+/withdraw)"', page)[1]).status_code == 303  # type: ignore[index]


def test_without_a_token_in_force_nothing_opens(app: Flask, small: Small) -> None:
    wrong = ("Bearer", "Bearer ", "Bearer salient_wrong", "Basic c2FsaWVudA==", "Bearer  ", "Token x", "Bearer \x00")
    for header in ("", *wrong, "Bearer " + "x" * 4000):
        answer = app.test_client().get("/api/v1/me", headers={"Authorization": header} if header else {})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_log_in_in_the_browser_opens_nothing_here(enter: Enter, small: Small) -> None:
    admin = enter(small.admin)
    assert admin.get("/api/v1/findings").status_code == 401
    assert admin.post(f"/api/v1/findings/{small.finding.id}/confirm").status_code == 401


def test_a_token_opens_no_page_and_is_not_read_from_an_address(connect: Connect, small: Small) -> None:
    mine = connect(small.admin)
    page = mine.client.get("/people", headers={"Authorization": f"Bearer {mine.secret}"})
    assert page.status_code == 303
    assert mine.client.get(f"/api/v1/me?access_token={mine.secret}").status_code == 401


def test_a_token_ends_on_its_day(app: Flask, connect: Connect, small: Small, clock: list[datetime]) -> None:
    mine = connect(small.sender)
    clock[0] = NOON + timedelta(days=30, seconds=-1)
    assert mine.get("/me").status_code == 200
    clock[0] = NOON + timedelta(days=30)
    assert mine.get("/me").status_code == 401


def test_a_token_ends_with_the_rights_of_its_person(connect: Connect, small: Small, database: Database) -> None:
    mine, other = connect(small.colleague), connect(small.reviewer)
    with database.transaction() as session:
        admin = session.get_one(Person, small.admin.id)
        accounts.disable(session, small.colleague.id, by=admin, now=NOON)
        accounts.change_role(session, small.reviewer.id, Role.ADMIN, by=admin, now=NOON)
    assert (mine.get("/me").status_code, other.get("/me").status_code) == (401, 401)


def test_a_token_that_reads_changes_nothing(connect: Connect, small: Small) -> None:
    mine = connect(small.reviewer, reach=Reach.READ)
    address = f"/findings/{small.finding.id}"
    assert mine.get(address).status_code == 200
    answer = mine.post(f"{address}/confirm")
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert mine.get(address).json["verdict"] is None


def test_a_token_withdrawn_between_the_look_and_the_act_acts_no_more(
    app: Flask, connect: Connect, small: Small, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, real, looks = connect(small.sender), granting.behind, []

    def behind(session: object, secret: str, *, now: datetime) -> ApiToken | None:
        looks.append(1)
        return real(session, secret, now=now) if len(looks) == 1 else None  # type: ignore[arg-type]

    monkeypatch.setattr(granting, "behind", behind)
    assert mine.post(f"/plans/{small.plan.id}/say", {"text": "Hello"}).status_code == 403


def test_the_journal_names_the_token_beside_the_person(connect: Connect, small: Small, database: Database) -> None:
    mine = connect(small.sender)
    token = mine.get("/me").json["token"]
    mine.post(f"/plans/{small.plan.id}/say", {"text": "Hello"})
    with database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.act == "plan.message")).one()
        assert (entry.actor_id, token in entry.detail, "Hello" in entry.detail) == (small.sender.id, True, False)


def test_secrets_stay_out_of_the_logs(connect: Connect, small: Small, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mine = connect(small.reviewer)
    mine.get("/me")
    mine.get("/questionnaires")
    Program(mine.client, "salient_lost-and-found").get("/me")
    logged = " ".join(f"{row.getMessage()} {vars(row)}" for row in caplog.records if row.name.startswith("webapp"))
    assert "token_refused" in logged
    assert mine.secret not in logged
    assert "lost-and-found" not in logged


def test_who_calls_too_often_is_told_to_wait_and_nobody_else(
    runtime: Runtime, small: Small, database: Database
) -> None:
    few = replace(runtime, settings=replace(runtime.settings, api_calls_a_minute=2))
    app = create_app(few.settings, runtime=few, clock=lambda: NOON)
    mine, other = program(app, database, small.sender), program(app, database, small.admin)
    answers = [mine.get("/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert other.get("/me").status_code == 200


def test_wrong_tokens_are_slowed_down_and_good_ones_from_the_same_place_are_not(
    app: Flask, connect: Connect, small: Small
) -> None:
    wrong, good = Program(app.test_client(), "salient_wrong"), connect(small.sender)
    assert [wrong.get("/me").status_code for _ in range(61)][-2:] == [401, 429]
    assert good.get("/me").status_code == 200


def test_there_is_an_end_to_the_number_of_tokens(
    small: Small, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(granting, "MOST", 3)
    with database.transaction() as session:
        person = session.get_one(Person, small.sender.id)
        for _ in range(granting.MOST):
            make_token(session, for_whom=person)
        with pytest.raises(granting.Conflict):
            make_token(session, for_whom=person)
