"""The review desk by keyboard alone: decide, skip, go back, undo, look up the keys, and switch them off."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from models.documents import DocumentState
from models.findings import Finding, Severity
from models.people import OrganisationKind, Person
from tests.e2e.conftest import Installation
from tests.e2e.playing import Player, audit, enter
from tests.factories import make_document, make_finding, make_organisation, make_supplier
from webapp.runtime import runtime

pytestmark = pytest.mark.browser

FINDINGS = 60
SLOWEST = 3000
"""Milliseconds from key to next finding that a test on a busy machine may take; `bench` measures it in quiet."""


@pytest.fixture
def player(chromium: Browser, installation: Installation) -> Iterator[Player]:
    """A reviewer before a queue of sixty findings of a supplier of its own."""
    with runtime(installation.settings) as opened, opened.database.transaction() as session:
        reviewer = session.query(Person).filter_by(email=installation.people["reviewer"]).one()
        organisation = make_organisation(session, kind=OrganisationKind.SUPPLIER)
        supplier = make_supplier(session, buyer=reviewer.organisation, organisation=organisation)
        document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
        document.sha256 = opened.vault.put(io.BytesIO(audit(organisation.name)), limit=10**6).sha256
        for number in range(FINDINGS):
            make_finding(
                session, document=document, severity=Severity.LOW, score=0.8,
                quote=f"Passport {number} was kept in the safe.",
            )  # fmt: skip
        supplier_id = supplier.id
    found = enter(chromium, installation, "reviewer", size="desk", language="en")
    found.open(f"/queue/start?supplier={supplier_id}")
    expect(found.page.locator("blockquote")).to_have_text("Passport 0 was kept in the safe.")
    yield found
    found.context.close()


def shows(player: Player, number: int) -> None:
    expect(player.page.locator("blockquote")).to_have_text(f"Passport {number} was kept in the safe.")


def press(player: Player, *keys: str) -> None:
    for key in keys:
        player.page.keyboard.press(key)


def verdicts(installation: Installation, quote: str) -> tuple[object, object]:
    """What is recorded of the newest finding with these words."""
    with runtime(installation.settings) as opened, opened.database.reading() as session:
        found = (
            session.query(Finding).filter_by(quote=quote).order_by(Finding.raised_at.desc(), Finding.id.desc()).first()
        )
        assert found is not None
        return found.verdict, found.reject_reason


def test_one_key_decides_and_shows_the_next(player: Player, installation: Installation) -> None:
    press(player, "c")
    shows(player, 1)
    expect(player.page.locator("[data-toast]")).to_contain_text("Confirmed.")
    press(player, "r", "2")
    shows(player, 2)
    assert verdicts(installation, "Passport 0 was kept in the safe.") == ("confirmed", None)
    assert verdicts(installation, "Passport 1 was kept in the safe.") == ("rejected", "policy")
    expect(player.page.locator(".desk-top")).to_contain_text(f"{FINDINGS - 2} wait")
    player.look("desk-after-keys")


def test_skip_back_and_undo(player: Player, installation: Installation) -> None:
    press(player, "s")
    shows(player, 1)
    press(player, "j")
    shows(player, 2)
    press(player, "k")
    shows(player, 1)
    press(player, "c")
    shows(player, 2)
    press(player, "u")
    shows(player, 1)
    expect(player.page.locator("[data-toast]")).to_contain_text("taken back")
    assert verdicts(installation, "Passport 1 was kept in the safe.") == (None, None)


def test_another_reason_asks_for_words_first(player: Player, installation: Installation) -> None:
    press(player, "r", "9")
    expect(player.page.locator("#remark")).to_be_focused()
    player.page.keyboard.type("c: the safe belongs to the workers")
    shows(player, 0)
    player.page.get_by_role("button", name="Reject with these words").click()
    shows(player, 1)
    assert verdicts(installation, "Passport 0 was kept in the safe.") == ("rejected", "other")


def test_the_keys_are_shown_and_can_be_switched_off(player: Player, installation: Installation) -> None:
    press(player, "?")
    dialog = player.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    player.look("desk-keys")
    dialog.get_by_label("Use single keys in this browser").uncheck()
    press(player, "Escape")
    expect(dialog).to_be_hidden()
    press(player, "c")
    player.page.wait_for_timeout(300)
    shows(player, 0)
    assert verdicts(installation, "Passport 0 was kept in the safe.") == (None, None)


def test_the_next_finding_is_there_at_once(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    times = []
    for number in range(50):
        player.page.wait_for_load_state("networkidle")
        times.append(
            player.page.evaluate(
                """async (next) => {
                    const began = performance.now();
                    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true }));
                    while (!document.querySelector("blockquote").textContent.startsWith(next))
                        await new Promise((done) => setTimeout(done, 1));
                    return performance.now() - began;
                }""",
                f"Passport {number + 1} ",
            )
        )
    with capsys.disabled():
        print(f"\nKey to next finding: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms ", end="")
    assert max(times) < SLOWEST


def test_a_finding_is_escalated_corrected_and_asked_about_by_key(player: Player, installation: Installation) -> None:
    press(player, "e")
    shows(player, 1)
    press(player, "d")
    player.page.locator("#new-severity").select_option("high")
    player.page.get_by_role("button", name="Correct it").click()
    expect(player.page.locator(".case .pill").first).to_have_text("High")
    press(player, "a")
    player.page.keyboard.type("Who keeps the key?")
    player.page.get_by_role("button", name="Send the question").click()
    shows(player, 2)
    expect(player.page.locator(".desk-top")).to_contain_text(f"{FINDINGS - 2} wait")


def test_without_a_script_plain_forms_do_the_same(chromium: Browser, player: Player) -> None:
    state = player.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(player.page.url)
    page.locator("form[data-key=c] button").click()
    expect(page.get_by_role("status").first).to_contain_text("Confirmed. A draft plan was opened.")
    expect(page.locator("blockquote")).to_have_text("Passport 1 was kept in the safe.")
    page.locator("details.reject summary").click()
    page.locator("[data-digit='1']").click()
    expect(page.locator("blockquote")).to_have_text("Passport 2 was kept in the safe.")
    page.get_by_role("button", name="Undo the last decision").click()
    expect(page.locator("blockquote")).to_have_text("Passport 1 was kept in the safe.")
    context.close()
