"""A plan in the browser, by both sides: negotiated, signed, sent back, verified by another, and looked at later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from models import migrations
from models.db import Database
from models.findings import Severity
from models.operations import accounts, triage
from models.people import Person, Role
from models.vault import FolderVault
from tests.e2e.playing import SIZES, Player, write_paper
from tests.factories import NOON, make_finding, make_person
from webapp.factory import create_app
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings

pytestmark = pytest.mark.browser


@dataclass(slots=True)
class House:
    """The web application alone, in a thread, living at an hour that the test sets."""

    address: str
    database: Database
    clock: list[datetime]
    chromium: Browser
    people: dict[str, Person]

    def enter(self, who: str, *, size: str, language: str) -> Player:
        """A browser in which this person has just logged in."""
        with self.database.transaction() as session:
            secret = accounts.open_log_in(session, session.get_one(Person, self.people[who].id), now=self.clock[0])
        context = self.chromium.new_context(viewport=SIZES[size], locale=language, has_touch=size == "phone")  # type: ignore[arg-type]
        context.add_cookies([{"name": "salient", "value": secret, "url": self.address}])
        player = Player(context.new_page(), context, self.address, size)
        player.page.set_default_timeout(15_000)
        player.page.on("pageerror", lambda error: player.complaints.append(str(error)))
        player.open("/")
        if player.page.evaluate("document.documentElement.lang") != language:
            player.page.click(f"button[name=language][value={language}]")
            player.page.wait_for_load_state()
        return player

    def confirmed(self, severity: Severity) -> UUID:
        """A finding that was just confirmed: its plan is a draft."""
        with self.database.transaction() as session:
            finding = make_finding(session, severity=severity)
            buyer, supplying = finding.supplier.buyer, finding.supplier.organisation
            for who in ("reviewer", "second"):
                self.people[who] = make_person(session, organisation=buyer)
            self.people["supplier"] = make_person(session, role=Role.SUPPLIER_USER, organisation=supplying)
            plan = triage.confirm(session, finding.id, by=self.people["reviewer"], now=self.clock[0])
            return UUID(str(getattr(plan, "id", "")) or str(triage.plan_of(session, finding.id).id))  # type: ignore[union-attr]


@pytest.fixture
def house(chromium: Browser, tmp_path: Path) -> Iterator[House]:
    database = Database.open(f"sqlite:///{tmp_path / 'salient.db'}")
    migrations.upgrade(database.engine)
    settings = Settings(data=tmp_path / "data")
    clock = [NOON]
    runtime = Runtime(settings, database, FolderVault(tmp_path / "vault"), Doorbell(settings.queue))
    server = make_server("127.0.0.1", 0, create_app(settings, runtime=runtime, clock=lambda: clock[0]), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(f"http://127.0.0.1:{server.server_port}", database, clock, chromium, {})
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


def press(player: Player, act: str) -> None:
    player.page.locator(f"form[action$='/{act}'] button").last.click()
    player.page.wait_for_load_state()


def state(player: Player) -> str:
    return player.page.locator(".head .pill").nth(1).inner_text().strip()


@pytest.mark.parametrize(
    ("size", "language", "words"),
    [
        ("phone", "nl", ["Voorgesteld door de leverancier", "Akkoord", "Teruggestuurd", "Gesloten",
                         "Heeft aantoonbaar geholpen"]),
    ],
)  # fmt: skip
def test_a_plan_is_negotiated_signed_sent_back_verified_by_another_and_looked_at_later(
    house: House, size: str, language: str, words: list[str]
) -> None:
    plan_id = house.confirmed(Severity.CRITICAL)
    reviewer, supplier = (house.enter(who, size=size, language=language) for who in ("reviewer", "supplier"))
    address = f"/plans/{plan_id}"

    # The reviewer sends it open; the supplier writes the first proposal and signs it.
    reviewer.open(address)
    reviewer.look("plan-draft")
    press(reviewer, "send")
    supplier.open(address)
    supplier.look("plan-invited")
    supplier.open(f"{address}/edit")
    write_paper(supplier.page)
    supplier.look("plan-edit")
    supplier.page.locator("button[value=propose]").click()
    assert state(supplier) == words[0]

    # The reviewer changes a word: both sign anew.
    reviewer.open(f"{address}/edit")
    reviewer.page.fill("#target", "none in three months")
    reviewer.page.locator("button[value=sign]").click()
    reviewer.look("plan-negotiated")
    supplier.open(address)
    press(supplier, "sign")
    assert state(supplier) == words[1]
    supplier.look("plan-agreed")
    press(supplier, "begin")
    press(supplier, "done")

    # The evidence does not show it the first time.
    second = house.enter("second", size=size, language=language)
    for number in (1, 2):
        supplier.open(address)
        supplier.page.fill("#submit-text", "All 14 passports were handed over.")
        press(supplier, "submit")
        second.open(address)
        second.page.locator("input[name=how][value=visit]").check()
        press(second, "take-up")
        if number == 1:
            second.page.locator("details:has(form[action$='/send-back']) summary").click()
            second.page.fill("#send_back-text", "Two names are missing.")
            second.look("plan-verifying")
            press(second, "send-back")
            assert state(second) == words[2]
    second.page.locator("input[name=needed][value=yes]").check()
    second.page.fill("#decide_remedy-reason", "The fees that were taken are owed back.")
    press(second, "decide-remedy")
    second.page.fill("#close-reason", "Seen on site, and 14 workers were asked.")
    press(second, "close")
    assert state(second) == words[3]
    second.look("plan-closed")
    expect(second.page.locator("#confirm_effect-result")).to_have_count(0)

    # Months later somebody looks again.
    house.clock[0] += timedelta(days=200)
    later = house.enter("reviewer", size=size, language=language)
    later.open(address)
    later.page.fill("#confirm_effect-result", "No passport was found at an unannounced visit.")
    press(later, "confirm-effect")
    assert state(later) == words[4]
    later.look("plan-helped")
    later.open(f"{address}/history")
    later.look("plan-history")
    for path in ("/plans?all=1", "/plans/board", "/plans/figures"):
        later.open(path)
        later.look(path.partition("?")[0].strip("/").replace("/", "-"))
    for player in (reviewer, supplier, second, later):
        player.context.close()


def test_the_supplier_disputes_and_two_who_wrote_at_once_choose(house: House) -> None:
    plan_id = house.confirmed(Severity.HIGH)
    reviewer, supplier = (house.enter(who, size="desk", language="en") for who in ("reviewer", "supplier"))
    address = f"/plans/{plan_id}"
    reviewer.open(f"{address}/edit")
    write_paper(reviewer.page)
    reviewer.page.locator("button[value=send-signed]").click()
    supplier.open(address)
    supplier.page.locator("details:has(form[action$='/dispute']) summary").click()
    supplier.page.fill("#dispute-text", "The photograph shows another site.")
    supplier.look("plan-disputing")
    press(supplier, "dispute")
    assert state(supplier) == "Disputed"
    reviewer.open(address)
    reviewer.page.locator("input[name=outcome][value=partly]").check()
    reviewer.page.fill("#settle-answer", "The finding stands; the plan names the wrong building.")
    reviewer.look("plan-settling")
    press(reviewer, "settle")

    # Both open the paper; the supplier saves first.
    for player in (reviewer, supplier):
        player.open(f"{address}/edit")
    supplier.page.fill("#root_cause", "The dormitory had no lockers.")
    supplier.page.locator("button[value=save]").last.click()
    reviewer.page.fill("#root_cause", "There was no rule.")
    reviewer.page.fill("#responsible", "The director")
    reviewer.page.locator("button[value=save]").last.click()
    expect(reviewer.page.locator(".contested")).to_have_count(1)
    reviewer.look("plan-compare")
    reviewer.page.locator(".contested input[value=theirs]").check()
    reviewer.page.locator("main form .bottom button").click()
    expect(reviewer.page.get_by_text("The dormitory had no lockers.").first).to_be_visible()
    expect(reviewer.page.get_by_text("The director").first).to_be_visible()
    for player in (reviewer, supplier):
        player.context.close()
