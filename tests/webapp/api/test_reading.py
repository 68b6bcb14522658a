"""Calls that cannot be read, lists turned page by page, and what is told and what is not."""

from __future__ import annotations

from uuid import UUID, uuid4

from models.db import Database
from models.documents import Document
from models.findings import Finding
from tests.factories import make_finding, make_plan
from tests.webapp.api.conftest import Connect, Small
from tests.webapp.api.programs import told


def test_a_body_that_cannot_be_read_changes_nothing_and_says_why(connect: Connect, small: Small) -> None:
    mine, address = connect(small.reviewer), f"/findings/{small.finding.id}/reject"
    for body, status, field in (
        ({"reason": "policy", "verdict": "confirmed"}, 422, "verdict"),
        ({}, 422, "reason"),
        ({"reason": "because"}, 422, "reason"),
        ({"reason": 7}, 422, "reason"),
        ({"reason": "policy", "remark": "x" * 4001}, 422, "remark"),
        ({"reason": "other"}, 422, "remark"),
        ([], 422, None),
        ("text", 422, None),
    ):
        answer = mine.post(address, body)
        assert (answer.status_code, told(answer).get("field")) == (status, field), body
    for data, kind, status in (
        (b"{", "application/json", 422), (b"[" * 100_000, "application/json", 422),
        (b'{"reason": NaN}', "application/json", 422), (b"\xff\xfe", "application/json", 422),
        (b"reason=policy", "application/x-www-form-urlencoded", 415),
        (b"{}" + b" " * 2_000_000, "application/json", 413),
    ):  # fmt: skip
        answer = mine.call("POST", address, data=data, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), data[:20]
    assert told(mine.get(f"/findings/{small.finding.id}"))["verdict"] is None


def test_lists_are_turned_page_by_page_though_rows_move(connect: Connect, small: Small, database: Database) -> None:
    with database.transaction() as session:
        document = session.get_one(Document, small.document.id)
        for number in range(6):
            made = make_finding(session, document=document, score=0.5 + number / 20)
            make_plan(session, finding=make_finding(session, document=document), by=session.merge(small.reviewer))
            assert made.verdict is None
    mine = connect(small.reviewer)
    for address in ("/findings?all=true&", "/plans?all=true&", "/documents?", "/suppliers?"):
        whole = [row["id"] for row in told(mine.get(f"{address}limit=200"))["items"]]
        seen: list[str] = []
        after = ""
        while True:
            page = told(mine.get(f"{address}limit=2&after={after}"))
            seen += [row["id"] for row in page["items"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert seen == whole
        wrong = mine.get(f"{address}after=nonsense")
        assert (wrong.status_code, told(wrong)["field"]) == (422, "after")
    first = told(mine.get("/findings?all=true&limit=2"))
    with database.transaction() as session:
        session.delete(session.get_one(Finding, UUID(first["items"][-1]["id"])))
    rest = told(mine.get(f"/findings?all=true&limit=200&after={first['next']}"))
    assert rest["next"] is None
    assert len(rest["items"]) > 0


def test_filters_narrow_down_and_unknown_ones_are_refused(connect: Connect, small: Small) -> None:
    mine = connect(small.reviewer)
    assert [row["id"] for row in told(mine.get("/findings?severity=high"))["items"]].count(str(small.finding.id)) == 1
    assert told(mine.get("/findings?severity=low"))["items"] == []
    assert told(mine.get("/plans?state=draft"))["items"] == []
    assert [row["id"] for row in told(mine.get("/plans?state=agreed"))["items"]] == [str(small.plan.id)]
    for wrong in ("severities=high", "severity=worst", "limit=many", "limit=201", "settled=perhaps", "supplier=x"):
        answer = mine.get(f"/findings?{wrong}")
        assert (answer.status_code, told(answer)["field"]) == (422, wrong.partition("=")[0])
    assert mine.get("/findings?severity=high&severity=low").status_code == 422


def test_the_sentences_are_those_of_the_pages_in_the_language_that_is_asked_for(connect: Connect, small: Small) -> None:
    mine = connect(small.reviewer)
    nothing = mine.get(f"/findings/{uuid4()}", **{"Accept-Language": "nl"})
    assert told(nothing)["detail"] == "Hier is niets, of het is niet voor u bestemd."
    assert told(mine.get(f"/findings/{uuid4()}"))["detail"] == "There is nothing here, or it is not yours to see."
    wrong = mine.call("DELETE", "/findings")
    assert (wrong.status_code, "GET" in wrong.headers["Allow"]) == (405, True)
    assert told(mine.get("/nowhere"))["type"] == "urn:salient:problem:not-found"


def test_names_and_numbers_are_covered_and_what_is_hard_is_withheld(
    connect: Connect, small: Small, database: Database
) -> None:
    with database.transaction() as session:
        row = session.get_one(Finding, small.finding.id)
        row.quote = "Mr. Anwar Hossain keeps passport no. AB1234567."
        hard = make_finding(session, document=session.get_one(Document, small.document.id), signals=("VH.PHYS",)).id
    mine = connect(small.admin)
    shown = told(mine.get(f"/findings/{small.finding.id}"))
    assert ("Hossain" in shown["quote"], "AB1234567" in shown["quote"], shown["withheld"]) == (False, False, False)
    closed = told(mine.get(f"/findings/{hard}"))
    assert (closed["quote"], closed["before"], closed["withheld"]) == ("", "", True)
