"""Numbers that no page of ours would ask for end in a sentence, never in a fault at our side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.db import Database
from models.documents import DocumentState
from models.people import Person, Role
from tests.factories import make_document, make_person, make_plan, make_supplier, make_training
from tests.webapp.browsing import Browser

Enter = Callable[[Person | None], Browser]
HUGE = "9" * 30
LONGER_THAN_PYTHON_READS = "9" * 5000


@pytest.mark.parametrize("page", ["{}", "{}.png"])
def test_a_page_with_a_huge_number_does_not_exist(enter: Enter, database: Database, page: str) -> None:
    with database.transaction() as session:
        document = make_document(session, supplier=make_supplier(session), state=DocumentState.SCREENED)
        reviewer = make_person(session, organisation=document.supplier.buyer)
    visitor = enter(reviewer)
    assert visitor.get(f"/documents/{document.id}/pages/{page.format(HUGE)}").status_code == 404
    assert visitor.get(f"/documents/{document.id}/pages/{page.format(1)}").status_code in (200, 202)


def test_behind_a_huge_lot_there_is_nothing_to_look_at(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        reviewer = make_person(session, organisation=make_supplier(session).buyer)
    answer = enter(reviewer).get(f"/samples/next?after={HUGE}")
    assert (answer.status_code, answer.location) == (303, "/queue")


def test_a_form_about_help_of_an_impossible_version_is_stale_and_says_so(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        plan = make_plan(session)
        reviewer = make_person(session, organisation=plan.supplier.buyer, role=Role.COMPLIANCE)
        training = make_training(session, plan, by=reviewer)
        training.measure, training.before_value, training.people = "Accidents", 1234567, 40
        session.flush()
        key, signal = training.id, training.signal
    visitor = enter(reviewer)
    kept = visitor.get(f"/trainings/{key}").text
    assert 'value="1234567"' in kept
    asked = {"signal": signal, "title": "Exits", "kind": "training", "version": LONGER_THAN_PYTHON_READS}
    assert visitor.post(f"/trainings/{key}", asked).status_code == 409
    unknown = visitor.post(f"/trainings/{key}", asked | {"version": "1", "people": "many"})
    assert unknown.status_code == 422
    assert 'role="alert"><svg' in unknown.text.split("<main", 1)[1]
