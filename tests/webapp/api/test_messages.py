"""Webhooks: every message arrives, signed, once; what is down is tried again; nothing leads inside."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from models.db import Database
from models.documents import Document
from models.hooks import TRIES, WAITS, Delivery, DeliveryState, Happening, Hook
from models.journal import note
from models.operations import announcing, delivering, hooking, plan_working, triage
from models.people import Person
from models.vault import Vault
from screening import jobs
from screening.telling import deliver_messages
from tests.factories import NOON
from tests.webapp.api.conftest import Small
from tests.webapp.api.receiver import Receiver, is_genuine, receiver
from tests.webapp.browsing import Browser
from webapp import calling, clock
from webapp.runtime import Runtime
from webapp.settings import Settings

Enter = Callable[[Person | None], Browser]
Rung = list[tuple[str, dict[str, str]]]
SOON = NOON + timedelta(seconds=5)


@pytest.fixture
def settings(runtime: Runtime) -> Settings:
    return replace(runtime.settings, private_hooks=True)


@pytest.fixture
def told() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@contextmanager
def at_work(database: Database, vault: Vault, settings: Settings, now: datetime) -> Iterator[None]:
    """A worker's bench at this hour."""
    bench = jobs.Workbench(
        database=database, vault=vault, screen=lambda data: None, draw=lambda data, pages: {},  # type: ignore[arg-type,return-value]
        call=calling.caller(settings, clock=lambda: now.timestamp()), now=lambda: now,
    )  # fmt: skip
    with jobs.at(bench):
        yield


def add(database: Database, settings: Settings, admin: Person, url: str, *happenings: str) -> hooking.Secret:
    with database.transaction() as session:
        return hooking.make(
            session, url=url, happenings=happenings or [word.value for word in Happening],
            secret_of=calling.secret_of(settings), plain=True, by=session.merge(admin), now=NOON,
        )  # fmt: skip


def messages(database: Database) -> list[Delivery]:
    with database.reading() as session:
        return list(session.scalars(select(Delivery).where(Delivery.number.is_not(None)).order_by(Delivery.number)))


def announce(database: Database, now: datetime = SOON) -> int:
    with database.transaction() as session:
        return announcing.read_on(session, now=now)


def happen(database: Database, small: Small) -> None:
    """A finding is confirmed, which drafts a plan; and somebody writes into another plan."""
    with database.transaction() as session:
        triage.confirm(session, small.finding.id, by=session.merge(small.reviewer), now=SOON)
        plan_working.say(session, small.plan.id, text="A secret name", by=session.merge(small.sender), now=SOON)


def test_what_happens_arrives_signed_and_without_a_word_of_anybody(
    database: Database, vault: Vault, settings: Settings, small: Small, told: Receiver, rung: Rung
) -> None:
    hook = add(database, settings, small.admin, told.url)
    add(database, settings, small.stranger, told.url)
    happen(database, small)
    assert announce(database) == 3
    assert announce(database) == 0
    with at_work(database, vault, settings, SOON):
        deliver_messages(str(hook.hook.id))
    bodies = [json.loads(body) for _, body in told.came]
    assert (bodies[0]["event"], bodies[0]["thing"]) == ("finding.confirmed", str(small.finding.id))
    assert [each["event"] for each in bodies[1:]] == ["plan.changed", "plan.changed"]
    assert {tuple(each) for each in bodies} == {("id", "event", "thing", "organisation", "happened_at")}
    for headers, body in told.came:
        assert is_genuine(headers, body, hook.secret, at=int(SOON.timestamp()))
        assert headers["salient-event"] == json.loads(body)["event"]
        assert not is_genuine(headers, body + b" ", hook.secret, at=int(SOON.timestamp()))
        assert not is_genuine(headers, body, hook.secret + "x", at=int(SOON.timestamp()))
        assert not is_genuine(headers, body, hook.secret, at=int(SOON.timestamp()) + 301)
    assert {row.state for row in messages(database)} == {DeliveryState.SENT}


