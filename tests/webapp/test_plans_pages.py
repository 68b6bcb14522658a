"""Plans as both sides see them: written, signed, worked on, verified; and forms that are stale or lack something."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from models.db import Database
from models.findings import Severity
from models.operations import plan_agreeing, plan_verifying
from models.people import Person
from models.plan_life import PlanState
from models.plan_paper import terms_of
from models.plans import Plan, Verification
from tests.factories import NOON
from tests.webapp.conftest import World
from tests.webapp.plan_desk import LATER, PAGE, Desk, Enter


@pytest.fixture
def desk(world: World, database: Database, enter: Enter) -> Desk:
    return Desk(world, database, enter)


def test_the_whole_way_through_the_pages(desk: Desk, clock: list[datetime]) -> None:
    desk.agreed()
    for who, act, form, after in (
        ("sender", "begin", {}, PlanState.IN_PROGRESS),
        ("sender", "submit", {"text": "Handed over on Monday."}, PlanState.EVIDENCE_SUBMITTED),
        ("colleague", "take-up", {"how": "visit"}, PlanState.VERIFICATION),
        ("colleague", "send-back", {"text": "The list is missing."}, PlanState.RETURNED),
        ("sender", "submit", {"text": "Here it is."}, PlanState.EVIDENCE_SUBMITTED),
        ("colleague", "take-up", {"how": "papers"}, PlanState.VERIFICATION),
        ("colleague", "close", {"reason": "Compared with the list of workers."}, PlanState.CLOSED),
    ):
        for person in ("reviewer", "sender", "colleague"):
            desk.page(person)
        assert desk.post(who, act, **form).status_code == 303, act
        assert desk.plan.state is after
    assert "It helped" not in desk.page("reviewer")
    clock[0] = NOON + timedelta(days=100)
    desk.enter(desk.own.reviewer)
    answer = desk.post("reviewer", "confirm-effect", result="None in two visits.")
    assert answer.status_code in (303, 401, 403)  # The log-in of the test has ended after so long a time.


def test_the_supplier_proposes_first_and_the_buyer_signs(desk: Desk) -> None:
    assert desk.post("reviewer", "send").status_code == 303
    assert "Propose what you will do" in desk.page("sender")
    assert desk.post("sender", "edit", **PAGE, do="propose").status_code == 303
    assert desk.plan.state is PlanState.PROPOSED
    assert "Agree and sign" in desk.page("reviewer")
    assert desk.post("reviewer", "sign").status_code == 303
    assert desk.plan.state is PlanState.AGREED
    assert "Take our signature back" in desk.page("sender")
    assert desk.post("sender", "withdraw").status_code == 303
    assert desk.plan.state is PlanState.NEGOTIATION
    history = desk.page("reviewer", "/history")
    assert "Taken back" in history
    assert "Version 2" in history


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"due_on": "next week"}, "due_on"),
        ({"root_cause": ""}, "root_cause"),
        ({"people": "about ten"}, "people"),
        ({"action.1.owner": ""}, "action.1.owner"),
        ({"action.1.due_on": LATER}, "action.1.due_on"),
        ({"cost": "100"}, "currency"),
        ({"milestone.1.title": "Lockers"}, "milestone.1.due_on"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    desk: Desk, form: dict[str, str], field: str
) -> None:
    answer = desk.post("reviewer", "edit", **PAGE | form, do="send-signed")
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert PAGE["action.1.text"] in answer.text
    assert all(text in answer.text for text in form.values())
    assert desk.plan.state is PlanState.DRAFT


@pytest.mark.parametrize(
    ("who", "act", "form", "field"),
    [
        ("sender", "dispute", {"text": ""}, "dispute-text"),
        ("sender", "submit", {"text": " "}, "submit-text"),
        ("sender", "ask-extension", {"until": "", "reason": "Late."}, "ask_extension-until"),
        ("sender", "ask-extension", {"until": LATER, "reason": ""}, "ask_extension-reason"),
        ("reviewer", "say", {"text": ""}, "say-text"),
        ("reviewer", "suspend", {"reason": ""}, "suspend-reason"),
        ("reviewer", "escalate", {"reason": ""}, "escalate-reason"),
    ],
)
def test_what_an_act_lacks_is_said_in_its_form(
    desk: Desk, who: str, act: str, form: dict[str, str], field: str
) -> None:
    desk.agreed()
    desk.post("sender", "begin")
    answer = desk.post(who, act, **form)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert desk.plan.state is PlanState.IN_PROGRESS


def test_a_stale_act_is_told_and_what_was_typed_is_shown_again(desk: Desk) -> None:
    desk.agreed()
    for version in ("", "x", "-1", "²", "9" * 30, desk.plan.version - 1):
        answer = desk.post("sender", "submit", text="All of it is done.", version=version)
        assert answer.status_code == 409
        assert "has changed since you opened this page" in answer.text
        assert "All of it is done." in answer.text
    assert desk.plan.state is PlanState.AGREED


def test_two_who_wrote_at_once_choose_field_by_field(desk: Desk) -> None:
    desk.agreed()
    on = desk.plan.edition
    theirs = {**PAGE, "root_cause": "There were no lockers.", "target": "none"}
    assert desk.post("sender", "edit", **theirs, do="save").status_code == 303
    mine = {**PAGE, "root_cause": "There was no rule.", "responsible": "The director"}
    answer = desk.post("reviewer", "edit", **mine, on=on, do="save")
    assert answer.status_code == 409
    assert "There were no lockers." in answer.text
    assert "There was no rule." in answer.text
    hidden = dict(re.findall(r'<input type="hidden" name="((?:base|mine)\.[^"]+|on)" value="([^"]*)"', answer.text))
    chosen = dict(re.findall(r'name="(choose\.[^"]+)" value="(\w+)" checked', answer.text))
    assert chosen == {"choose.responsible": "mine", "choose.target": "theirs"}
    again = desk.post("reviewer", "merge", **hidden, **chosen)
    assert again.status_code == 422
    assert "Choose for each field" in again.text
    assert desk.post("reviewer", "merge", **hidden, **chosen, **{"choose.root_cause": "both"}).status_code == 303
    terms = terms_of(desk.plan)
    assert (terms["root_cause"], terms["responsible"], terms["target"]) == (
        "There were no lockers.\n\nThere was no rule.", "The director", "none",
    )  # fmt: skip


def test_room_for_another_line_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.post("reviewer", "edit", **PAGE, do="more-action")
    assert 'name="action.3.text"' in answer.text
    assert PAGE["root_cause"] in answer.text
    assert desk.plan.edition == 1


def test_a_dispute_is_answered_and_the_outcome_shown(desk: Desk) -> None:
    desk.agreed()
    assert desk.post("sender", "dispute", text="It was another site.", finding=str(desk.finding_id)).status_code == 303
    assert "It was another site." in desk.page("reviewer")
    assert desk.post("reviewer", "settle", answer="Seen.").status_code == 422
    assert desk.post("reviewer", "settle", outcome="dismissed", answer="The sign on the photograph.").status_code == 303
    page = desk.page("sender")
    assert "The finding and the plan stand" in page
    assert "The sign on the photograph." in page
    assert desk.plan.state is PlanState.AGREED


def test_an_upheld_objection_overturns_the_finding_and_the_labels_say_so(desk: Desk) -> None:
    desk.agreed()
    desk.post("sender", "dispute", text="It was another site.", finding=str(desk.finding_id))
    how = {"outcome": "upheld", "answer": "It is about another site."}
    answer = desk.post("reviewer", "settle", **how)
    assert (answer.status_code, "the screening learns from it" in answer.text) == (422, True)
    assert desk.post("reviewer", "settle", **how, why="other_company").status_code == 303
    assert "no finding of this plan stands any more" in desk.page("sender")
    assert "Close without action" in desk.page("reviewer")
    rows = [json.loads(line) for line in desk.enter(desk.own.compliance).get("/exports/labels.jsonl").text.splitlines()]
    (row,) = [row for row in rows if row["disputed"]]
    assert (row["is_finding"], row["labels"], row["why"], row["disputed"]) == (False, [], "other_company", "upheld")


def test_who_opened_a_critical_plan_is_shown_no_way_to_close_it(world: World, database: Database, enter: Enter) -> None:
    desk = Desk(world, database, enter, Severity.CRITICAL)
    assert "Are people safe now?" in desk.page("reviewer")
    desk.agreed()
    with database.transaction() as session:
        sender, colleague = (session.get_one(Person, one.id) for one in (world.own.sender, world.own.colleague))
        plan = session.get_one(Plan, desk.id)
        plan_verifying.submit_evidence(session, desk.id, text="Done.", by=sender, now=NOON, version=plan.version)
        plan_verifying.take_up(session, desk.id, how=Verification.VISIT, by=colleague, now=NOON, version=plan.version)
    assert "second person" in desk.page("reviewer")
    assert desk.post("reviewer", "close", reason="Seen.").status_code == 403
    assert desk.post("colleague", "close", reason="Seen.").status_code == 409
    assert "Are the people concerned owed a remedy?" in desk.page("colleague")
    assert desk.post("colleague", "decide-remedy", needed="yes", reason="Fees are owed.").status_code == 303
    assert desk.post("colleague", "close", reason="Seen.").status_code == 303
    assert "Fees are owed." not in desk.page("sender")


def test_a_line_stays_one_and_empty_lines_are_folded_away_until_they_are_wanted(desk: Desk) -> None:
    form = PAGE | {
        "milestone.1.title": "Lockers\r\n hung",
        "milestone.1.due_on": PAGE["due_on"],
        "milestone.1.evidence": "A photo",
    }
    assert desk.post("reviewer", "edit", **form, do="save").status_code == 303
    page = desk.page("reviewer", "/edit")
    assert ">Lockers hung</textarea>" in page
    folds = page.count('<details class="fold"><summary>Add a line')
    assert folds == 4
    more = desk.post("reviewer", "edit", **form, do="more-milestone").text
    assert more.count('<details class="fold"><summary>Add a line') == folds - 1
    assert 'id="milestone.3.title"' in more


def test_messages_stand_under_the_name_of_who_wrote_them(desk: Desk) -> None:
    desk.agreed()
    assert desk.post("sender", "say", text="We began <b>today</b>.").status_code == 303
    page = desk.page("reviewer")
    assert "We began &lt;b&gt;today&lt;/b&gt;." in page
    assert f"<strong>{desk.own.sender.name}</strong>, {desk.own.supplier.name}" in page


def test_a_supplier_marks_a_step_as_done(enter: Enter, world: World) -> None:
    visitor = enter(world.own.sender)
    where = f"/plans/{world.own.plan.id}/milestones/{world.own.milestone_id}/done"
    assert visitor.post(where).status_code == 303
    assert visitor.post(where).status_code == 409
    page = visitor.get(f"/plans/{world.own.plan.id}").text
    assert "Done" in page
    assert '<svg class="gantt"' in page
    assert '<text x="2" y="42">1</text>' in page
    assert "<strong>1. " in page


def test_plans_are_listed_by_turn_and_by_where_they_stand(desk: Desk) -> None:
    desk.agreed()
    visitor = desk.enter(desk.own.reviewer)
    for query, shown in (
        ("", True), ("?turn=supplier", True), ("?turn=buyer", False), ("?state=agreed", True), ("?state=closed", False),
        ("?overdue=1", False), ("?repeats=1", False), ("?signal=FL", True), ("?signal=OSH", False), ("?state=x", True),
    ):  # fmt: skip
        assert (str(desk.id) in visitor.get(f"/plans{query}").text) is shown, query


def test_the_words_of_every_act_are_known(desk: Desk) -> None:
    from tests.architecture.files import modules
    from webapp.words import ACTS

    source = "\n".join(module.source for module in modules() if module.name.startswith("models/operations/plan"))
    acts = set(re.findall(r'"(plan\.[a-z_]+)"', source))
    assert len(acts) > 25
    assert acts - set(ACTS) == set()


def test_an_edit_through_the_domain_and_one_through_the_page_meet(desk: Desk, database: Database) -> None:
    """What a person typed is offered for comparison also when the other change came from another door."""
    with database.transaction() as session:
        by = session.get_one(Person, desk.own.colleague.id)
        plan_agreeing.write(session, desk.id, PAGE | {"target": "none"}, on=1, by=by, now=NOON)
    answer = desk.post("reviewer", "edit", **PAGE | {"target": "less"}, on=1, do="save")
    assert answer.status_code == 409
    assert desk.own.colleague.name in answer.text


def test_critical_plans_are_looked_at_every_week(world: World, database: Database, enter: Enter) -> None:
    Desk(world, database, enter, Severity.CRITICAL).post("reviewer", "looked", note="Called: everybody is safe.")
    visitor = enter(world.own.colleague)
    page = visitor.get("/plans/weekly").text
    assert "Called: everybody is safe." in page
    assert "All were looked at this week" in page
    assert enter(world.own.sender).get("/plans/weekly").status_code == 403
