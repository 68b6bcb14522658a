"""Fills a database with many documents and findings, a few suppliers having most of them, for measuring the desk."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from models.base import new_key
from models.db import Database
from models.documents import Document, DocumentState, Page, PageStatus
from models.findings import Finding, FindingSignal, RejectReason, Severity, Stage, Verdict, queue_rank
from models.people import Organisation, OrganisationKind, Person, Role
from models.supplychain import Supplier
from models.taxonomy import shipped
from models.wording import print_of

WAITING = 0.15
"""So many of the findings wait; the others were decided in the years before."""
REVIEWERS = 20
SUPPLIERS = 2000
PORTION = 5000
_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_WORDS = (
    "workers", "passports", "office", "kept", "safe", "wages", "paid", "late", "overtime", "hours", "dormitory", "fire",
    "exit", "locked", "agent", "fees", "deposit", "audit", "interview", "records", "month", "team", "line", "contract",
    "signed", "copy", "language", "women", "night", "shift", "supervisor", "canteen",
)  # fmt: skip


def seed(database: Database, findings: int, *, say: bool = True) -> list[Person]:
    """`findings` findings in a tenth as many documents. Answers the reviewers of the buyer that has them all."""
    draw = random.Random(7)
    began = time.monotonic()
    people, suppliers = _company(database)
    documents = max(1, findings // 10)
    codes, weights = list(shipped().signals), [1 / (1 + place) for place in range(len(shipped().signals))]
    heavy = [1 / (1 + place) for place in range(SUPPLIERS)]
    owners = draw.choices(suppliers, weights=heavy, k=documents)
    for start in range(0, documents, PORTION // 10):
        part = owners[start : start + PORTION // 10]
        rows = list(_documents(part, people, draw))
        pages = [_page(row, draw) for row in rows]
        flags = [_finding(page, row, people, codes, weights, draw) for row, page in zip(rows, pages, strict=True)
                 for _ in range(10)]  # fmt: skip
        with database.transaction() as session:
            for noun, made in ((Document, rows), (Page, pages), (Finding, [flag for flag, _ in flags]),
                               (FindingSignal, [mark for _, mark in flags])):  # fmt: skip
                kept = [{name: value for name, value in row.items() if name != "buyer"} for row in made]
                session.execute(insert(noun.__table__), kept)
        if say and start % 5000 == 0:
            print(f"  {(start + len(part)) * 10} findings, {time.monotonic() - began:.0f} s", flush=True)
    return people


def _company(database: Database) -> tuple[list[Person], list[Supplier]]:
    with database.transaction() as session:
        buyer = Organisation(kind=OrganisationKind.BUYER, name="Bench Retail", created_at=_NOW)
        session.add(buyer)
        session.flush()
        people = [
            Person(organisation=buyer, role=Role.REVIEWER, name=f"Reviewer {number}", email=f"r{number}@example.org",
                   password_hash="", language="en", created_at=_NOW)
            for number in range(REVIEWERS)
        ]  # fmt: skip
        firms = [
            Organisation(kind=OrganisationKind.SUPPLIER, name=f"Supplier {number}", created_at=_NOW)
            for number in range(SUPPLIERS)
        ]
        session.add_all([*people, *firms])
        session.flush()
        suppliers = [Supplier(buyer=buyer, organisation=firm, created_at=_NOW) for firm in firms]
        session.add_all(suppliers)
    return people, suppliers


def _documents(owners: list[Supplier], people: list[Person], draw: random.Random) -> Iterator[dict[str, object]]:
    for owner in owners:
        key = new_key()
        yield {
            "id": key, "supplier_id": owner.id, "buyer": owner.buyer_id, "uploaded_by_id": people[0].id,
            "uploaded_at": _NOW - timedelta(hours=draw.randrange(20_000)), "name": f"audit {key.hex[-6:]}.pdf",
            "sha256": uuid.uuid4().hex * 2, "size": 90_000, "state": DocumentState.SCREENED, "pages": 1,
            "pages_read": 1, "languages": ["en"], "document_type": draw.choice(["audit", "self_assessment", "cap"]),
            "engine_version": "bench", "screened_at": _NOW,
        }  # fmt: skip


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words)).capitalize() + "."


def _page(document: dict[str, object], draw: random.Random) -> dict[str, object]:
    return {
        "id": new_key(), "document_id": document["id"], "number": 1, "status": PageStatus.READ,
        "text": _text(draw, 60) + f" Case {draw.randrange(10**6)}.", "language": "en", "hidden_text": False,
        "width": 595.0, "height": 842.0,
    }  # fmt: skip


def _finding(
    page: dict[str, object], document: dict[str, object], people: list[Person], codes: list[str],
    weights: list[float], draw: random.Random,
) -> tuple[dict[str, object], dict[str, object]]:  # fmt: skip
    severity = draw.choices(list(Severity), weights=[1, 3, 5, 4])[0]
    score, key = round(draw.betavariate(4, 2), 4), new_key()
    quote = f"{_text(draw, draw.randint(8, 24))} Ref{draw.randrange(10**6)}"
    settled = draw.random() >= WAITING
    verdict = draw.choice(list(Verdict)) if settled else None
    raised = _NOW - timedelta(minutes=draw.randrange(1_000_000))
    place = int(key.hex[-6:], 16)
    row: dict[str, object] = {
        "id": key, "document_id": document["id"], "page_id": page["id"], "supplier_id": document["supplier_id"],
        "buyer_id": document["buyer"], "page_number": 1, "start": place, "end": place + 9,
        "quote": quote, "other_quote": "", "before": "", "boxes": [[72, 100, 400, 112]],
        "assertion": draw.choice(list(shipped().assertions)[:5]), "severity": severity, "severity_rank": severity.rank,
        "score": score, "people": None, "language": draw.choices(["en", "es", "zh", "nl"], weights=[8, 3, 2, 1])[0],
        "in_table": False, "explanation": {"rules": ["x"]}, "engine_version": "bench", "raised_at": raised,
        "queue_rank": queue_rank(severity.rank, score), "wording": print_of(quote),
        "stage": Stage.SETTLED if settled else Stage.OPEN, "verdict": verdict,
        "reject_reason": RejectReason.POLICY if verdict is Verdict.REJECTED else None, "remark": "",
        "judged_by_id": draw.choice(people).id if settled else None, "judged_at": raised if settled else None,
    }  # fmt: skip
    return row, {"finding_id": key, "signal": draw.choices(codes, weights=weights)[0], "place": 0}
