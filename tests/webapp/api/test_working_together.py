"""What both sides tell each other by the second door: questions about passages, trainings, and campaigns."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from models.campaigns import Campaign
from models.db import Database
from models.findings import Finding, Stage
from models.mail import Mail, MailKind
from models.operations import caring
from tests.factories import TODAY, make_finding, make_submission, make_supplier
from tests.webapp.api.conftest import Connect, Small
from tests.webapp.api.programs import Program, told

DUE = (TODAY + timedelta(days=30)).isoformat()
HELD = {
    "signal": "FL.DOC", "title": "Papers stay with their owners", "held_on": TODAY.isoformat(), "people": 12,
    "measure": "Who holds a passport, in per cent", "before_value": 40, "after_value": 87.5,
}  # fmt: skip


def pages(program: Program, address: str, limit: int = 2) -> list[dict[str, Any]]:
    """All rows of a list, turned page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = told(program.get(f"{address}{'&' if '?' in address else '?'}limit={limit}&after={after}"))
        found += page["items"]
        after = page["next"]
    return found


def test_a_question_goes_to_the_supplier_and_comes_back_with_its_answer(
    connect: Connect, small: Small, database: Database
) -> None:
    reviewer, supplier = connect(small.reviewer), connect(small.sender)
    address = f"/findings/{small.finding.id}/questions"
    made = reviewer.post(address, {"text": "Since when?"}, Idempotency_Key="q")
    again = reviewer.post(address, {"text": "Since when?"}, Idempotency_Key="q")
    assert (made.status_code, again.status_code) == (201, 201)
    key = told(made)["id"]
    assert told(again)["id"] == key, "sent twice, asked once"
    assert (told(made)["waits"], told(made)["asked_by"]) == (True, str(small.reviewer.id))
    with database.reading() as session:
        assert session.get_one(Finding, small.finding.id).stage is Stage.ASKED
        assert session.scalars(select(Mail).where(Mail.kind == MailKind.QUESTION)).one().asking_id == UUID(key)
    (seen,) = told(supplier.get("/questions?waiting=true"))["items"]
    assert (seen["id"], seen["quote"]) == (key, small.finding.quote)
    assert reviewer.post(f"/questions/{key}/answer", {"answer": "For them"}).status_code == 403
    assert told(supplier.post(f"/questions/{key}/answer", {"answer": " "}))["field"] == "answer"
    answered = told(supplier.post(f"/questions/{key}/answer", {"answer": "Since May"}))
    assert (answered["waits"], answered["answer"], answered["answered_by"]) == (
        False,
        "Since May",
        str(small.sender.id),
    )
    assert supplier.post(f"/questions/{key}/answer", {"answer": "No"}).status_code == 409
    assert [row["answer"] for row in told(reviewer.get(address))["items"]] == ["Since May"]
    assert told(reviewer.get(f"/findings/{small.finding.id}"))["stage"] == "open"


def test_a_question_is_withdrawn_and_of_a_hard_passage_nothing_is_told(
    connect: Connect, small: Small, database: Database
) -> None:
    with database.transaction() as session:
        found = session.get_one(Finding, small.finding.id)
        hard = make_finding(session, document=found.document, signals=("VH.SEX",)).id
        assert caring.is_hard(session.get_one(Finding, hard).signals)
    lead, supplier = connect(small.compliance), connect(small.sender)
    made = told(lead.post(f"/findings/{hard}/questions", {"text": "What was done?"}))
    assert (made["withheld"], made["quote"]) == (True, "")
    assert told(supplier.get(f"/questions/{made['id']}"))["withheld"] is True
    assert told(lead.post(f"/findings/{hard}/ask-no-more"))["stage"] == "open"
    shown = told(supplier.get(f"/questions/{made['id']}"))
    assert (shown["waits"], shown["withdrawn_at"] is not None) == (False, True)
    assert supplier.post(f"/questions/{made['id']}/answer", {"answer": "Late"}).status_code == 409
    assert connect(small.stranger).get(f"/questions/{made['id']}").status_code == 404


def test_questions_and_trainings_are_turned_page_by_page(connect: Connect, small: Small, database: Database) -> None:
    reviewer = connect(small.reviewer)
    with database.transaction() as session:
        document = session.get_one(Finding, small.finding.id).document
        findings = [make_finding(session, document=document).id for _ in range(5)]
    asked = [told(reviewer.post(f"/findings/{key}/questions", {"text": "Why?"}))["id"] for key in findings]
    body = {"signal": "FL.DOC", "title": "Night shift first", "supplier": str(small.supplier.id)}
    written = [told(reviewer.post("/trainings", body))["id"] for _ in range(5)]
    assert [row["id"] for row in pages(reviewer, "/questions")] == sorted(asked), "of one moment, by their keys"
    assert [row["id"] for row in pages(reviewer, "/trainings")] == sorted(written, reverse=True)
    assert told(reviewer.get("/trainings?after=nonsense"))["field"] == "after"
    assert told(reviewer.get(f"/trainings?plan={small.plan.id}"))["items"] == []


