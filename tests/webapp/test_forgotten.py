"""A forgotten password: a letter to the address alone, a link that opens once, and nothing that tells who has one."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.db import Database
from models.errors import Conflict
from models.journal import Entry
from models.mail import EntryLink, Mail, MailKind, MailState, PasswordLink, link_hash
from models.operations import accounts, forgetting, posting
from models.people import Person
from tests.factories import NOON
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import aside, forgotten, mail, passwords
from webapp.doors import EXTENSION
from webapp.limits import FORGOTTEN_BY_ONE, FORGOTTEN_FOR_ONE
from webapp.password_links import opened, sealed
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "seven quiet words for a test"


@pytest.fixture
def someone(world: World, database: Database) -> Person:
    """The supplier's user, with a password; no other letter waits."""
    with database.transaction() as session:
        for row in session.scalars(select(Mail)):
            row.drop("answered")
        found = session.get_one(Person, world.own.sender.id)
        found.password_hash = passwords.hashed("the old words of a test")
        return found


def letters_to(runtime: Runtime, person: Person, now: datetime) -> list[str]:
    """The letters that leave now, as they read; each of them is to this person."""
    folder = mail.folder_of(runtime.settings)
    before = set(folder.glob("*.eml"))
    mail.deliver(runtime, now=now)
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in set(folder.glob("*.eml")) - before]
    assert {str(message["To"]) for message in messages} <= {person.email}
    return [str(message.get_content()) for message in messages]


def link(text: str) -> str:
    found = re.search(r"http://[^/]+(/forgotten/\S+)", text)
    assert found is not None
    return found[1]


@pytest.fixture
def sent(someone: Person, enter: Enter, runtime: Runtime, clock: list[datetime]) -> str:
    """The address of a link that is on its way to its reader."""
    assert enter(None).post("/forgotten", {"email": someone.email}).status_code == 303
    (text,) = letters_to(runtime, someone, clock[0])
    return link(text)


def acts(database: Database) -> list[Entry]:
    with database.reading() as session:
        return list(session.scalars(select(Entry).where(Entry.act.like("person.password%")).order_by(Entry.number)))


def test_the_letter_sets_a_new_password_once_and_ends_every_log_in(
    sent: str, someone: Person, enter: Enter, database: Database
) -> None:
    logged_in, stranger = enter(someone), enter(None)
    for _ in range(2):  # A program that checks links uses nothing up.
        page = stranger.get(sent)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert "Choose a new password" in page.text
        assert someone.email not in page.text
    weak = stranger.post(sent, {"new": "short"})
    assert (weak.status_code, "at least 12 characters" in weak.text) == (422, True)
    done = stranger.post(sent, {"new": NEW})
    assert (done.status_code, done.location) == (303, "/log-in")
    assert "Your password is changed" in stranger.get("/log-in").text
    assert logged_in.get("/account").location == "/log-in", "every log-in ended"
    assert stranger.post("/log-in", {"email": someone.email, "password": NEW}).status_code == 303
    assert [(row.act, row.actor_id) for row in acts(database)] == [
        ("person.password_asked", None), ("person.password_renewed", someone.id),
    ]  # fmt: skip
    assert not any(someone.email in str(row.detail) for row in acts(database))
    for answer in (enter(None).get(sent), enter(None).post(sent, {"new": NEW + "!"})):
        assert (answer.status_code, "This link is over" in answer.text) == (410, True)


def test_the_secret_is_kept_as_a_hash_and_carries_our_seal(sent: str, database: Database, runtime: Runtime) -> None:
    token = sent.removeprefix("/forgotten/")
    secret = opened(token, runtime.settings)
    with database.reading() as session:
        kept = session.scalars(select(PasswordLink)).one()
        assert kept.token_hash == link_hash(secret)
        assert session.get(EntryLink, link_hash(secret)) is None
    assert sealed(secret, runtime.settings) == token
    assert opened(secret, runtime.settings) == ""


