"""Help for suppliers as pages: written down by one side, finished by the other, shown on plan and scorecard."""

from __future__ import annotations

from models.db import Database
from tests.factories import NOON
from tests.webapp.conftest import World
from tests.webapp.plan_desk import Desk, Enter

RESULTS = {
    "signal": "FL.DOC", "kind": "training", "title": "Papers stay with their owners", "audience": "Dormitory staff",
    "held_on": NOON.date().isoformat(), "people": "12", "measure": "People who hold their passport, in per cent",
    "before_value": "40", "after_value": "87,5",
}  # fmt: skip


def test_a_reviewer_plans_it_and_the_supplier_writes_down_what_it_changed(world: World, enter: Enter) -> None:
    plan, sender, reviewer = world.own.plan, enter(world.own.sender), enter(world.own.reviewer)
    form = reviewer.get(f"/trainings/new?plan={plan.id}&signal=FL.DOC").text
    assert "papers that stay with their owners" in form
    planned = {"signal": "FL.DOC", "title": "Night shift first", "planned_on": "2026-05-01"}
    answer = reviewer.post(f"/trainings/new?plan={plan.id}", planned)
    assert answer.location.endswith(f"/plans/{plan.id}")
    assert "Night shift first" in sender.get(f"/plans/{plan.id}").text
    address = f"/trainings/{world.own.training_id}"
    few = sender.post(address, RESULTS | {"version": 1, "people": "3"})
    assert (few.status_code, "fewer than five" in few.text) == (422, True)
    assert 'value="87,5"' in few.text, "nothing that was typed is lost"
    assert sender.post(address, RESULTS | {"version": 1}).status_code == 303
    assert sender.post(address, RESULTS | {"version": 1}).status_code == 409
    for page in (reviewer.get("/trainings"), reviewer.get(f"/plans/figures?supplier={world.own.supplier.id}")):
        assert "87.5" in page.text
        assert "12 people took part" in page.text


def test_what_is_found_again_is_proposed_on_the_page(world: World, database: Database, enter: Enter) -> None:
    desk = Desk(world, database, enter)
    page = enter(world.own.reviewer).get("/trainings").text
    assert "Proposed, because it was found again and again" not in page, "a training was planned already"
    with database.transaction() as session:
        session.get_one(type(desk.plan), desk.id).opened_at = NOON.replace(month=5)
    page = enter(world.own.reviewer).get("/trainings").text
    assert "2 plans were needed for this." in page
    assert f"/trainings/new?plan={desk.id}&amp;signal=FL.DOC" in page
