"""From a supplier's upload to an answered plan: through the real worker, at the desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.e2e.conftest import Installation
from tests.e2e.playing import audit, enter, write_paper

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "send": "Send", "read": "Read in full", "locked": "Not readable", "confirmed": "Confirmed.",
        "draft": "Draft", "with": "With the supplier", "agreed": "Agreed", "verify": "Evidence to verify",
        "closed": "Closed", "on_page": "See it on the page",
    },
    "nl": {
        "send": "Versturen", "read": "Volledig gelezen", "locked": "Onleesbaar",
        "confirmed": "Bevestigd.", "draft": "Concept", "with": "Bij de leverancier", "agreed": "Akkoord",
        "verify": "Bewijs te controleren", "closed": "Gesloten", "on_page": "Bekijk het op de pagina",
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
        "notes.pdf": b"",
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
    reviewer.open("/queue?narrow=1")
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

    # The plan is written, signed and sent; the supplier sees the very words that were found, and signs too.
    expect(desk.locator(".head .pill", has_text=words["draft"])).to_be_visible()
    reviewer.look("plan-draft")
    address = re.sub(r"^https?://[^/]+", "", desk.url)
    reviewer.open(f"{address}/edit")
    write_paper(desk)
    reviewer.look("plan-edit")
    desk.locator("button[value=send-signed]").click()
    expect(desk.locator(".head .pill", has_text=words["with"])).to_be_visible()
    supplier.open("/plans")
    supplier.look("plans")
    page.locator(".row .title").first.click()
    assert address in page.url
    expect(page.locator("blockquote").first).to_have_text(quote)
    page.locator(".card details summary", has_text=words["on_page"]).first.click()
    expect(page.locator(".paper img")).to_be_visible()
    supplier.look("plan-to-answer")
    page.locator("form[action$='/sign'] button").click()
    expect(page.locator(".head .pill", has_text=words["agreed"])).to_be_visible()
    page.locator("form[action$='/begin'] button").click()
    page.fill("#submit-text", "All 14 passports were handed over on Monday; the list with signatures is attached.")
    page.locator("form[action$='/submit'] button").click()
    expect(page.locator(".head .pill", has_text=words["verify"])).to_be_visible()
    supplier.look("plan-answered")

    # Somebody else verifies it; whoever opened a critical plan cannot close it.
    second = enter(chromium, installation, "second", size=size, language=language)
    second.open(address)
    second.page.locator("input[name=how][value=papers]").check()
    second.page.locator("form[action$='/take-up'] button").click()
    remedy = second.page.locator("form[action$='/decide-remedy']")
    expect(remedy.or_(second.page.locator("#close-reason")).first).to_be_visible()
    if remedy.count():
        second.page.locator("input[name=needed][value=no]").check()
        remedy.locator("textarea").fill("Nobody lost money or work by it.")
        remedy.locator("button").click()
    second.page.fill("#close-reason", "The signed list was compared with the list of workers.")
    second.look("plan-verifying")
    second.page.locator("form[action$='/close'] button").click()
    expect(second.page.locator(".head .pill", has_text=words["closed"])).to_be_visible()
    second.look("plan-closed")
    second.context.close()
    for player in (supplier, reviewer):
        player.context.close()


def test_compliance_and_administration_find_their_pages_in_order(chromium: Browser, installation: Installation) -> None:
    for size, language in (("desk", "en"), ("phone", "nl")):
        name, data = f"order-{size}.pdf", audit(f"Order {size}")
        supplier = enter(chromium, installation, size, size=size, language=language)
        supplier.open("/upload")
        supplier.page.set_input_files("#file", [FilePayload(name=name, mimeType="application/pdf", buffer=data)])
        supplier.page.get_by_role("button", name=WORDS[language]["send"], exact=True).click()
        expect(supplier.page.locator("[data-sent] li")).to_contain_text(WORDS[language]["read"], timeout=60_000)
        supplier.context.close()
        lead = enter(chromium, installation, "compliance", size=size, language=language)
        for path in ("", "documents", "compliance", "compliance/findings", "plans", "upload", "account"):
            lead.open(f"/{path}")
            lead.look(f"compliance-{path.replace('/', '-') or 'home'}")
        lead.open("/documents")
        lead.page.locator(".row .title", has_text=name).click()
        lead.look("document")
        with lead.page.expect_download() as saved:
            lead.page.locator("main a[href$='/file']").click()
        assert saved.value.suggested_filename == name
        assert saved.value.path().read_bytes() == data
        lead.context.close()
        admin = enter(chromium, installation, "admin", size=size, language=language)
        for path in ("people", "journal"):
            admin.open(f"/{path}")
            admin.look(f"admin-{path}")
        admin.context.close()