def test_a_link_that_is_wrong_or_of_another_kind_leads_nowhere(sent: str, enter: Enter) -> None:
    token, stranger = sent.removeprefix("/forgotten/"), enter(None)
    secret, seal = token.rsplit(".", 1)
    for wrong in ("nobody-has-this", secret, f"{secret}.", f"x{secret}.{seal}", token[:-1], f"{token}x"):
        for answer in (stranger.get(f"/forgotten/{wrong}"), stranger.post(f"/forgotten/{wrong}", {"new": NEW})):
            assert (answer.status_code, "This link leads nowhere" in answer.text) == (410, True), wrong
    for address in (f"/come-in/{token}", f"/come-in/{secret}"):
        assert "This link leads nowhere" in stranger.get(address).text, "it lets nobody in without a password"
    assert stranger.get(sent).status_code == 200


def test_guessing_links_is_slowed_down(sent: str, enter: Enter) -> None:
    stranger = enter(None)
    answers = [stranger.post("/forgotten/nobody-has-this", {"new": NEW}).status_code for _ in range(12)]
    assert answers == [410] * 10 + [429] * 2


def test_a_link_ends_after_an_hour(sent: str, enter: Enter, clock: list[datetime]) -> None:
    clock[0] += timedelta(minutes=59, seconds=59)
    assert enter(None).get(sent).status_code == 200
    clock[0] += timedelta(seconds=1)
    for answer in (enter(None).get(sent), enter(None).post(sent, {"new": NEW})):
        assert (answer.status_code, "it is too old" in answer.text) == (410, True)


def test_a_link_ends_when_the_password_was_changed_since(
    sent: str, someone: Person, enter: Enter, database: Database
) -> None:
    with database.transaction() as session:
        person = session.get_one(Person, someone.id)
        accounts.change_password(session, person, passwords.hashed("changed meanwhile, by me"), by=person, now=NOON)
    for answer in (enter(None).get(sent), enter(None).post(sent, {"new": NEW})):
        assert (answer.status_code, "your password was changed since" in answer.text) == (410, True)


def test_a_person_without_a_log_in_gets_no_letter_and_no_way_in(
    sent: str, someone: Person, enter: Enter, database: Database, runtime: Runtime, clock: list[datetime]
) -> None:
    enter(None).post("/forgotten", {"email": someone.email})
    with database.transaction() as session:
        session.get_one(Person, someone.id).disabled_at = NOON
    assert letters_to(runtime, someone, clock[0]) == [], "one that waited is not sent"
    for answer in (enter(None).get(sent), enter(None).post(sent, {"new": NEW})):
        assert answer.status_code == 410
    assert enter(None).post("/forgotten", {"email": someone.email}).status_code == 303
    assert letters_to(runtime, someone, clock[0]) == []


def test_of_two_letters_the_second_link_is_void_once_the_first_was_used(
    sent: str, someone: Person, enter: Enter, runtime: Runtime, clock: list[datetime]
) -> None:
    assert enter(None).post("/forgotten", {"email": someone.email.upper()}).status_code == 303
    (text,) = letters_to(runtime, someone, clock[0])
    assert enter(None).post(link(text), {"new": NEW}).status_code == 303
    assert enter(None).post(sent, {"new": NEW}).status_code == 410


def test_two_who_use_a_link_at_once_set_one_password(sent: str, database: Database, runtime: Runtime) -> None:
    secret, done = opened(sent.removeprefix("/forgotten/"), runtime.settings), []

    def use(number: int) -> None:
        try:
            with database.transaction() as session:
                forgetting.change(session, secret, f"hash {number}", now=NOON)
                done.append(number)
        except Conflict:
            done.append(0)

    threads = [threading.Thread(target=use, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done)[:2] == [0, 0]
    assert sorted(done)[2] > 0


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(
    someone: Person, enter: Enter, database: Database
) -> None:
    seen = []
    for email in (someone.email, "nobody.at.all@example.org"):
        stranger = enter(None)
        answer = stranger.post("/forgotten", {"email": email})
        page = stranger.get("/forgotten/asked")
        headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
        seen.append((answer.status_code, answer.text, headers, re.sub(r'value="[^"]+"', "", page.text)))
        assert email not in page.text
    assert seen[0] == seen[1]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mail).where(Mail.kind == MailKind.PASSWORD)) == 1
    assert [row.act for row in acts(database)] == ["person.password_asked"], "of unknown addresses nothing is kept"


