"""From a supplier's upload to an answered plan: through the real worker, at the desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.e2e.conftest import Installation
from tests.e2e.playing import audit, enter

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "send": "Send", "read": "Read in full", "locked": "Not readable", "confirmed": "Confirmed.",
        "draft": "Draft", "with": "With the supplier", "agree": "Agree to this plan", "agreed": "Agreed",
        "evidence": "Submit for verification", "verify": "Evidence to verify", "close": "Close the plan",
        "closed": "Closed", "critical": "second person",
    },
    "nl": {
        "send": "Versturen", "read": "Volledig gelezen", "locked": "Onleesbaar",
        "confirmed": "Bevestigd.", "draft": "Concept", "with": "Bij de leverancier", "agree": "Akkoord met dit plan",
        "agreed": "Akkoord", "evidence": "Ter controle indienen", "verify": "Bewijs te controleren",
        "close": "Plan sluiten", "closed": "Gesloten", "critical": "tweede persoon",
    },
}  # fmt: skip


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "nl")])
def test_a_document_becomes_a_finding_becomes_a_plan_becomes_an_answer(
    chromium: Browser, installation: Installation, size: str, language: str
) -> None:
    words = WORDS[language]

    # The supplier sends two files; one is not what its name says it is, and one is broken.
    supplier = enter(chromium, installation, size, size=size, language=language)
    page = supplier.page
    supplier.look("supplier-home")
    supplier.open("/upload")
    supplier.look("upload")
    files = {
        f"audit-{size}.pdf": audit(f"Site {size}"),
        "broken.pdf": b"%PDF-1.7 and nothing else " + size.encode(),
        "notes.pdf": b"no document at all",
    }
    page.set_input_files("#file", [FilePayload(name=n, mimeType="application/pdf", buffer=b) for n, b in files.items()])
    page.get_by_role("button", name=words["send"], exact=True).click()
    rows = page.locator("[data-sent] li")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=f"audit-{size}.pdf")).to_contain_text(words["read"], timeout=60_000)
    expect(rows.filter(has_text="broken.pdf")).to_contain_text(words["locked"], timeout=60_000)
    expect(rows.filter(has_text="notes.pdf").locator(".bad")).to_be_visible()
    supplier.complaints = [one for one in supplier.complaints if "422" not in one]  # The refusal of the third file.
    supplier.look("uploaded")

    # The reviewer finds it on top of the queue, sees the passage on its page and decides by one key.
    reviewer = enter(chromium, installation, "reviewer", size=size, language=language)
    desk = reviewer.page
    reviewer.look("reviewer-home")
    reviewer.open("/queue")
    option = desk.locator("#supplier option").filter(has_text="Meridan" if size == "desk" else "Suriya")
    reviewer.open(f"/queue/start?supplier={option.get_attribute('value')}")
    quote = desk.locator("blockquote").inner_text()
    expect(desk.locator(".paper img")).to_be_visible(timeout=60_000)
    expect(desk.locator(".paper [data-box]").first).to_be_visible()
    reviewer.look("finding")
    if size == "phone":
        desk.locator("form[data-key=c] button").click()
    else:
        desk.keyboard.press("c")
    expect(desk.locator("[data-toast]")).to_contain_text(words["confirmed"])
    expect(desk.locator("blockquote")).not_to_have_text(quote)
    desk.locator("[data-toast] a").click()

    # The plan is written and sent; the supplier sees the very words that were found, and agrees.
    expect(desk.locator(".head .pill", has_text=words["draft"])).to_be_visible()
    desk.fill("#write-action", "Give every passport back to its owner, with a witness chosen by the workers.")
    desk.fill("#write-responsible", "Head of personnel")
    reviewer.look("plan-draft")
    desk.locator("button[formaction]").click()
    expect(desk.locator(".head .pill", has_text=words["with"])).to_be_visible()
    address = re.sub(r"^https?://[^/]+", "", desk.url)
    supplier.open("/plans")
    supplier.look("plans")
    page.locator(".row .title").first.click()
    assert address in page.url
    expect(page.locator("blockquote")).to_have_text(quote)
    page.locator(".card details summary").first.click()
    expect(page.locator(".paper img")).to_be_visible()
    supplier.look("plan-to-answer")
    page.fill("#agree-responsible", "Arta Yilmaz, personnel")
    page.get_by_role("button", name=words["agree"]).click()
    expect(page.locator(".head .pill", has_text=words["agreed"])).to_be_visible()
    page.fill("#evidence-text", "All 14 passports were handed over on Monday; the list with signatures is attached.")
    page.get_by_role("button", name=words["evidence"]).click()
    expect(page.locator(".head .pill", has_text=words["verify"])).to_be_visible()
    supplier.look("plan-answered")

    # Whoever opened a critical plan cannot close it; a second person can.
    desk.reload()
    if words["critical"] in desk.locator("main").inner_text():
        second = enter(chromium, installation, "second", size=size, language=language)
        second.open(address)
        second.page.fill("#close-reason", "The signed list was compared with the list of workers.")
        second.page.get_by_role("button", name=words["close"]).click()
        expect(second.page.locator(".head .pill", has_text=words["closed"])).to_be_visible()
        second.look("plan-closed")
        second.context.close()
    else:
        desk.fill("#close-reason", "The signed list was compared with the list of workers.")
        desk.get_by_role("button", name=words["close"]).click()
        expect(desk.locator(".head .pill", has_text=words["closed"])).to_be_visible()
    for player in (supplier, reviewer):
        player.context.close()


def test_compliance_and_administration_find_their_pages_in_order(chromium: Browser, installation: Installation) -> None:
    for size, language in (("desk", "en"), ("phone", "nl")):
        lead = enter(chromium, installation, "compliance", size=size, language=language)
        for path in ("", "documents", "compliance", "compliance/findings", "plans", "upload", "account"):
            lead.open(f"/{path}")
            lead.look(f"compliance-{path.replace('/', '-') or 'home'}")
        lead.open("/documents")
        lead.page.locator(".row .title").first.click()
        lead.look("document")
        with lead.page.expect_download() as saved:
            lead.page.locator("main a[href$='/file']").click()
        assert saved.value.suggested_filename.endswith(".pdf")
        lead.context.close()
        admin = enter(chromium, installation, "admin", size=size, language=language)
        for path in ("people", "journal"):
            admin.open(f"/{path}")
            admin.look(f"admin-{path}")
        admin.context.close()
