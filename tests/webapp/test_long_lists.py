"""Lists of people, questionnaires and customers: one that is cut says so, and whoever is not shown is found by name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from models.db import Database
from models.operations import accounts, naming
from models.people import Organisation, OrganisationKind, Person, Role
from models.plans import Plan
from models.submissions import Assignment
from models.supplychain import Supplier
from questionnaires import issuing
from tests.factories import NOON, make_person
from tests.questionnaires.campaign_house import DUTCH, SMALL
from tests.webapp.conftest import World
from tests.webapp.plan_desk import Enter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAST = "Żaneta Łodzka"
"""The last by name: a list that is cut never shows her by itself."""
CUT = "The list shows the first 3 of "


@pytest.fixture(autouse=True)
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "SHOWN", 3)


def add_people(database: Database, organisation_id: object, role: Role) -> Person:
    """Four people of an organisation, of whom the last by name is answered."""
    with database.transaction() as session:
        organisation = session.get_one(Organisation, organisation_id)
        for name in ("Abel", "Brandt", "Carl", LAST):
            person = make_person(session, role=role, organisation=organisation)
            person.name = name
        return person


def test_people_beyond_the_first_page_are_turned_to_and_found_by_name_or_address(
    world: World, enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(database, world.own.admin.organisation_id, Role.REVIEWER)
    with database.reading() as session:
        first = accounts.people(session, by=world.own.admin, limit=3)
        rest = accounts.people(session, by=world.own.admin, after=first.listed.rows[-1].id, limit=50)
        everybody = accounts.people(session, by=world.own.admin)
        assert first.listed.more
        assert (*first.listed.rows, *rest.listed.rows) == everybody.listed.rows
        assert first.total == len(everybody.listed.rows)
        assert accounts.people(session, by=world.own.admin, words=world.own.reviewer.email).fitting == 1
    page = enter(world.own.admin).get("/people?find=zaneta+LODZKA").text
    assert f"1 of {first.total} people" in page
    assert re.findall(r'scope="row"><strong>([^<]+)', page) == [LAST]


def test_a_colleague_who_is_not_in_the_list_is_found_and_answers_for_the_plan(
    world: World, enter: Enter, database: Database
) -> None:
    last = add_people(database, world.own.admin.organisation_id, Role.REVIEWER)
    visitor, address = enter(world.own.reviewer), f"/plans/{world.own.plan.id}"
    page = visitor.get(address).text
    assert CUT in page
    assert str(last.id) not in page
    assert f'value="{last.id}"' in visitor.get(f"{address}?person_name=lodzka").text
    assert visitor.post(f"{address}/assign", {"person": last.id}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Plan, world.own.plan.id).accountable_id == last.id
    assert f'value="{last.id}" selected' in visitor.get(address).text, "whoever was chosen stands in the list"


def test_a_token_is_made_for_somebody_who_is_found_by_name(world: World, enter: Enter, database: Database) -> None:
    last = add_people(database, world.own.admin.organisation_id, Role.REVIEWER)
    admin = enter(world.own.admin)
    assert CUT in admin.get("/api-tokens").text
    form = {"name": "Exporter", "reach": "read", "days": "9", "person_name": "lodzka"}
    found = admin.post("/api-tokens", form | {"find": "person"}).text
    assert f'value="{last.id}"' in found
    assert 'value="Exporter"' in found, "what was typed is kept"
    assert "It is shown once" in admin.post("/api-tokens", form | {"person": last.id}).text


def test_a_section_goes_to_a_colleague_who_is_found_by_name_and_then_stays_in_the_list(
    world: World, enter: Enter, database: Database
) -> None:
    last = add_people(database, world.own.sender.organisation_id, Role.SUPPLIER_USER)
    visitor, address = enter(world.own.sender), f"/questionnaires/{world.own.submission.id}"
    page = visitor.get(address).text
    assert CUT in page
    assert str(last.id) not in page
    assert f'value="{last.id}"' in visitor.get(f"{address}?person_name=lodzka").text
    assert visitor.post(f"{address}/sections/company/people", {"person": last.id}).status_code == 303
    assert f'value="{last.id}" checked' in visitor.get(address).text
    with database.reading() as session:
        assert session.scalars(select(Assignment.person_id)).all() == [last.id]


def test_an_older_questionnaire_is_found_by_its_title_and_laid_before_a_supplier(
    world: World, enter: Enter, database: Database
) -> None:
    with database.transaction() as session:
        old = issuing.publish(session, SMALL, DUTCH, by=world.own.compliance, now=NOON.replace(year=2020)).id
        for number in range(4):
            source = SMALL.replace("id: small", f"id: newer{number}").replace("A few questions", f"Newer {number}")
            issuing.publish(session, source, {}, by=world.own.compliance, now=NOON)
    lead = enter(world.own.compliance)
    for address in ("/questionnaires/new", "/campaigns/new", "/questionnaires/library"):
        page = lead.get(address).text
        assert CUT in page, address
        assert str(old) not in page, address
    form = {"find": "questionnaire", "questionnaire_name": "few"}
    for address in ("/questionnaires/new", "/campaigns/new"):
        assert f'value="{old}"' in lead.post(address, form).text
    assert str(old) in lead.get("/questionnaires/library?questionnaire_name=few").text
    sent = lead.post("/questionnaires/new", {"questionnaire": old, "supplier": world.own.supplier.id})
    assert sent.status_code == 303


def test_a_customer_who_is_not_in_the_list_can_be_found_and_shared_with(
    world: World, enter: Enter, database: Database
) -> None:
    with database.transaction() as session:
        for name in ("Abel", "Brandt", "Carl", LAST):
            buyer = Organisation(kind=OrganisationKind.BUYER, name=name, created_at=NOON)
            known = Supplier(buyer=buyer, organisation_id=world.own.supplier.organisation_id, created_at=NOON)
            session.add(known)
        session.flush()
        found = issuing.submission(session, world.own.submission.id, by=world.own.sender)
        found.submitted_at, found.submitted_by_id = NOON, world.own.sender.id
        last = known.id
    visitor, address = enter(world.own.sender), f"/questionnaires/{world.own.submission.id}"
    page = visitor.get(address).text
    assert CUT in page
    assert str(last) not in page
    assert f'value="{last}"' in visitor.get(f"{address}?customer_name=lodzka").text
    assert visitor.post(f"{address}/sharing", {"customer": last, "share": "all"}).status_code == 303