def test_every_kind_of_happening_is_read_off_the_journal_and_only_what_was_asked_for(
    database: Database, settings: Settings, small: Small
) -> None:
    own = small
    add(database, settings, own.admin, "http://127.0.0.1/all")
    add(database, settings, own.admin, "http://127.0.0.1/some", "document.screened")
    with database.transaction() as session:
        for act, thing in (
            ("document.screened", own.document.id), ("document.set_aside", own.document.id),
            ("finding.confirmed", own.finding.id), ("finding.rejected", own.finding.id),
            ("submission.submitted", own.plan.id), ("plan.signed", own.plan.id),
            ("person.logged_in", own.admin.id),
        ):  # fmt: skip
            note(session, act, thing, organisation_id=own.supplier.buyer_id, actor_id=None, at=SOON)
    assert announce(database) == 7
    assert sorted(row.happening.value for row in messages(database)) == [
        "document.screened", "document.screened", "document.screened", "document.screened", "finding.confirmed",
        "plan.changed", "questionnaire.submitted",
    ]  # fmt: skip


def test_the_queue_is_down_and_nothing_is_lost(
    database: Database, runtime: Runtime, settings: Settings, small: Small, rung: Rung
) -> None:
    """The journal has it; each sweep of the clock rings again until somebody hears."""
    hook = add(database, settings, small.admin, "http://127.0.0.1/told").hook
    happen(database, small)
    for _ in range(2):
        rung.clear()
        clock.sweep(runtime, runtime.doorbell, now=SOON)
        assert ("deliver_messages", {"hook_id": str(hook.id)}) in rung
    assert len(messages(database)) == 3


def test_a_receiver_that_is_down_is_tried_again_later_and_then_takes_all(
    database: Database, vault: Vault, settings: Settings, small: Small, rung: Rung
) -> None:
    with socket.socket() as taken:  # A port on which nobody listens.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/told"
        hook = add(database, settings, small.admin, url).hook
        happen(database, small)
        announce(database)
        with at_work(database, vault, settings, SOON):
            deliver_messages(str(hook.id))
            deliver_messages(str(hook.id))  # The address rests: this does nothing.
    rows = messages(database)
    assert [(row.state, row.attempts, row.reason) for row in rows] == [
        (DeliveryState.WAITING, 1, "no_answer"), (DeliveryState.WAITING, 0, None), (DeliveryState.WAITING, 0, None)
    ]  # fmt: skip
    assert rows[0].due_at == SOON + WAITS[0]
    later = SOON + WAITS[0]
    with receiver() as up:
        with database.transaction() as session:
            session.get_one(Hook, hook.id).url = up.url
            rung.clear()
            assert announcing.sweep(session, now=later) == 1
        with at_work(database, vault, settings, later):
            deliver_messages(str(hook.id))
    assert len(up.came) == 3
    assert {row.state for row in messages(database)} == {DeliveryState.SENT}


def test_after_so_many_tries_it_is_given_up_shown_and_can_be_sent_again(
    database: Database,
    vault: Vault,
    settings: Settings,
    small: Small,
    told: Receiver,
    enter: Enter,
    clock: list[datetime],
) -> None:
    hook = add(database, settings, small.admin, told.url, "finding.confirmed").hook
    happen(database, small)
    announce(database)
    told.status, now = 503, SOON
    for _ in range(TRIES):
        with at_work(database, vault, settings, now):
            deliver_messages(str(hook.id))
        now += timedelta(days=2)
    row = messages(database)[0]
    assert (row.state, row.attempts, row.status, len(told.came)) == (DeliveryState.GIVEN_UP, TRIES, 503, TRIES)
    admin = enter(small.admin)
    page = admin.get(f"/webhooks/{hook.id}").text
    assert "Given up" in page
    assert "HTTP 503" in page
    assert admin.post(f"/webhooks/messages/{row.id}/again").status_code == 303
    told.status = 200
    with at_work(database, vault, settings, clock[0]):
        deliver_messages(str(hook.id))
    assert messages(database)[0].state is DeliveryState.SENT


