"""What a page lists can be opened, is called by its name, and no page is a dead end."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask

from models.db import Database
from models.documents import DocumentState
from models.people import Person
from models.plan_life import PlanState
from models.plans import Closure
from tests.factories import NOON, make_document, make_finding, make_person, make_plan, make_supplier
from tests.webapp.browsing import Browser
from webapp.questionnaires.sheets import _worked_out

Enter = Callable[[Person | None], Browser]


def test_suppliers_of_one_name_stand_apart_on_the_board_and_lead_to_their_plans(
    enter: Enter, database: Database
) -> None:
    with database.transaction() as session:
        first = make_supplier(session)
        buyer = first.buyer
        second = make_supplier(session, buyer=buyer)
        second.organisation.name = first.organisation.name
        for supplier in (first, second):
            document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
            make_plan(session, finding=make_finding(session, document=document), state=PlanState.SENT)
        reviewer = make_person(session, organisation=buyer)
        keys = [str(first.id), str(second.id)]
    page = enter(reviewer).get("/plans/board").text
    for key in keys:
        assert f'href="/plans?supplier={key}"' in page
    assert 'href="/plans?signal=FL"' in enter(reviewer).get("/plans/board?by=signal").text


def test_a_figure_names_the_plans_behind_it(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        plan = make_plan(session, state=PlanState.CLOSED)
        plan.closed_at, plan.closed_as = NOON, Closure.DONE
        supplier = plan.supplier.name
        reviewer = make_person(session, organisation=plan.supplier.buyer)
        session.flush()
        headline, key = plan.headline, str(plan.id)
    page = enter(reviewer).get("/plans/figures").text
    assert f'href="/plans/{key}">{headline}' in page
    assert supplier in page
    assert f">{key[-8:]}<" not in page


@pytest.mark.parametrize("language", ["en", "nl"])
def test_who_asked_for_a_new_link_finds_the_way_to_the_log_in(enter: Enter, language: str) -> None:
    visitor = enter(None)
    visitor.post("/language", {"language": language})
    assert 'href="/log-in"' in visitor.get("/come-in/asked").text.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("value", "expected"), [("71.0899", "71.09"), ("25.00", "25"), ("1234567.89", "1,234,568"), ("0.00012345", "0")]
)
def test_what_was_worked_out_is_written_as_people_write_numbers(app: Flask, value: str, expected: str) -> None:
    with app.test_request_context():
        assert _worked_out(Decimal(value)) == expected


def test_who_sent_a_form_that_was_refused_is_led_back_to_it(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        reviewer = make_person(session, organisation=make_supplier(session).buyer)
    visitor = enter(reviewer)
    assert "data-back" in visitor.post(f"/findings/{uuid4()}/confirm").text
    assert "data-back" not in visitor.get("/nothing").text