def test_a_training_is_written_down_by_one_side_and_finished_by_the_other(connect: Connect, small: Small) -> None:
    reviewer, supplier = connect(small.reviewer), connect(small.sender)
    plan = {"signal": "FL.DOC", "title": "Papers", "planned_on": DUE, "plan": str(small.plan.id)}
    made = reviewer.post("/trainings", plan | {"supplier": str(small.supplier.id)})
    assert (made.status_code, told(made)["state"]) == (201, "planned")
    address = f"/trainings/{told(made)['id']}"
    few = supplier.call("PUT", address, HELD | {"people": 3, "version": 1})
    assert (few.status_code, told(few)["field"]) == (422, "before_value")
    named = supplier.call("PUT", address, HELD | {"version": 1, "audience": "Call +31 6 12345678"})
    assert (named.status_code, told(named)["field"]) == (422, "audience")
    done = supplier.call("PUT", address, HELD | {"version": 1})
    assert (told(done)["state"], told(done)["after_value"], told(done)["people"]) == ("held", 87.5, 12)
    stale = reviewer.call("PUT", address, HELD | {"version": 1})
    assert (stale.status_code, told(stale)["type"]) == (412, "urn:salient:problem:stale")
    for wrong in (True, "7", [7], 1e308):
        answer = supplier.call("PUT", address, HELD | {"version": 2, "after_value": wrong})
        assert (answer.status_code, told(answer)["field"]) == (422, "after_value"), wrong
    assert told(reviewer.get(address))["version"] == 2
    foreign = connect(small.stranger).post("/trainings", HELD | {"supplier": str(small.supplier.id)})
    assert foreign.status_code == 404


def test_what_came_up_again_and_again_is_proposed(connect: Connect, small: Small, database: Database) -> None:
    reviewer = connect(small.reviewer)
    with database.transaction() as session:
        document = session.get_one(Finding, small.finding.id).document
        keys = [make_finding(session, document=document).id for _ in range(2)]
        signal = session.get_one(Finding, keys[0]).signals[0]
    for key in keys:
        assert told(reviewer.post(f"/findings/{key}/confirm"))["verdict"] == "confirmed"
    rows = told(reviewer.get("/trainings/proposals"))["items"]
    assert [(row["signal"], row["supplier"]) for row in rows] == [(signal, str(small.supplier.id))]
    assert rows[0]["plans"] >= 2
    assert told(reviewer.get(f"/trainings/proposals?supplier={uuid4()}"))["items"] == []
    assert told(connect(small.sender).get("/trainings/proposals"))["items"] == [], (
        "of drafts a supplier is told nothing"
    )


def test_a_campaign_is_started_once_and_its_invitations_say_how_far_each_is(
    connect: Connect, small: Small, database: Database
) -> None:
    with database.transaction() as session:
        supplier = session.merge(small.supplier)
        questionnaire = make_submission(session, supplier=supplier).questionnaire_id
        others = [make_supplier(session, buyer=supplier.buyer).id for _ in range(2)]
    lead = connect(small.compliance)
    body = {"name": "Spring", "questionnaire": str(questionnaire), "due_on": DUE, "languages": ["nl", "en"]}
    assert told(lead.post("/campaigns", body))["field"] == "suppliers"
    both = lead.post("/campaigns", body | {"every_supplier": True, "suppliers": [str(others[0])]})
    assert (both.status_code, told(both)["field"]) == (422, "every_supplier")
    assert told(lead.post("/campaigns", body | {"languages": ["xx"], "every_supplier": True}))["field"] == "languages"
    assert lead.post("/campaigns", body | {"suppliers": [str(uuid4())]}).status_code == 404
    made, again = (lead.post("/campaigns", body | {"every_supplier": True}, Idempotency_Key="c") for _ in range(2))
    assert (made.status_code, told(made)["id"]) == (201, told(again)["id"])
    assert (told(made)["invited"], told(made)["returned"], told(made)["late"]) == (3, 0, 0)
    rows = pages(lead, f"/campaigns/{told(made)['id']}/invitations")
    assert {row["supplier"] for row in rows} == {str(small.supplier.id), *map(str, others)}
    assert {(row["state"], row["late"], row["tier"]) for row in rows} == {("draft", False, 1)}
    assert told(lead.get(f"/submissions/{rows[0]['submission']}"))["submission"]["supplier"] == rows[0]["supplier"]
    assert [row["id"] for row in told(lead.get("/campaigns"))["items"]] == [told(made)["id"]]
    assert connect(small.reviewer).get("/campaigns").status_code == 403
    assert connect(small.stranger).get(f"/campaigns/{told(made)['id']}").status_code == 404
    with database.reading() as session:
        assert session.scalars(select(Campaign)).one().started_by_id == small.compliance.id


def test_evidence_given_by_mistake_is_withdrawn_and_told_as_that(connect: Connect, small: Small) -> None:
    mine, buyer, address = connect(small.sender), connect(small.reviewer), f"/plans/{small.plan.id}/evidence"
    made = mine.call("POST", address, data={"file": (io.BytesIO(b"%PDF-1.4 other"), "other.pdf")})
    (row,) = told(made)["evidence"]
    assert (row["by"], row["withdrawn_at"]) == (str(small.sender.id), None)
    body = {"document": row["document"]}
    assert buyer.post(f"{address}/withdraw", body).status_code == 403
    (after,) = told(mine.post(f"{address}/withdraw", body))["evidence"]
    assert (after["withdrawn_by"], after["withdrawn_at"] is not None) == (str(small.sender.id), True)
    assert told(mine.post(f"{address}/withdraw", body))["field"] == "document"
    assert told(buyer.get(f"/plans/{small.plan.id}"))["evidence"] == [after]