def test_it_is_looked_up_only_after_the_answer_has_left(someone: Person, app: Flask, database: Database) -> None:
    def waiting() -> int:
        with database.reading() as session:
            query = select(func.count()).select_from(Mail).where(Mail.kind == MailKind.PASSWORD)
            return int(session.scalar(query) or 0)

    client = app.test_client()
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/forgotten").text)
    assert csrf is not None
    answer = client.post("/forgotten", data={"csrf_token": csrf[1], "email": someone.email}, buffered=False)
    assert (answer.status_code, answer.get_data(as_text=True) != "", waiting()) == (303, True, 0)
    answer.close()
    assert waiting() == 1


def test_the_connection_on_which_somebody_asked_does_not_wait_until_it_is_looked_up(
    someone: Person, app: Flask, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, done = threading.Event(), threading.Event()
    monkeypatch.setattr(forgotten, "_look_up", lambda *_: go_on.wait(10) and done.set())
    monkeypatch.setattr(aside, "SOONEST", 0.0)
    monkeypatch.setattr(aside, "LATEST", 0.0)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], aside=aside.soon)
    stranger = enter(None)
    assert stranger.post("/forgotten", {"email": someone.email}).status_code == 303
    assert stranger.get("/forgotten/asked").status_code == 200
    go_on.set()
    assert done.wait(30), "it was waited for, or not done at all"


def test_one_address_gets_no_more_letters_than_it_needs_and_nobody_is_told(
    someone: Person, app: Flask, enter: Enter, runtime: Runtime, clock: list[datetime]
) -> None:
    left = 0
    for number in range(FORGOTTEN_FOR_ONE.amount + 3):
        stranger = enter(None)
        stranger.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert stranger.post("/forgotten", {"email": someone.email}).location == "/forgotten/asked"
        left += len(letters_to(runtime, someone, clock[0]))
    assert left == FORGOTTEN_FOR_ONE.amount


def test_one_source_cannot_try_a_list_of_addresses(enter: Enter) -> None:
    stranger = enter(None)
    seen = [
        stranger.post("/forgotten", {"email": f"person{number}@example.org"})
        for number in range(FORGOTTEN_BY_ONE.amount + 1)
    ]
    assert {answer.status_code for answer in seen[:-1]} == {303}
    assert (seen[-1].status_code, int(seen[-1].headers["Retry-After"]) > 0) == (429, True)


def test_what_is_no_address_is_said_so(enter: Enter) -> None:
    answer = enter(None).post("/forgotten", {"email": "not an address"})
    assert (answer.status_code, "Give a complete e-mail address." in answer.text) == (422, True)


def test_the_letter_leaves_in_quiet_hours_in_the_language_of_its_reader(
    someone: Person, database: Database, runtime: Runtime, clock: list[datetime]
) -> None:
    object.__setattr__(runtime.settings, "quiet_hours", "0-23")
    with database.transaction() as session:
        person = session.get_one(Person, someone.id)
        person.language = "nl"
        posting.post(session, MailKind.DIGEST, [person], now=NOON)
        assert forgetting.ask(session, someone.email, now=NOON)
    (text,) = letters_to(runtime, someone, clock[0])
    assert "om een nieuw wachtwoord voor uw toegang" in text
    assert someone.name not in text
    with database.reading() as session:
        waits = session.scalars(select(Mail.kind).where(Mail.state == MailState.WAITING)).all()
    assert waits == [MailKind.DIGEST], "what can wait waits"


def test_nobody_of_the_buyer_sees_that_letter(sent: str, world: World, enter: Enter, database: Database) -> None:
    with database.reading() as session:
        found = session.scalars(select(Mail.id).where(Mail.kind == MailKind.PASSWORD)).one()
    for person in (world.own.compliance, world.own.admin):
        assert enter(person).get(f"/campaigns/letters/{found}").status_code == 404
        assert str(found) not in enter(person).get("/campaigns/letters").text


def test_where_no_mail_server_takes_letters_the_page_says_so(enter: Enter, runtime: Runtime) -> None:
    said = "letters are handed on by the operator"
    assert said in enter(None).get("/forgotten/asked").text
    object.__setattr__(runtime.settings, "smtp_url", "smtp://mail.example.org")
    assert said not in enter(None).get("/forgotten/asked").text
