"""A company with thousands of suppliers can choose any of them, on every page with a list of suppliers."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, insert, select

from models.campaigns import Invitation
from models.db import Database
from models.imports import EntryState, ImportEntry
from models.operations import naming, scope
from models.operations.mapping import Names
from models.people import Organisation, OrganisationKind
from models.submissions import Submission
from models.supplychain import Supplier
from models.trainings import Training
from questionnaires import issuing
from tests.factories import NOON, TODAY, make_supplier
from tests.questionnaires.campaign_house import DUTCH, SMALL
from tests.webapp.conftest import World
from tests.webapp.plan_desk import Enter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANY = 1_200
LAST = "Zürich Żeglarska Łódź Mills"
"""The last by name: a list that is cut never shows it by itself."""

PAGES = {
    "/documents": "compliance", "/queue": "reviewer", "/compliance/findings": "compliance", "/plans": "reviewer",
    "/plans/figures": "reviewer", "/trainings": "reviewer", "/trainings/new": "reviewer", "/upload": "compliance",
    "/compliance/quality": "compliance", "/imports/new": "compliance", "/questionnaires/new": "compliance",
    "/campaigns/new": "compliance", "/imports/{import}/held": "compliance",
}  # fmt: skip
DUE = TODAY.replace(month=6).isoformat()


def add_suppliers(database: Database, world: World, names: list[str]) -> list[uuid.UUID]:
    """Suppliers of the own buyer, and a questionnaire to lay before them. Their keys."""
    companies = [
        {"id": uuid.uuid4(), "kind": OrganisationKind.SUPPLIER, "name": name, "created_at": NOON} for name in names
    ]
    buyer = world.own.supplier.buyer_id
    rows = [
        {"id": uuid.uuid4(), "buyer_id": buyer, "organisation_id": company["id"], "created_at": NOON}
        for company in companies
    ]
    with database.transaction() as session:
        session.execute(insert(Organisation), companies)
        session.execute(insert(Supplier), rows)
        issuing.publish(session, SMALL, DUTCH, by=world.own.compliance, now=NOON)
        session.add(
            ImportEntry(
                import_id=world.own.import_id, number=1, path="a.pdf", size=1, state=EntryState.HELD,
                reason="name_unknown", path_hash="a" * 64, sha256="a" * 64, guess_name="Somebody",
            )
        )  # fmt: skip
    return [row["id"] for row in rows]  # type: ignore[misc]


def shown(page: str) -> list[str]:
    """The keys that the list of suppliers on the page offers."""
    lists = re.findall(r'<select id="supplier".*?</select>', page, re.S)
    if not lists:
        return re.findall(r'name="supplier" value="([0-9a-f-]{36})"', page)
    return re.findall(r'option value="([0-9a-f-]{36})"', lists[0])


def ticked(page: str) -> list[str]:
    return re.findall(r'name="supplier" value="([0-9a-f-]{36})" checked', page)


def test_every_list_that_is_cut_says_so_and_its_search_finds_the_others(
    world: World, enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "SHOWN", 3)
    last = str(add_suppliers(database, world, ["Abel", "Brandt", "Carl", LAST])[-1])
    for path, role in PAGES.items():
        who, address = enter(getattr(world.own, role)), path.format(**{"import": world.own.import_id})
        page = who.get(address, query_string={"narrow": "1"}).text
        assert "The list shows the first 3 of 6 names. Search for the others." in page, address
        assert (len(shown(page)), last in shown(page)) == (3 + (path == "/trainings/new"), False), address
        found = who.get(address, query_string={"supplier_name": "zeglarska LODZ"}).text
        assert "1 of 6 names contains this: choose it from the list." in found, address
        assert last in shown(found), address


def test_of_more_than_a_thousand_each_is_found_and_no_other_is_left_out(
    world: World, enter: Enter, database: Database
) -> None:
    last = str(add_suppliers(database, world, [f"Mill {number:04}" for number in range(MANY)] + [LAST])[-1])
    who = enter(world.own.reviewer)
    page = who.get("/plans").text
    assert "The list shows the first 200 of 1,203 names. Search for the others." in page
    assert (len(shown(page)), last in shown(page)) == (200, False)
    assert last in shown(who.get("/plans?supplier_name=zurich").text)
    assert "None of the 1,203 names contains this" in who.get("/plans?supplier_name=no+such").text
    assert "1,201 names contain this, and the list shows the first 200" in who.get("/plans?supplier_name=mill").text
    assert last in shown(who.get(f"/plans?supplier={last}").text), "what was chosen stays in the list"
    who.post("/language", {"language": "nl", "next": "/plans"})
    dutch = who.get("/plans").text
    assert "De lijst toont de eerste 200 van 1.203 namen. Zoek naar de andere." in dutch
    with database.reading() as session:  # An imported file of the last of them is recognised as its own.
        found = Names.of(scope.suppliers(session, by=world.own.compliance)).named(LAST)
        assert str(found and found.id) == last


def test_a_short_list_has_no_search(world: World, enter: Enter) -> None:
    page = enter(world.own.reviewer).get("/plans?supplier_name=nothing+like+it").text
    assert len(shown(page)) == 2
    assert 'id="supplier_name"' not in page


def test_ticks_are_kept_from_search_to_search_and_all_can_be_meant(
    world: World, enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "SHOWN", 3)
    one, two, *_rest = (str(key) for key in add_suppliers(database, world, ["Abel", "Brandt", "Carl", LAST]))
    lead = enter(world.own.compliance)
    with database.reading() as session:
        questionnaire = session.scalars(select(Submission.questionnaire_id)).first()
    for address, table in (("/questionnaires/new", Submission), ("/campaigns/new", Invitation)):
        form = {"questionnaire": questionnaire, "name": "Spring", "due_on": DUE, "language": "en", "period": "2031"}
        searched = form | {"supplier": one, "find": "supplier", "supplier_name": "brandt"}
        before = count(database, table)
        page = lead.post(address, searched)
        assert (page.status_code, count(database, table)) == (200, before), "a search sends nothing"
        assert (ticked(page.text), shown(page.text)) == ([one], [one, two])
        assert 'value="2031"' in page.text, "nothing that was typed is lost"
        assert lead.post(address, form | {"supplier": [one, two]}).status_code == 303
        assert count(database, table) == before + 2
        assert lead.post(address, form | {"every": "1", "period": "2032"}).status_code == 303
        assert count(database, table) == before + 2 + 6
    page = lead.get("/campaigns/new").text
    assert 'name="every" value="1">' in page
    assert ticked(page) == [], "nobody writes to thousands without having said so"


def test_the_form_of_a_training_looks_for_a_supplier_and_keeps_what_was_typed(
    world: World, enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "SHOWN", 1)
    last = str(add_suppliers(database, world, ["Abel", LAST])[-1])
    before, who = count(database, Training), enter(world.own.reviewer)
    form = {"supplier": world.own.supplier.id, "audience": "Night shift", "find": "supplier", "supplier_name": "zurich"}
    page = who.post("/trainings/new", form)
    assert (page.status_code, count(database, Training)) == (200, before)
    assert 'value="Night shift"' in page.text
    assert last in shown(page.text)


def test_a_supplier_with_many_customers_finds_each(
    world: World, enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "SHOWN", 1)
    with database.transaction() as session:
        company = session.get_one(Organisation, world.own.sender.organisation_id)
        buyer = Organisation(kind=OrganisationKind.BUYER, name=LAST, created_at=NOON)
        session.add(buyer)
        made = make_supplier(session, buyer=buyer, organisation=company).id
    page = enter(world.own.sender).get("/upload?supplier_name=zurich").text
    assert shown(page) == [str(made)]
    assert "1 of 2 names contains this" in page


def count(database: Database, table: type[Submission] | type[Invitation] | type[Training]) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)
