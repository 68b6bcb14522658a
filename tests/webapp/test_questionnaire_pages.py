"""Questionnaires in the browser: kept with a script and without, conflicts side by side, nothing leaked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.db import Database
from models.discussion import AnswerEvidence
from models.people import Person, Role
from models.submissions import Answer, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires import issuing, reviewing
from questionnaires.library import shipped
from tests.factories import NOON, make_document, make_person, make_submission, make_supplier
from tests.questionnaires.conftest import furnish
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp.questionnaires.places import MOST
from webapp.show import STATIC

Enter = Callable[[Person | None], Browser]
SCRIPT = {"X-Salient-Script": "1"}


@pytest.fixture
def path(world: World) -> str:
    return f"/questionnaires/{world.own.submission.id}"


@pytest.fixture
def second(database: Database, world: World) -> Person:
    """A colleague at the supplier."""
    with database.transaction() as session:
        return make_person(session, role=Role.SUPPLIER_USER, organisation=world.own.supplier.organisation)


def save(visitor: Browser, path: str, question: str, value: str, seen: str = "") -> Any:
    data = {"question": question, f"a.{question}": value, f"v.{question}": seen or f"0:{question}"}
    return visitor.post(f"{path}/answers", data, headers=SCRIPT)


def kept(database: Database, world: World) -> dict[str, Any]:
    with database.reading() as session:
        query = select(Answer.question, Answer.value).where(Answer.submission_id == world.own.submission.id)
        return {row.question: row.value for row in session.execute(query)}


def seen(page: str, question: str) -> str:
    found = re.search(rf'name="v\.{question}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_one_answer_is_kept_by_the_script_and_tells_what_is_asked_next(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    visitor = enter(world.own.sender)
    told = save(visitor, path, "workers_total", "12").json
    assert (told["version"], told["done"], told["of"], told["refused"]) == (1, 1, 25, "")
    assert "young_hazard" not in told["asked"]
    told = save(visitor, path, "workers_women", "15").json
    assert told["refused"].startswith("This cannot be more than the total")
    assert kept(database, world) == {"workers_total": "12", "workers_women": "15"}


def test_what_was_worked_out_is_told_with_the_answer(enter: Enter, world: World, path: str) -> None:
    visitor = enter(world.own.sender)
    save(visitor, path, "workers_total", "40")
    assert save(visitor, path, "workers_migrant", "10").json["computed"]["share_migrant"] == "25"


def test_an_answer_that_came_twice_over_a_bad_line_is_kept_once(enter: Enter, world: World, path: str) -> None:
    visitor = enter(world.own.sender)
    assert save(visitor, path, "countries", "India", "0:same").json["version"] == 1
    assert save(visitor, path, "countries", "India", "0:same").json["version"] == 1


def test_a_key_of_another_question_is_refused(enter: Enter, world: World, path: str) -> None:
    visitor = enter(world.own.sender)
    save(visitor, path, "countries", "India", "0:same")
    assert save(visitor, path, "workers_total", "12", "0:same").status_code == 422


def test_two_people_on_one_question_see_both_answers(
    enter: Enter, world: World, path: str, second: Person, database: Database
) -> None:
    save(enter(second), path, "countries", "Bangladesh", "0:theirs")
    answer = save(enter(world.own.sender), path, "countries", "India", "0:mine")
    assert answer.status_code == 409
    assert (answer.json["theirs"], answer.json["mine"], answer.json["who"]) == ("Bangladesh", "India", second.name)
    assert kept(database, world)["countries"] == "Bangladesh"
    again = save(enter(world.own.sender), path, "countries", "India", f"{answer.json['version']}:chosen")
    assert again.json["version"] == 2


@pytest.mark.parametrize(
    ("question", "value", "status", "sentence"),
    [("workers_total", "1.234", 422, "without marks"), ("workers_total", "many", 422, "must be a number"),
     ("countries", "x" * 60_000, 422, "too long"), ("activity", "piracy", 422, "Choose one"),
     ("no_such", "1", 422, "reload")],
)  # fmt: skip
def test_what_cannot_be_kept_is_answered_with_a_sentence(
    enter: Enter, world: World, path: str, question: str, value: str, status: int, sentence: str
) -> None:
    answer = save(enter(world.own.sender), path, question, value)
    assert (answer.status_code, sentence in answer.text) == (status, True)


def test_without_a_script_a_page_is_kept_by_its_button_and_leads_on(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    visitor = enter(world.own.sender)
    page = visitor.get(f"{path}/sections/company").text
    data = {f"v.{name}": seen(page, name) for name in ("activity", "countries", "workers_total", "workers_women")}
    data |= {"a.activity": "food", "a.countries": "India", "a.workers_total": "20", "a.workers_women": ""}
    answer = visitor.post(f"{path}/sections/company", data)
    assert (answer.status_code, answer.location) == (303, f"{path}/sections/hiring")
    assert kept(database, world) == {"activity": "food", "countries": "India", "workers_total": "20"}


def test_without_a_script_what_cannot_be_kept_stands_in_its_field_and_the_rest_is_kept(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    visitor = enter(world.own.sender)
    page = visitor.get(f"{path}/sections/company").text
    data = {f"v.{name}": seen(page, name) for name in ("countries", "workers_total")}
    answer = visitor.post(f"{path}/sections/company", {**data, "a.countries": "India", "a.workers_total": "1.234"})
    assert answer.status_code == 422
    assert 'value="1.234"' in answer.text
    assert kept(database, world) == {"countries": "India"}


def test_without_a_script_two_answers_stand_side_by_side_and_saving_again_keeps_ones_own(
    enter: Enter, world: World, path: str, second: Person, database: Database
) -> None:
    visitor = enter(world.own.sender)
    page = visitor.get(f"{path}/sections/company").text
    save(enter(second), path, "countries", "Bangladesh", "0:theirs")
    data = {"v.countries": seen(page, "countries"), "a.countries": "India"}
    answer = visitor.post(f"{path}/sections/company", data)
    assert answer.status_code == 409
    assert "Bangladesh" in answer.text
    assert "India" in answer.text
    data = {"v.countries": seen(answer.text, "countries"), "a.countries": "India"}
    assert visitor.post(f"{path}/sections/company", data).status_code == 303
    assert kept(database, world)["countries"] == "India"


def test_an_answer_can_be_taken_back_by_a_button(enter: Enter, world: World, path: str, database: Database) -> None:
    visitor = enter(world.own.sender)
    save(visitor, path, "activity", "food")
    page = visitor.get(f"{path}/sections/company").text
    visitor.post(
        f"{path}/sections/company", {"v.activity": seen(page, "activity"), "a.activity": "food", "clear": "activity"}
    )
    assert kept(database, world)["activity"] is None


def test_submitting_with_something_missing_lists_it_with_links(enter: Enter, world: World, path: str) -> None:
    answer = enter(world.own.sender).post(f"{path}/submit", {})
    assert answer.status_code == 422
    assert f'href="{path}/sections/company#q-countries"' in answer.text


def test_a_paper_is_attached_from_a_file_and_taken_away_again(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    visitor = enter(world.own.sender)
    data = {"file": (io.BytesIO(b"%PDF-1.4 proof"), "proof.pdf"), "valid_until": "2027-01-31"}
    answer = visitor.post(f"{path}/questions/exits_clear/evidence", data)
    assert (answer.status_code, answer.location) == (303, f"{path}/sections/safety#q-exits_clear")
    with database.reading() as session:
        row = session.scalars(select(AnswerEvidence).where(AnswerEvidence.question == "exits_clear")).one()
        assert (row.document.name, str(row.valid_until)) == ("proof.pdf", "2027-01-31")
    assert "proof.pdf" in visitor.get(f"{path}/sections/safety").text
    assert visitor.post(f"{path}/evidence/{row.id}/remove", {}).status_code == 303
    assert "proof.pdf" not in visitor.get(f"{path}/sections/safety").text


def test_a_document_of_another_supplier_cannot_be_attached(enter: Enter, world: World, path: str) -> None:
    for side in (world.sibling, world.foreign):
        data = {"document": str(side.document.id)}
        assert enter(world.own.sender).post(f"{path}/questions/exits_clear/evidence", data).status_code == 404


def test_a_document_that_was_sent_before_is_chosen_and_stays_when_it_is_taken_away(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    with database.transaction() as session:
        supplier, sender = session.merge(world.own.supplier), session.merge(world.own.sender)
        make_document(session, supplier=supplier, by=session.merge(world.own.compliance), name="complaint.pdf")
        held = make_document(session, supplier=supplier, by=sender, name="permit.pdf")
    visitor, where = enter(world.own.sender), f"{path}/questions/exits_clear/documents"
    page = visitor.get(f"{path}/sections/safety").text
    first = re.search(r'<button[^>]*form="answers"|<button class="hidden-text"', page)
    assert first is not None
    assert "name=" not in first[0], "the Enter key in a field presses it"
    data = {"v.accidents_serious": seen(page, "accidents_serious"), "choose": "exits_clear"}
    assert visitor.post(f"{path}/sections/safety", data).location == where
    listed = visitor.get(where).text
    assert ("permit.pdf" in listed, "complaint.pdf" in listed) == (True, False)
    assert "complaint.pdf" not in visitor.get(f"{where}?name=complaint").text
    wrong = {"document": str(held.id), "valid_from": "2026-05-01", "valid_until": "2026-04-01"}
    refused = visitor.post(where, wrong)
    assert (refused.status_code, 'value="2026-05-01"' in refused.text) == (422, True)
    assert visitor.post(where, wrong | {"valid_until": "2027-04-01"}).status_code == 303
    assert "permit.pdf" in visitor.get(f"{path}/sections/safety").text
    assert 'value="2027-04-01"' in visitor.get(f"{path}/questions/accidents_serious/documents?document={held.id}").text
    with database.reading() as session:
        row = session.scalars(select(AnswerEvidence).where(AnswerEvidence.document_id == held.id)).one()
    assert visitor.post(f"{path}/evidence/{row.id}/remove", {}).status_code == 303
    assert "permit.pdf" not in visitor.get(f"{path}/sections/safety").text
    assert visitor.get(f"/documents/{held.id}").status_code == 200


def test_what_a_customer_holds_cannot_be_chosen_by_its_address(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    with database.transaction() as session:
        buyers = make_document(
            session, supplier=session.merge(world.own.supplier), by=session.merge(world.own.compliance)
        )
    where = f"{path}/questions/exits_clear/documents"
    for document in (buyers, world.sibling.document, world.foreign.document):
        assert enter(world.own.sender).get(f"{where}?document={document.id}").status_code == 404
        assert enter(world.own.sender).post(where, {"document": str(document.id)}).status_code == 404


def test_the_reviewer_sees_no_answer_before_it_is_submitted(enter: Enter, world: World, path: str) -> None:
    save(enter(world.own.sender), path, "countries", "Unsaid country")
    for person in (world.own.reviewer, world.own.compliance):
        for page in (path, f"{path}/questions/countries/history", "/questionnaires"):
            assert "Unsaid country" not in enter(person).get(page).text


def test_remarks_among_colleagues_stay_with_them(enter: Enter, world: World, path: str, database: Database) -> None:
    supplier = enter(world.own.sender)
    supplier.post(f"{path}/questions/countries/comments", {"text": "Ask the lawyer first", "inside": "1"})
    supplier.post(f"{path}/questions/countries/comments", {"text": "Three countries since May"})
    with database.transaction() as session:
        found = session.get_one(Submission, world.own.submission.id)
        found.state, found.submitted_at, found.submitted_by_id = SubmissionState.SUBMITTED, NOON, world.own.sender.id
    page = enter(world.own.reviewer).get(path).text
    assert "Three countries since May" in page
    assert "Ask the lawyer first" not in page


def test_what_a_reviewer_asks_is_not_shown_before_it_is_sent_back(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    with database.transaction() as session:
        found = session.get_one(Submission, world.own.submission.id)
        found.state, found.submitted_at, found.submitted_by_id = SubmissionState.SUBMITTED, NOON, world.own.sender.id
    desk, supplier = enter(world.own.reviewer), enter(world.own.sender)
    desk.post(f"{path}/review", {})
    assert desk.post(f"{path}/questions/countries/ask", {"text": "Which of them?"}).status_code == 303
    assert "Which of them?" not in supplier.get(f"{path}/sections/company").text
    desk.post(f"{path}/send-back", {})
    assert "Which of them?" in supplier.get(f"{path}/sections/company").text
    assert "Which of them?" in supplier.get(path).text


def test_another_language_of_the_questionnaire_can_be_chosen(enter: Enter, world: World, path: str) -> None:
    visitor = enter(world.own.sender)
    visitor.post(f"{path}/language", {"language": "tr", "section": "company"})
    assert "kaç kişi çalışıyor" in visitor.get(f"{path}/sections/company").text


def test_a_customer_sees_what_was_shared_with_it_and_nothing_else(
    enter: Enter, world: World, path: str, database: Database
) -> None:
    with database.transaction() as session:
        other = make_supplier(session, organisation=world.own.supplier.organisation)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=other.buyer)
        found = session.get_one(Submission, world.own.submission.id)
        found.state, found.submitted_at, found.submitted_by_id = SubmissionState.SUBMITTED, NOON, world.own.sender.id
        for name, value in (("countries", "India"), ("worry", "A secret worry"), ("buyer_harder", ["price"])):
            session.add(Answer(submission_id=found.id, question=name, value=value, reason="", version=1,
                               answered_by_id=world.own.sender.id, answered_at=NOON))  # fmt: skip
    address = f"/questionnaires/shared?submission={found.id}"
    assert enter(lead).get(address).status_code == 404
    supplier = enter(world.own.sender)
    supplier.post(f"{path}/sharing", {"customer": str(other.id), "share": "ordinary"})
    page = enter(lead).get(address).text
    assert "India" in page
    assert "A secret worry" not in page
    supplier.post(f"{path}/sharing", {"customer": str(other.id), "share": "all"})
    page = enter(lead).get(address).text
    assert "A secret worry" in page
    assert "Prices too low" not in page
    with database.transaction() as session:
        row = session.scalars(select(Answer).where(Answer.submission_id == found.id, Answer.question == "worry")).one()
        row.locked = True
    assert "A secret worry" not in enter(lead).get(address).text
    supplier.post(f"{path}/recall")
    assert enter(lead).get(address).status_code == 404
    assert enter(world.foreign.compliance).get(address).status_code == 404
    assert enter(lead).get(path).status_code == 404


def test_only_the_answers_are_shown_at_once_and_every_page_is_small(
    enter: Enter, world: World, database: Database, path: str
) -> None:
    with database.transaction() as session:
        supplier = session.get_one(Supplier, world.own.supplier.id)
        lead = session.get_one(Person, world.own.compliance.id)
        full = make_submission(session, supplier=supplier, by=lead, name="full")
    visitor = enter(world.own.sender)
    fixed = sum((STATIC / name).stat().st_size for name in ("salient.css", "answers.css", "answers.js", "base.js",
                                                             "kept.js", "times.js", "logo.svg"))  # fmt: skip
    largest = 0
    for submission, name in ((world.own.submission, "entry"), (full, "full")):
        for section in shipped(name).sections:
            for part in range(1, -(-len(section.questions) // MOST) + 1):
                page = visitor.get(f"/questionnaires/{submission.id}/sections/{section.id}?part={part}")
                largest = max(largest, len(page.data))
    assert largest + fixed <= 100 * 1024, (largest, fixed)


def test_issuing_reaches_each_chosen_supplier_with_the_buyers_rating(
    enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        full = issuing.publish_shipped(session, "full", now=NOON)
    data = {"questionnaire": str(full.id), "supplier": [str(world.own.supplier.id), str(world.sibling.supplier.id)],
            "due_on": "2026-06-30", "a.inherent_risk": "high"}  # fmt: skip
    assert enter(world.own.compliance).post("/questionnaires/new", data).status_code == 303
    with database.reading() as session:
        rows = session.scalars(select(Answer).where(Answer.question == "inherent_risk")).all()
        assert [(row.value, row.locked) for row in rows] == [("high", True)] * 2
    foreign = {**data, "supplier": [str(world.foreign.supplier.id)]}
    assert enter(world.own.compliance).post("/questionnaires/new", foreign).status_code == 404


def test_accepting_says_until_when_and_ends_by_itself(
    enter: Enter, database: Database, world: World, path: str
) -> None:
    with database.transaction() as session:
        found = session.get_one(Submission, world.own.submission.id)
        found.state, found.submitted_at, found.submitted_by_id = SubmissionState.SUBMITTED, NOON, world.own.sender.id
        reviewing.start_review(session, found.id, by=world.own.reviewer, now=NOON)
        asked = world.own.asked_id
        reviewing.withdraw(session, found.id, asked, by=world.own.reviewer, now=NOON)
    answer = enter(world.own.reviewer).post(f"{path}/accept", {"valid_until": "2026-12-31"})
    assert answer.status_code == 303
    assert "31" in enter(world.own.sender).get(path).text
    with database.transaction() as session:
        assert issuing.expire_old(session, now=NOON.replace(year=2027)) == 1
        assert furnish(session).submission.state is SubmissionState.DRAFT
