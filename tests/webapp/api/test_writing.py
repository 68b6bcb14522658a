"""Calls that change something: once though they are sent twice, never over what was not seen, and nothing half done."""

from __future__ import annotations

import io
import threading
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select

from models.db import Database
from models.findings import Finding, Verdict
from models.plan_parts import PlanMessage
from models.plans import Plan, PlanState
from models.work import Work
from tests.factories import make_submission
from tests.webapp.api.conftest import Connect, Small
from tests.webapp.api.programs import Program, told


def test_a_document_is_sent_once_and_asked_for_until_it_is_read(
    connect: Connect, small: Small, database: Database
) -> None:
    mine = connect(small.sender)
    data = b"%PDF-1.4 " + uuid4().bytes
    first = mine.call("POST", "/documents", data={"file": (io.BytesIO(data), "audit.pdf")})
    again = mine.call("POST", "/documents", data={"file": (io.BytesIO(data), "other name.pdf")})
    assert (first.status_code, again.status_code) == (201, 200)
    document = told(first)["document"]
    assert (document["state"], document["final"], document["name"]) == ("received", False, "audit.pdf")
    assert document["findings"] is None
    assert told(again)["document"]["id"] == document["id"]
    assert told(mine.get(f"/documents/{document['id']}"))["document"]["sha256"] == document["sha256"]
    with database.reading() as session:
        assert (
            session.scalar(select(func.count()).select_from(Work).where(Work.document_id == UUID(document["id"]))) == 1
        )


def test_files_that_cannot_be_taken_are_refused_with_the_sentence_of_the_page(connect: Connect, small: Small) -> None:
    mine, buyer = connect(small.sender), connect(small.compliance)
    for file, status, sentence in (
        ((io.BytesIO(b""), "a.pdf"), 422, "The file is empty"),
        ((io.BytesIO(b"\x00\x01\x02 nothing"), "a.pdf"), 422, "cannot be read yet"),
        ((io.BytesIO(b"%PDF-1.4 " + b"x" * 1_100_000), "a.pdf"), 413, "larger than 1 MB"),
    ):
        answer = mine.call("POST", "/documents", data={"file": file})
        assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
    assert told(mine.call("POST", "/documents", data={"note": "x"}))["field"] == "file"
    other = {"file": (io.BytesIO(b"%PDF-1.4 x"), "a.pdf"), "supplier": str(uuid4())}
    assert buyer.call("POST", "/documents", data=other).status_code == 404


def test_the_same_call_with_the_same_key_is_carried_out_once(
    connect: Connect, small: Small, database: Database
) -> None:
    mine, address = connect(small.sender), f"/plans/{small.plan.id}/say"
    first = mine.post(address, {"text": "Hello"}, Idempotency_Key="one")
    again = mine.post(address, {"text": "Hello"}, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (200, 200)
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert len(told(again)["messages"]) == 1
    other = mine.post(address, {"text": "Something else"}, Idempotency_Key="one")
    assert (other.status_code, told(other)["field"]) == (422, "Idempotency-Key")
    mine.post(address, {"text": "Hello"}, Idempotency_Key="two")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlanMessage)) == 2


def test_a_call_that_was_refused_can_be_sent_again_with_its_key(connect: Connect, small: Small) -> None:
    mine, address = connect(small.sender), f"/plans/{small.plan.id}/say"
    assert mine.post(address, {"text": " "}, Idempotency_Key="one").status_code == 422
    assert mine.post(address, {"text": " "}, Idempotency_Key="one").status_code == 422
    assert mine.post(address, {"text": "Now"}, Idempotency_Key="one").status_code == 200


