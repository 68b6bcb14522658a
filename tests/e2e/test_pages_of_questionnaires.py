"""Campaigns, the offline pages and the library in a browser; and words on a device, told of and gone at log-out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, expect
from sqlalchemy import select

from models.base import utcnow
from models.people import Person
from models.supplychain import Supplier
from questionnaires import issuing
from tests.e2e.conftest import Installation
from tests.e2e.playing import enter
from webapp.runtime import runtime

pytestmark = pytest.mark.browser

BROKEN = b"""id: mine
version: "1"
title: Mine
sections:
  - id: one
    title: One
    questions:
      - {id: keeps, kind: yes_no, label: Who keeps the passports?, relevant: "nobody = 'yes'"}
"""


def laid(house: Installation) -> str:
    """The entry set before the supplier with the phone; answers the path of its page."""
    with runtime(house.settings) as opened, opened.database.transaction() as session:
        lead = session.scalars(select(Person).where(Person.email == house.people["compliance"])).one()
        sender = session.scalars(select(Person).where(Person.email == house.people["phone"])).one()
        own = select(Supplier).where(Supplier.organisation_id == sender.organisation_id)
        entry = issuing.publish_shipped(session, "entry", now=utcnow())
        due = (utcnow() + timedelta(days=14)).date()
        made = issuing.issue(session, entry.id, session.scalars(own).one().id, by=lead, now=utcnow(), due_on=due)
        return f"/questionnaires/{made.id}"


@pytest.mark.timeout(300)
def test_words_on_a_device_are_told_of_and_gone_after_log_out(chromium: Browser, installation: Installation) -> None:
    path = laid(installation)
    supplier = enter(chromium, installation, "phone", size="phone", language="nl")
    page = supplier.page
    supplier.open(f"{path}/sections/company")
    page.evaluate("localStorage.setItem('salient.answers.somebody.old', JSON.stringify([{question: 'x', at: 1}]))")
    page.reload()
    assert page.evaluate("localStorage.getItem('salient.answers.somebody.old')") is None
    supplier.context.set_offline(True)
    page.fill("#q-countries [name='a.countries']", "India")
    page.keyboard.press("Tab")
    expect(page.locator("[data-offline-words]")).to_contain_text("1 antwoorden")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page.locator("[data-log-out-words]")).to_contain_text("nooit verstuurd zijn: 1.")
    supplier.complaints.clear()  # The browser names each request that found no line.
    supplier.look("log-out-with-words")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    with page.expect_event("requestfailed", lambda asked: asked.url.endswith("/log-out")):
        page.get_by_role("button", name="Uitloggen en ze verwijderen").click()
    supplier.context.set_offline(False)
    supplier.open("/")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    supplier.context.close()


@pytest.mark.timeout(300)
def test_pages_of_campaigns_library_and_taking_along_have_nothing_for_axe(
    chromium: Browser, installation: Installation
) -> None:
    path = laid(installation)
    lead = enter(chromium, installation, "compliance", size="desk", language="en")
    desk = lead.page
    lead.open("/campaigns/new")
    lead.look("campaign-new")
    desk.fill("#name", "Spring")
    desk.fill("#due_on", (utcnow() + timedelta(days=30)).date().isoformat())
    desk.get_by_role("button", name="Start and send the letters").click()
    desk.wait_for_url("**/campaigns/*-*")
    lead.look("campaign")
    for address, name in (("/campaigns", "campaigns"), ("/campaigns/letters", "letters")):
        lead.open(address)
        lead.look(name)
    lead.open("/questionnaires/library")
    lead.look("library")
    desk.set_input_files("#file", FilePayload(name="mine.yaml", mimeType="text/yaml", buffer=BROKEN))
    desk.get_by_role("button", name="Check it").click()
    expect(desk.locator("main")).to_contain_text("line 8")
    lead.look("library-broken")
    desk.fill("#definition", BROKEN.decode().replace(""", relevant: "nobody = 'yes'\"""", ""))
    desk.get_by_role("button", name="Check again").click()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator("h1")).to_have_text("Mine")
    lead.look("library-published")
    lead.context.close()

    supplier = enter(chromium, installation, "phone", size="phone", language="nl")
    phone = supplier.page
    for ending in ("offline", "download/print", "found"):
        supplier.open(f"{path}/{ending}")
        supplier.look(ending.replace("/", "-"))
    supplier.open(f"{path}/offline")
    phone.set_input_files("#file", FilePayload(name="a.xlsx", mimeType="application/zip", buffer=b"PK\x03\x04 broken"))
    phone.get_by_role("button", name="De antwoorden inlezen").click()
    expect(phone.locator(".note.bad")).to_be_visible()
    supplier.complaints.clear()  # The browser names the refusal (422).
    supplier.look("offline-refused")
    supplier.context.close()
