"""The daily letter on its way: asked for at its hour, silent about whom and what it concerns, and switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

from sqlalchemy import select

from models.db import Database
from models.mail import Mail, MailKind, MailPart, MailState
from models.people import Organisation, Person, Role
from tests.factories import NOON
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import letters, mail
from webapp.runtime import Runtime

MORNING = NOON.replace(hour=6) + timedelta(days=90)


def texts(runtime: Runtime) -> dict[str, str]:
    """The daily letters in the folder, by their reader."""
    paths = mail.folder_of(runtime.settings).glob("*")
    files = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    return {str(each["To"]): each.get_content() for each in files if each["Subject"] == "What waits for you"}


def test_the_letter_leaves_at_its_hour_and_names_nobody(runtime: Runtime, world: World) -> None:
    with runtime.database.transaction() as session:
        for row in session.scalars(select(Mail)):
            row.drop("not now")
        session.get_one(Person, world.own.sender.id).password_hash = "has one"
    mail.follow(runtime, now=MORNING - timedelta(hours=1))
    mail.deliver(runtime, now=MORNING, limit=99)
    assert texts(runtime) == {}, "too early"
    mail.follow(runtime, now=MORNING)
    mail.deliver(runtime, now=MORNING, limit=99)
    text = texts(runtime)[world.own.sender.email]
    assert "- Plans past their day: 1" in text
    assert "- Questions about a document: 1" in text
    assert "/plans?turn=supplier" in text
    assert "come-in" not in text, "who has a password logs in"
    for word in (world.own.supplier.name, world.own.sender.name, world.own.finding.quote, "passport"):
        assert word.lower() not in text.lower()


def test_the_line_about_weekly_looks_has_its_address_in_every_language() -> None:
    reader = Person(name="R", email="r@example.org", role=Role.REVIEWER, language="en", password_hash="x")
    said = set()
    for language in letters.LANGUAGES:
        part = MailPart(buyer=Organisation(name="Alder"), late=0, soon=0, later=0, questions=0, looks=2, level=0)
        text = letters.counted(
            Mail(kind=MailKind.DIGEST, person=reader, language=language, parts=[part]), [part],
            letters._texts(language)["counts"], language, "https://salient.example/plans/weekly",
        )[0]  # fmt: skip
        assert text.endswith("\n  https://salient.example/plans/weekly")
        said.add(text)
    assert len(said) == len(letters.LANGUAGES)


def test_who_has_no_password_comes_in_by_the_link_and_finds_the_plans(
    runtime: Runtime, enter: Callable[[Person | None], Browser], world: World
) -> None:
    with runtime.database.transaction() as session:
        session.get_one(Person, world.own.sender.id).password_hash = ""
    mail.follow(runtime, now=NOON)
    mail.deliver(runtime, now=NOON, limit=99)
    with runtime.database.reading() as session:
        sent = session.scalars(select(Mail).where(Mail.kind == MailKind.DIGEST, Mail.state == MailState.SENT))
        assert world.own.sender.id in {row.person_id for row in sent}
    text = texts(runtime)[world.own.sender.email]
    path = "/come-in/" + text.partition("/come-in/")[2].partition("\n")[0]
    browser = enter(None)
    assert browser.get(path).status_code == 200
    answer = browser.post(path)
    assert answer.location.endswith("/plans?turn=supplier")
    assert browser.get(answer.location).status_code == 200


def test_the_own_page_shows_the_letter_and_switches_it_off(
    enter: Callable[[Person | None], Browser], database: Database, world: World
) -> None:
    browser = enter(world.own.sender)
    assert "Questions about a document: 1" in browser.get("/account/letter").text
    assert "checked" in browser.get("/account").text
    assert browser.post("/account/letters", data={}).status_code == 303
    assert "You have switched it off" in browser.get("/account/letter").text
    with database.reading() as session:
        assert session.get_one(Person, world.own.sender.id).wants_digest is False
    assert "no letter would leave" in enter(world.own.colleague).get("/account/letter").text