def test_what_was_made_is_found_again_by_its_key(connect: Connect, small: Small, database: Database) -> None:
    with database.transaction() as session:
        questionnaire = make_submission(session, supplier=session.merge(small.supplier)).questionnaire_id
    mine = connect(small.compliance)
    body = {"questionnaire": str(questionnaire), "supplier": str(small.supplier.id), "period": "2026"}
    first, again = (mine.post("/submissions", body, Idempotency_Key="a") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first)["submission"]["id"] == told(again)["submission"]["id"]
    assert told(mine.post("/submissions", body))["submission"]["id"] != told(first)["submission"]["id"]


def test_two_that_come_at_once_with_one_key_have_one_effect(
    app: Flask, connect: Connect, small: Small, database: Database
) -> None:
    mine, seen = connect(small.sender), []

    def send() -> None:
        program = Program(app.test_client(), mine.secret)
        seen.append(program.post(f"/plans/{small.plan.id}/say", {"text": "Hello"}, Idempotency_Key="one").status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 6
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlanMessage)) == 1


def test_two_reviewers_by_two_doors_decide_once(app: Flask, connect: Connect, small: Small, database: Database) -> None:
    programs, seen = [connect(small.reviewer), connect(small.colleague)], []

    def decide(secret: str, act: str, body: dict[str, str]) -> None:
        answer = Program(app.test_client(), secret).post(f"/findings/{small.finding.id}/{act}", body)
        seen.append(answer.status_code)

    acts: list[tuple[str, dict[str, str]]] = [("confirm", {}), ("reject", {"reason": "policy"})]
    threads = [
        threading.Thread(target=decide, args=(each.secret, *act)) for each, act in zip(programs, acts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [200, 409]
    with database.reading() as session:
        assert session.get_one(Finding, small.finding.id).verdict is not None


def test_an_act_on_a_plan_needs_the_version_that_was_seen(connect: Connect, small: Small) -> None:
    mine, address = connect(small.sender), f"/plans/{small.plan.id}"
    seen = mine.get(address).headers["ETag"]
    without = mine.post(f"{address}/begin")
    assert (without.status_code, told(without)["type"]) == (428, "urn:salient:problem:version-needed")
    mine.post(f"{address}/contain", {"text": "People were moved", "on": "2026-01-05"})
    stale = mine.post(f"{address}/begin", If_Match=seen)
    assert (stale.status_code, told(stale)["type"]) == (412, "urn:salient:problem:stale")
    assert "The plan has changed" in told(stale)["detail"]
    fresh = mine.get(address).headers["ETag"]
    done = mine.post(f"{address}/begin", If_Match=fresh)
    assert (done.status_code, told(done)["plan"]["state"]) == (200, "in_progress")


def test_a_decision_on_a_finding_that_has_changed_is_refused_where_the_version_is_named(
    connect: Connect, small: Small
) -> None:
    mine, address = connect(small.reviewer), f"/findings/{small.finding.id}"
    seen = mine.get(address).headers["ETag"]
    assert mine.post(f"{address}/change", {"severity": "low"}, If_Match=seen).status_code == 200
    assert mine.post(f"{address}/confirm", If_Match=seen).status_code == 412
    assert mine.post(f"{address}/confirm", {"remark": "Seen"}).status_code == 200
    shown = told(mine.get(address))
    assert (shown["verdict"], shown["severity"], shown["remark"]) == ("confirmed", "low", "Seen")
    assert shown["plan"] is not None
    again = mine.post(f"{address}/reject", {"reason": "policy"})
    assert again.status_code == 409
    assert told(again)["detail"].startswith("You have confirmed this finding already")


def test_what_the_caller_has_already_is_not_sent_again(connect: Connect, small: Small) -> None:
    mine, address = connect(small.reviewer), f"/findings/{small.finding.id}"
    seen = mine.get(address).headers["ETag"]
    answer = mine.get(address, **{"If-None-Match": seen})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", seen)


def test_two_who_write_into_a_plan_get_both_versions(connect: Connect, small: Small) -> None:
    buyer, supplier, address = connect(small.reviewer), connect(small.sender), f"/plans/{small.plan.id}"
    plan = told(buyer.get(address))
    body = {"edition": plan["plan"]["edition"], "terms": {**plan["terms"], "responsible": "The manager"}}
    assert buyer.call("PUT", f"{address}/terms", body).status_code == 200
    body["terms"] = {**plan["terms"], "responsible": "Somebody else"}
    apart = supplier.call("PUT", f"{address}/terms", body)
    assert apart.status_code == 409
    assert told(apart)["theirs"]["responsible"] == "The manager"
    assert told(apart)["mine"]["responsible"] == "Somebody else"
    assert told(supplier.get(address))["terms"]["responsible"] == "The manager"


def test_an_answer_is_given_submitted_and_never_overwritten_unseen(
    connect: Connect, small: Small, database: Database
) -> None:
    with database.transaction() as session:
        submission = make_submission(session, supplier=session.merge(small.supplier)).id
    mine, buyer, address = connect(small.sender), connect(small.reviewer), f"/submissions/{submission}"
    questions = told(mine.get(address))["answers"]
    asked = next(row for row in questions if row["kind"] == "single" and not row["locked"])
    path = f"{address}/answers/{asked['question']}"
    wrong = mine.call("PUT", path, {"value": "nothing that can be chosen", "version": asked["version"]})
    assert (wrong.status_code, told(wrong)["field"]) == (422, asked["question"])
    short = mine.post(f"{address}/submit")
    assert (short.status_code, bool(told(short)["missing"])) == (422, True)
    hidden = told(buyer.get(address))
    assert (hidden["answers_shown"], hidden["answers"]) == (False, [])


def test_a_plan_goes_its_way_by_the_second_door(connect: Connect, small: Small, database: Database) -> None:
    """From the confirmed finding to evidence that somebody else verifies."""
    reviewer, supplier, other = connect(small.reviewer), connect(small.sender), connect(small.colleague)
    key = told(reviewer.post(f"/findings/{small.finding.id}/confirm"))["plan"]

    def act(program: Program, word: str, body: Any = None) -> dict[str, Any]:
        seen = program.get(f"/plans/{key}").headers["ETag"]
        answer = program.post(f"/plans/{key}/{word}", body, If_Match=seen)
        assert answer.status_code == 200, answer.text
        return told(answer)

    act(reviewer, "send", {"signed": False})
    plan = told(supplier.get(f"/plans/{key}"))
    terms = plan["terms"] | {
        "root_cause": "Nobody had said that it is forbidden.", "action.1.text": "Papers go back",
        "action.1.owner": "HR",
        "indicator": "Workers hold their papers", "milestone.1.title": "Lockers", "milestone.1.evidence": "Photographs",
        "milestone.1.due_on": plan["terms"]["due_on"],
    }  # fmt: skip
    body = {"edition": plan["plan"]["edition"], "terms": terms}
    assert told(supplier.post(f"/plans/{key}/propose", body))["plan"]["state"] == "proposed"
    assert act(reviewer, "sign", {})["plan"]["state"] == "agreed"
    milestone = told(supplier.get(f"/plans/{key}"))["milestones"][0]["id"]
    assert supplier.post(f"/plans/{key}/milestones/{milestone}/done").status_code == 200
    file = {"file": (io.BytesIO(b"%PDF-1.4 " + uuid4().bytes), "photo.pdf"), "milestone": milestone}
    evidence = told(supplier.call("POST", f"/plans/{key}/evidence", data=file))["evidence"]
    assert evidence[0]["milestone"] == milestone
    act(supplier, "submit", {"text": "Done: see the photographs"})
    act(other, "take-up", {"how": "papers"})
    assert act(other, "close", {"reason": "Photographs and records agree"})["plan"]["state"] == "closed"
    with database.reading() as session:
        assert session.get_one(Plan, small.plan.id).state is PlanState.AGREED
        assert session.get_one(Finding, small.finding.id).verdict is Verdict.CONFIRMED
