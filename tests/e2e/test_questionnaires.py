"""A supplier answers on a phone, loses the line, and is asked back; a colleague answers; the audit disagrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from sqlalchemy import select

from models.base import utcnow
from models.people import OrganisationKind, Person, Role
from questionnaires import issuing
from tests.e2e.conftest import PASSWORD, Installation
from tests.e2e.playing import Player, audit, enter
from tests.factories import make_organisation, make_person, make_supplier
from webapp.passwords import hashed
from webapp.runtime import runtime

pytestmark = pytest.mark.browser

SECTIONS = {
    "company": {"activity": "textiles", "countries": "India", "workers_total": "120", "workers_women": "80",
                "workers_migrant": "30", "workers_agency": "0", "workers_young": "0"},
    "hiring": {"fees_paid": "no_asked", "documents_kept": "workers", "free_to_leave": "yes", "age_check": "yes"},
    "time_pay": {"longest_week": "66", "rest_day": "yes", "lowest_wage": ("12500", "INR"), "paid_on_time": "yes"},
    "safety": {"exits_clear": "yes", "accidents_serious": "0", "accommodation_provided": "no"},
    "voice": {"representation": "elected", "complaint_channel": "yes", "outside_work": "none"},
    "end": {"worry": "Wij maken ons zorgen over de hitte in de zomer.", "plan": "Wij nemen twaalf mensen aan.",
            "buyer_harder": "changes", "attested_by": "Arta Yilmaz", "attestation": "yes"},
}  # fmt: skip


def take_up(house: Installation) -> str:
    """A supplier with two people and an issued questionnaire; answers the path of its page."""
    secret = hashed(PASSWORD)
    with runtime(house.settings) as opened, opened.database.transaction() as session:
        lead = session.scalars(select(Person).where(Person.email == house.people["compliance"])).one()
        organisation = make_organisation(session, kind=OrganisationKind.SUPPLIER, name="Kayrak Weaving")
        supplier = make_supplier(session, buyer=lead.organisation, organisation=organisation)
        for key in ("maker", "helper"):
            person = make_person(
                session, role=Role.SUPPLIER_USER, organisation=organisation, email=f"{key}@example.org",
                password_hash=secret,
            )  # fmt: skip
            house.people[key] = person.email
        entry = issuing.publish_shipped(session, "entry", now=utcnow())
        due = (utcnow() + timedelta(days=14)).date()
        made = issuing.issue(session, entry.id, supplier.id, by=lead, now=utcnow(), due_on=due, period="2026")
        return f"/questionnaires/{made.id}"


def answer(page: Page, question: str, value: str | tuple[str, str]) -> None:
    """Fill in one answer as a person would, and leave the field."""
    block = page.locator(f"#q-{question}")
    expect(block).to_be_visible()
    first = block.locator(f"[name='a.{question}']").first
    if isinstance(value, tuple):
        block.locator(f"[name='a.{question}.amount']").fill(value[0])
        block.locator(f"[name='a.{question}.currency']").fill(value[1])
    elif first.evaluate("one => one.tagName") == "SELECT":
        first.select_option(value)
    elif first.get_attribute("type") in ("radio", "checkbox"):
        block.locator(f"[name='a.{question}'][value='{value}']").check()
    else:
        first.fill(value)
    page.keyboard.press("Tab")


def saved(page: Page, question: str) -> None:
    expect(page.locator(f"#q-{question} [data-saved]")).to_have_text("Bewaard")


@pytest.mark.timeout(600)
def test_a_supplier_answers_on_a_phone_and_the_reviewer_reads_it_beside_the_audit(
    chromium: Browser, installation: Installation
) -> None:
    path = take_up(installation)
    maker = enter(chromium, installation, "maker", size="phone", language="nl")
    page = maker.page
    maker.open("/questionnaires")
    maker.look("questionnaires")
    maker.open(path)
    maker.look("questionnaire")
    page.get_by_role("link", name="Beginnen").click()
    maker.look("section")

    fill_in_company_without_a_line(maker)
    for section in ("hiring", "time_pay", "safety", "voice", "end"):
        page.get_by_role("button", name="Bewaren en verder").click()
        page.wait_for_url(f"**/sections/{section}")
        for question, value in SECTIONS[section].items():
            answer(page, question, value)
            saved(page, question)
        maker.look(f"section-{section}")
        if section == "hiring":
            attach_the_audit(maker)

    page.get_by_role("button", name="Bewaren en verder").click()
    page.wait_for_url(f"**{path}/check")
    maker.look("check")
    page.get_by_role("button", name="Indienen bij Lindenhof Retail").click()
    expect(page.locator(".head .pill")).to_contain_text("Ingediend")
    maker.look("submitted")

    review_and_ask_back(chromium, installation, path)
    let_a_colleague_answer(chromium, installation, path)
    the_contradiction_waits_in_the_queue(chromium, installation, path)
    maker.context.close()


def fill_in_company_without_a_line(maker: Player) -> None:
    """Three answers reach the server, the others wait on the phone until the line is back."""
    page = maker.page
    answers = list(SECTIONS["company"].items())
    for question, value in answers[:3]:
        answer(page, question, value)
        saved(page, question)
    maker.context.set_offline(True)
    for question, value in answers[3:]:
        answer(page, question, value)
    expect(page.locator("[data-offline-words]")).to_contain_text("4 antwoorden")
    page.get_by_role("button", name="Bewaren en verder").click()
    expect(page.locator("[data-offline-words]")).to_contain_text("Blijf op deze pagina")
    maker.context.set_offline(False)
    for question, _ in answers[3:]:
        saved(page, question)
    expect(page.locator("[data-progress]")).to_have_text("7 van 25 beantwoord")
    expect(page.locator("[data-offline]")).to_be_hidden()
    maker.complaints.clear()  # The browser names each request that found no line.
    page.reload()
    expect(page.locator("[name='a.workers_women']")).to_have_value("80")


def attach_the_audit(maker: Player) -> None:
    """The audit says that passports are kept in a safe; the answer said that the workers keep them."""
    page = maker.page
    block = page.locator("#q-documents_kept")
    block.locator("summary").click()
    payload = FilePayload(name="audit-kayrak.pdf", mimeType="application/pdf", buffer=audit("Kayrak"))
    block.locator("input[type=file]").set_input_files(payload)
    block.get_by_role("button", name="Bijvoegen").click()
    expect(page.locator("#q-documents_kept .papers")).to_contain_text("audit-kayrak.pdf")
    maker.look("evidence")


def review_and_ask_back(chromium: Browser, installation: Installation, path: str) -> None:
    reviewer = enter(chromium, installation, "reviewer", size="desk", language="en")
    desk = reviewer.page
    reviewer.open("/questionnaires")
    reviewer.look("to-read")
    reviewer.open(path)
    desk.get_by_role("button", name="Begin the review").click()
    row = desk.locator("#q-longest_week")
    expect(row).to_contain_text("66 hours")
    row.get_by_role("button", name="Clear").click()
    expect(row.locator(".pill.good")).to_contain_text("Clear")
    row = desk.locator("#q-lowest_wage")
    row.locator("summary", has_text="Ask back").click()
    row.locator("textarea").fill("Is this with or without the food allowance?")
    row.get_by_role("button", name="Ask back").click()
    reviewer.look("review")
    desk.get_by_role("button", name="Send back").click()
    expect(desk.locator(".head .pill")).to_contain_text("Asked back")
    reviewer.context.close()


def let_a_colleague_answer(chromium: Browser, installation: Installation, path: str) -> None:
    helper = enter(chromium, installation, "helper", size="phone", language="nl")
    page = helper.page
    helper.open(path)
    helper.look("asked-back")
    held: list[Route] = []
    page.route("**/answers*.js*", lambda route: held.append(route))
    page.locator(".note.warn a").first.click()
    expect(page.locator("#q-lowest_wage")).to_contain_text("food allowance")
    answer(page, "lowest_wage", ("11800", "INR"))
    assert held, "the line was not slow"
    for script in held:  # It comes late, and saves what was typed before it was there.
        script.continue_()
    saved(page, "lowest_wage")
    helper.open(f"{path}/questions/lowest_wage/history")
    expect(page.locator(".row")).to_have_count(2)
    helper.look("history")
    helper.open(f"{path}/check")
    page.get_by_role("button", name="Indienen bij").click()
    expect(page.locator(".head .pill")).to_contain_text("Ingediend")
    helper.context.close()


def the_contradiction_waits_in_the_queue(chromium: Browser, installation: Installation, path: str) -> None:
    """The audit speaks of locked exits, fees and a safe full of passports; at least one answer says otherwise."""
    reviewer = enter(chromium, installation, "reviewer", size="desk", language="en")
    desk = reviewer.page
    contradicted = desk.locator(".answer-row .note.bad").filter(has_text="audit-kayrak.pdf")
    for _ in range(60):
        reviewer.open(path)
        if contradicted.count():
            break
        desk.wait_for_timeout(1000)
    reviewer.look("contradiction")
    contradicted.first.get_by_role("link", name="Decide about it at the desk").click()
    expect(desk.locator(".case")).to_contain_text("But the supplier answers:")
    reviewer.look("contradiction-at-the-desk")
    reviewer.open("/queue")
    expect(desk.locator(".rows")).to_contain_text("An answer to a questionnaire")
    reviewer.context.close()
