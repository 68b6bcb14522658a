"""A campaign from its form to the last letter, as those who lead it and those who are asked see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from models.campaigns import Campaign, Invitation
from models.db import Database
from models.mail import EntryLink, Mail, MailState
from models.people import Person
from questionnaires import inviting, issuing
from tests.factories import NOON, TODAY
from tests.questionnaires.campaign_house import DUTCH, SMALL, many_invited, many_suppliers
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from tests.webapp.test_budgets import counted
from webapp import mail
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DUE = (TODAY + timedelta(days=30)).isoformat()


@pytest.fixture
def campaign(enter: Enter, world: World, database: Database) -> Campaign:
    """A campaign that was started through the form, with one supplier; letters that were there before are gone."""
    with database.transaction() as session:
        for row in session.scalars(select(Mail)):
            row.drop("answered")
        row_id = issuing.publish(session, SMALL, DUTCH, by=world.own.compliance, now=NOON).id
    form = {
        "name": "Spring", "questionnaire": row_id, "supplier": world.own.supplier.id, "due_on": DUE,
        "language": ["en", "nl"], "remind_days": "14, 3",
    }  # fmt: skip
    answer = enter(world.own.compliance).post("/campaigns/new", form)
    assert answer.status_code == 303
    with database.reading() as session:
        return session.scalars(select(Campaign).where(Campaign.name == "Spring")).one()


def delivered(runtime: Runtime, clock: list[datetime], to: str) -> list[str]:
    """The letters that leave now to this address, as they read."""
    before = set(folder(runtime).glob("*.eml"))
    mail.deliver(runtime, now=clock[0])
    new = sorted(set(folder(runtime).glob("*.eml")) - before)
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in new]
    return [str(message.get_content()) for message in messages if message["To"] == to]


def folder(runtime: Runtime) -> Path:
    return mail.folder_of(runtime.settings)


def link(text: str) -> str:
    found = re.search(r"http://[^/]+(/come-in/\S+)", text)
    assert found is not None
    return found[1]


def test_the_letter_brings_its_reader_to_the_questions_once(
    campaign: Campaign, enter: Enter, world: World, runtime: Runtime, clock: list[datetime], database: Database
) -> None:
    (text,) = delivered(runtime, clock, world.own.sender.email)
    stranger = enter(None)
    for _ in range(2):  # A program that checks links uses nothing up.
        assert "Open the questions" in stranger.get(link(text)).text
    entered = stranger.post(link(text))
    assert entered.status_code == 303
    assert "A few questions" in stranger.get(str(entered.location)).text
    again = enter(None).get(link(text))
    assert again.status_code == 410
    assert "This link is over" in again.text
    assert enter(None).post(link(text)).status_code == 410
    with database.reading() as session:
        kept = {row.token_hash for row in session.scalars(select(EntryLink))}
    assert link(text).rpartition("/")[2] not in " ".join(kept)
    assert {path.stat().st_mode & 0o777 for path in folder(runtime).glob("*.eml")} == {0o600}


def test_a_link_that_is_too_old_says_so_and_a_new_one_goes_to_the_same_address(
    campaign: Campaign, enter: Enter, runtime: Runtime, clock: list[datetime], world: World
) -> None:
    (text,) = delivered(runtime, clock, world.own.sender.email)
    clock[0] += timedelta(days=15)
    stranger = enter(None)
    assert "too old" in stranger.get(link(text)).text
    for _ in range(2):
        assert "Look into your e-mail" in stranger.client.get(str(stranger.post(link(text) + "/new").location)).text
    (fresh,) = [
        each for each in delivered(runtime, clock, world.own.sender.email) if "You asked for a new link" in each
    ]
    assert stranger.post(link(fresh)).status_code == 303


def test_a_made_up_link_leads_nowhere_and_asks_nobody(
    enter: Enter, runtime: Runtime, clock: list[datetime], world: World
) -> None:
    stranger = enter(None)
    assert "leads nowhere" in stranger.get("/come-in/made-up").text
    answer = stranger.post("/come-in/made-up/new")
    assert (answer.status_code, answer.location) == (303, "/come-in/asked")


def test_the_page_counts_late_ones_and_reminds_them(
    campaign: Campaign, enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        row = session.scalars(select(Invitation).where(Invitation.campaign_id == campaign.id)).one()
        row.submission.due_on = TODAY - timedelta(days=3)
    leader = enter(world.own.compliance)
    page = leader.get(f"/campaigns/{campaign.id}").text
    assert "3 days late" in page
    assert "0 of 1 suppliers sent their answers (0%)" in page
    assert 'class="l-line" points="0,160 0,160"' in page
    told = leader.get(str(leader.post(f"/campaigns/{campaign.id}/remind").location)).text
    assert "1 supplier is reminded." in told
    with database.reading() as session:
        waiting = session.scalars(select(Mail).where(Mail.state == MailState.WAITING))
        assert {row.kind.value for row in waiting} == {"invitation", "overdue"}


def test_more_time_is_asked_for_on_one_side_and_given_on_the_other(
    campaign: Campaign, enter: Enter, world: World, database: Database
) -> None:
    with database.reading() as session:
        row = session.scalars(select(Invitation).where(Invitation.campaign_id == campaign.id)).one()
    address = f"/questionnaires/{row.submission_id}/more-time"
    supplier, leader = enter(world.own.sender), enter(world.own.compliance)
    assert "year-month-day" in supplier.post(address, {"wanted_on": "soon", "reason": "Harvest"}).text
    later = (TODAY + timedelta(days=45)).isoformat()
    assert supplier.post(address, {"wanted_on": later, "reason": "Harvest & more"}).status_code == 303
    page = leader.get(f"/campaigns/{campaign.id}").text
    assert "Harvest &amp; more" in page
    (request,) = re.findall(r'name="request" value="([^"]+)"', page)
    refused = leader.post(f"/campaigns/{campaign.id}/decide", {"request": request})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert leader.post(f"/campaigns/{campaign.id}/decide", {"request": request, "granted": "1"}).status_code == 303
    assert "Granted" in supplier.get(address).text
    assert "16 Apr 2026" in supplier.get(address).text


def test_questions_are_passed_on_and_the_new_company_comes_in_by_its_letter(
    campaign: Campaign, enter: Enter, world: World, runtime: Runtime, clock: list[datetime], database: Database
) -> None:
    delivered(runtime, clock, world.own.sender.email)
    with database.reading() as session:
        row = session.scalars(select(Invitation).where(Invitation.campaign_id == campaign.id)).one()
    address = f"/questionnaires/{row.submission_id}/pass-on"
    supplier = enter(world.own.sender)
    assert "complete e-mail address" in supplier.post(address, {"company": "C", "person": "P", "email": "x"}).text
    new = {"company": "Deep Mill", "person": "Ana", "email": "ana@deep.example.org", "language": "nl"}
    assert supplier.post(address, new).status_code == 303
    assert "Deep Mill" in supplier.get(address).text
    (text,) = delivered(runtime, clock, "ana@deep.example.org")
    assert "Deze link is alleen voor u" in text
    ana = enter(None)
    entered = ana.post(link(text))
    assert "Een paar vragen" in ana.get(str(entered.location)).text
    ana.csrf = ""  # Coming in began a new session.
    chosen = ana.post("/account/password", {"new": "rivier kastanje trommel"})
    assert chosen.status_code == 303
    ana.csrf = ""
    refused = ana.post("/account/password", {"new": "another long password"})
    assert refused.status_code == 422  # From now on the password must be repeated.
    assert "tier 2" in enter(world.own.compliance).get(f"/campaigns/{campaign.id}").text


def test_the_letters_are_listed_and_shown_without_their_secret(
    campaign: Campaign, enter: Enter, world: World, runtime: Runtime, clock: list[datetime], database: Database
) -> None:
    (text,) = delivered(runtime, clock, world.own.sender.email)
    leader = enter(world.own.compliance)
    listed = leader.get("/campaigns/letters").text
    assert "No mail server is set" in listed
    with database.reading() as session:
        row = session.scalars(
            select(Mail).where(Mail.person_id == world.own.sender.id, Mail.sent_at.is_not(None))
        ).one()
    shown = leader.get(f"/campaigns/letters/{row.id}").text
    assert "asks you to answer some questions: A few questions" in shown
    assert "/come-in/..." in shown
    assert link(text).rpartition("/")[2] not in shown


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Give the campaign a name"),
        ({"supplier": []}, "Choose at least one supplier"),
        ({"due_on": "tomorrow"}, "year-month-day"),
        ({"remind_days": "soon"}, "whole numbers"),
        ({"language": []}, "at least one language"),
    ],
)
def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(
    enter: Enter, world: World, campaign: Campaign, change: dict[str, object], says: str
) -> None:
    form = {
        "name": "Second round", "questionnaire": campaign.questionnaire_id, "supplier": world.own.supplier.id,
        "due_on": DUE, "language": "en", "remind_days": "5", **change,
    }  # fmt: skip
    answer = enter(world.own.compliance).post("/campaigns/new", form)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Second round" in answer.text or change.get("name") == ""


def test_a_questionnaire_without_a_campaign_says_whom_to_ask(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.delete(session.get_one(Invitation, world.own.invitation.id))
    address = f"/questionnaires/{world.own.submission.id}/more-time"
    answer = enter(world.own.sender).get(address)
    assert (answer.status_code, "came without a campaign" in answer.text) == (409, True)


def test_a_closed_campaign_reminds_nobody(enter: Enter, world: World, campaign: Campaign) -> None:
    leader = enter(world.own.compliance)
    assert leader.post(f"/campaigns/{campaign.id}/close").status_code == 303
    assert leader.post(f"/campaigns/{campaign.id}/remind").status_code == 409
    assert "Closed" in leader.get("/campaigns").text


MANY = 5_000
PAGE = 11
"""Statements of the page of a campaign, with finding out who asks."""


def rows_of(page: str) -> list[str]:
    """The suppliers that a page of a campaign lists."""
    return re.findall(r'<a class="title" href="/questionnaires/[^"]+">([^<]+)</a>', page)


def test_a_campaign_of_five_thousand_is_a_page_that_is_turned_narrowed_searched_and_taken_along(
    campaign: Campaign, enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        many_invited(session, session.get_one(Campaign, campaign.id), MANY)
    leader, address = enter(world.own.compliance), f"/campaigns/{campaign.id}"
    with counted(database) as statements:
        first = leader.get(address)
    assert len(statements) <= PAGE, "\n".join(statements)
    assert len(first.data) < 130_000
    assert ">5,001</strong><span>invited" in first.text
    assert ">334</strong><span>late" in first.text
    assert len(rows_of(first.text)) == 50
    assert rows_of(first.text)[:2] == ["Mill 00001", "Mill 00011"], "the late ones first"
    (following,) = re.findall(r'href="([^"]+after=[^"]+)"', first.text)
    assert rows_of(leader.get(following.replace("&amp;", "&")).text)[0] not in rows_of(first.text)
    late = leader.get(f"{address}?late=1&name=mill+0499").text
    assert "1 of 5,001 suppliers" in late
    assert rows_of(late) == ["Mill 04991"]
    assert "1,667 of 5,001 suppliers" in leader.get(f"{address}?state=submitted").text
    assert "No supplier fits this" in leader.get(f"{address}?name=nobody").text
    table = leader.get(f"{address}/invitations.csv").text.splitlines()
    assert len(table) == 1 + MANY + 1
    assert len(leader.get(f"{address}/invitations.csv?late=1").text.splitlines()) == 1 + 334
    assert "334 late" in leader.get("/campaigns").text


def test_a_large_campaign_shows_how_far_it_is_and_is_stopped_and_gone_on_with_by_another(
    campaign: Campaign, enter: Enter, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "PORTION", 2)
    with database.transaction() as session:
        keys = many_suppliers(session, world.own.supplier.buyer_id, 7)
    form = {
        "name": "Large", "questionnaire": campaign.questionnaire_id, "supplier": keys, "due_on": DUE,
        "language": ["en"], "remind_days": "14",
    }  # fmt: skip
    begun = enter(world.own.compliance).post("/campaigns/new", form)
    address, other = str(begun.location), enter(world.own.admin)
    page = other.get(address).text
    assert "Suppliers are being invited" in page
    assert '<progress max="7" value="2"' in page
    assert "data-wait" in other.get(f"{address}/progress").text
    assert "Inviting is stopped" in other.get(str(other.post(f"{address}/stop").location)).text
    assert other.post(f"{address}/stop").status_code == 409
    assert "Suppliers are being invited" in other.get(str(other.post(f"{address}/go-on").location)).text
    with database.transaction() as session:
        while inviting.work(session, UUID(address.rpartition("/")[2]), now=NOON):
            pass
    done = other.get(address).text
    assert "Suppliers are being invited" not in done
    assert ">7</strong><span>invited" in done