def test_a_sender_that_fell_silent_is_taken_over_and_its_late_word_is_refused(
    database: Database, settings: Settings, small: Small
) -> None:
    hook = add(database, settings, small.admin, "http://127.0.0.1/told", "finding.confirmed").hook
    happen(database, small)
    announce(database)
    with database.transaction() as session:
        first = delivering.claim(session, hook.id, now=SOON)
    with database.transaction() as session:
        assert delivering.claim(session, hook.id, now=SOON) is None
    with database.transaction() as session:
        second = delivering.claim(session, hook.id, now=SOON + timedelta(minutes=2))
    assert first is not None
    assert second is not None
    with database.transaction() as session:
        assert delivering.arrived(session, first, status=200, now=SOON) is False
        assert delivering.arrived(session, second, status=200, now=SOON) is True


def test_a_redirect_is_not_followed(
    database: Database, vault: Vault, settings: Settings, small: Small, told: Receiver
) -> None:
    with receiver() as inner:
        told.status, told.location = 307, inner.url
        hook = add(database, settings, small.admin, told.url, "finding.confirmed").hook
        happen(database, small)
        announce(database)
        with at_work(database, vault, settings, SOON):
            deliver_messages(str(hook.id))
        assert (len(told.came), inner.came) == (1, [])
    row = messages(database)[0]
    assert (row.state, row.reason, row.status) == (DeliveryState.WAITING, "redirected", 307)


def test_another_key_of_the_installation_is_noticed_before_anything_is_sent(
    database: Database, vault: Vault, settings: Settings, small: Small, told: Receiver
) -> None:
    hook = add(database, settings, small.admin, told.url, "finding.confirmed").hook
    happen(database, small)
    announce(database)
    with at_work(database, vault, replace(settings, given_secret_key="another " * 8), SOON):
        deliver_messages(str(hook.id))
    assert (told.came, messages(database)[0].reason) == ([], "secret_changed")


def test_the_page_adds_renews_tries_and_removes_an_address(
    enter: Enter, small: Small, database: Database, rung: Rung
) -> None:
    admin, secret = enter(small.admin), re.compile(r'<p class="password">(whsec_[0-9a-f]{64})</p>')
    for url in (
        "ftp://example.org",
        "https://",
        "https://a:b@example.org/",
        "http://example.org/",
        "https://ex ample/",
        "x",
    ):
        assert admin.post("/webhooks", {"url": url, "happenings": "plan.changed"}).status_code == 422
    assert admin.post("/webhooks", {"url": "https://example.org/x"}).status_code == 422
    page = admin.post("/webhooks", {"url": "https://example.org/new", "happenings": "plan.changed"}).text
    first = secret.search(page)
    assert first is not None
    assert first[1] not in admin.get("/webhooks").text
    with database.reading() as session:
        hook_id: UUID = session.scalars(select(Hook.id).where(Hook.url.endswith("/new"))).one()
    renewed = secret.search(admin.post(f"/webhooks/{hook_id}/secret").text)
    assert renewed is not None
    assert renewed[1] != first[1]
    assert admin.post(f"/webhooks/{hook_id}/trial").status_code == 303
    assert ("deliver_messages", {"hook_id": str(hook_id)}) in rung
    assert admin.post(f"/webhooks/{hook_id}/remove").status_code == 303
    assert "/new" not in admin.get("/webhooks").text
    assert admin.post(f"/webhooks/{hook_id}/trial").status_code == 409


def test_a_new_address_is_not_told_of_what_was_before(database: Database, settings: Settings, small: Small) -> None:
    happen(database, small)
    with database.transaction() as session:
        hooking.make(
            session, url="https://example.org/late", happenings=["finding.confirmed"],
            secret_of=calling.secret_of(settings), plain=False, by=session.merge(small.admin),
            now=SOON + timedelta(seconds=1),
        )  # fmt: skip
        document = session.get_one(Document, small.document.id)
        assert document is not None
    announce(database)
    assert [row.happening for row in messages(database) if row.happening is Happening.FINDING_CONFIRMED] == []
