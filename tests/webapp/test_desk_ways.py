"""The desk in the browser beyond the verdict: second look, asking, hard passages, many at once, certificates."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from models.db import Database
from models.documents import Document
from models.findings import Finding, FindingSignal, Severity
from models.journal import JournalHead
from models.operations import deciding_many, listing
from models.people import Person
from tests.factories import NOON, make_finding
from tests.webapp.browsing import Browser, browser
from tests.webapp.conftest import World
from webapp import searches
from webapp.factory import create_app
from webapp.runtime import Runtime
from webapp.settings import Settings

Enter = Callable[[Person | None], Browser]


@pytest.fixture
def strict(runtime: Runtime, clock: list[datetime]) -> Flask:
    """The application as it is set by default: two people look at what is critical."""
    settings = Settings(data=runtime.settings.data, second_look_percent=0, hard_per_day=1)
    return create_app(settings, runtime=Runtime(settings, runtime.database, runtime.vault, runtime.doorbell),
                      clock=lambda: clock[0])  # fmt: skip


def test_the_second_reviewer_sees_nothing_of_the_first_and_settles_it(
    strict: Flask, world: World, database: Database
) -> None:
    where = f"/findings/{world.own.finding.id}"
    first = browser(strict, database, world.own.reviewer)
    assert first.post(f"{where}/reject", {"reason": "policy", "remark": "A mere rule."}).status_code == 303
    second = browser(strict, database, world.own.colleague)
    page = second.get(where).text
    assert "You are not told what your colleague thinks" in page
    assert "A mere rule." not in page
    assert world.own.reviewer.name not in page
    assert second.post(f"{where}/confirm").status_code == 303
    lead = browser(strict, database, world.own.compliance)
    assert "A mere rule." in lead.get(where).text
    assert lead.post(f"{where}/reject", {"reason": "policy"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Finding, world.own.finding.id).verdict == "rejected"


def test_what_is_hard_is_closed_until_asked_for_and_limited_by_day(
    strict: Flask, world: World, database: Database
) -> None:
    with database.transaction() as session:
        document = session.merge(world.own.document)
        made = [
            make_finding(session, document=document, signals=("VH.PHYS",), quote=f"Struck {number} times.")
            for number in range(2)
        ]
    visitor = browser(strict, database, world.own.reviewer)
    where = [f"/findings/{row.id}" for row in made]
    assert "Struck 0" not in visitor.get(where[0]).text
    assert "Struck" not in visitor.get("/queue").text
    assert visitor.post(f"{where[0]}/open").status_code == 303
    assert "Struck 0" in visitor.get(where[0]).text
    answer = visitor.post(f"{where[1]}/open")
    assert answer.status_code == 409
    assert "nothing is lost" in answer.text
    assert "Struck 1" not in visitor.get(where[1]).text


def test_a_question_goes_to_its_supplier_and_to_no_other(enter: Enter, world: World) -> None:
    where = f"/findings/{world.own.finding.id}"
    assert enter(world.own.reviewer).post(f"{where}/ask", {"question": "Who keeps the key?"}).status_code == 303
    home = enter(world.own.sender).get("/").text
    assert "about passages wait" in home or "about a passage waits" in home
    assert "Who keeps the key?" in enter(world.own.sender).get("/questions").text
    assert world.own.finding.quote in enter(world.own.sender).get(f"/questions/{world.own.asking_id}").text
    assert enter(world.sibling.sender).get(f"/questions/{world.own.asking_id}").status_code == 404


def test_names_are_covered_until_compliance_asks(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        row = make_finding(
            session, document=session.merge(world.own.document), quote="Ms Nadia Rahman has passport A1234567."
        )
    where = f"/findings/{row.id}"
    for visitor in (enter(world.own.reviewer), enter(world.own.compliance)):
        for page in (where, "/queue"):
            text = visitor.get(page).text
            assert "Rahman" not in text
            assert "A1234567" not in text
    assert enter(world.own.reviewer).post(f"{where}/unmask").status_code == 403
    assert "Rahman" in enter(world.own.compliance).post(f"{where}/unmask").text


def test_a_filter_is_kept_and_leads_back(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    visitor.post("/queue/searches", {"name": "Mine", "filters": "severity=critical&x=1"})
    page = visitor.get("/queue").text
    assert 'href="/queue?severity=critical">Mine' in page
    assert "Mine" not in enter(world.own.colleague).get("/queue").text


def test_many_are_decided_from_the_queue_but_not_others_than_were_seen(
    enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        document = session.merge(world.own.document)
        for number in range(5):
            make_finding(session, document=document, severity=Severity.LOW, quote=f"Low {number}.")
    visitor = enter(world.own.reviewer)
    form = {"verdict": "rejected", "reason": "boilerplate", "total": "4"}
    assert visitor.post("/decisions/new?severity=low", form).status_code == 422
    answer = visitor.post("/decisions/new?severity=low", form | {"total": "5"})
    bulk_id = (answer.location or "").rsplit("/", 1)[-1]
    with database.transaction() as session:
        assert not deciding_many.work(session, UUID(bulk_id), now=NOON)
    assert "5" in visitor.get(f"/decisions/{bulk_id}").text
    assert "Nothing waits here" in visitor.get("/queue?severity=low").text


def test_the_figures_of_a_certificate_are_those_of_the_exported_rows(
    enter: Enter, world: World, database: Database
) -> None:
    visitor = enter(world.own.compliance)
    with database.transaction() as session:
        for number, severity in enumerate(Severity):
            row = make_finding(session, document=session.merge(world.own.document), severity=severity)
            if number % 2:
                row.confirm(by=session.merge(world.own.reviewer), remark="", at=NOON)
        session.get_one(Document, world.own.document.id).pages_doubted = 2
    answer = visitor.get(f"/compliance/certificate.json?supplier={world.own.supplier.id}")
    content = json.loads(answer.data)
    assert hashlib.sha256(answer.data).hexdigest() == answer.headers["X-Salient-SHA256"]
    rows = [json.loads(line) for line in visitor.get("/exports/findings.jsonl").text.splitlines()]
    papers = [json.loads(line) for line in visitor.get("/exports/documents.jsonl").text.splitlines()]
    rows = [row for row in rows if row["supplier"] == world.own.supplier.name and row["document_id"]]
    papers = [paper for paper in papers if paper["supplier"] == world.own.supplier.name]
    assert content["documents"]["total"] == len(papers)
    assert content["documents"]["by_state"] == Counter(paper["state"] for paper in papers)
    assert content["pages"]["total"] == sum(paper["pages"] for paper in papers)
    assert content["documents"]["different_files"] == len({paper["sha256"] for paper in papers})
    assert content["documents"]["to_be_looked_at"] == sum(paper["pages_doubted"] > 0 for paper in papers) == 1
    assert content["pages"]["to_be_looked_at"] == sum(paper["pages_doubted"] for paper in papers) == 2
    assert content["pages"]["read"] == sum(paper["pages_read"] for paper in papers)
    assert content["findings"]["total"] == len(rows)
    told: dict[str, Counter[str]] = {}
    for row in rows:
        told.setdefault(row["severity"], Counter())[row["verdict"] or "waiting"] += 1
    recounted = {
        severity: Counter({word.split("_")[0]: count for word, count in part.items()})
        for severity, part in content["findings"]["by_severity"].items()
    }
    assert recounted == told
    with database.reading() as session:
        head = session.get_one(JournalHead, 1)
        assert content["journal"] == {"entries": head.number, "seal": head.seal}
    paper = visitor.get(f"/compliance/certificate.pdf?supplier={world.own.supplier.id}")
    assert paper.data.startswith(b"%PDF-")


def test_a_certificate_speaks_of_ones_own_alone(enter: Enter, world: World) -> None:
    visitor = enter(world.own.compliance)
    assert visitor.get(f"/compliance/certificate.json?supplier={world.foreign.supplier.id}").status_code == 404
    assert visitor.get("/compliance/certificate.json?since=tomorrow").status_code == 422
    assert visitor.get("/compliance/certificate.json?since=2026-03-02&until=2026-03-02").status_code == 422
    assert visitor.get(f"/compliance/certificate.json?import={world.foreign.import_id}").status_code == 404
    one = visitor.get(f"/compliance/certificate.json?import={world.own.import_id}")
    assert json.loads(one.text)["documents"]["total"] == 0, "nothing came with this import"
    assert f'value="{world.own.import_id}"' in visitor.get("/compliance/quality").text


def test_search_finds_passages_and_pages_of_ones_own_alone(enter: Enter, world: World) -> None:
    page = enter(world.own.reviewer).get("/search?q=passports").text
    assert str(world.own.finding.id) in page
    assert str(world.foreign.finding.id) not in page


def test_a_search_that_does_not_show_all_says_so(
    enter: Enter, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, address = enter(world.own.reviewer), "/search?q=passports"
    assert "are shown" not in visitor.get(address).text
    with database.transaction() as session:
        for _ in range(2):
            make_finding(session, document=session.merge(world.own.document))
    monkeypatch.setattr(searches, "SHOWN", 1)
    assert "The first 1 are shown, the gravest first." in visitor.get(address).text
    monkeypatch.setattr(listing, "MOST", 2)
    assert "More than 2 hold these words. Of the newest 2 the gravest are shown" in visitor.get(address).text
    assert "No more than 1 are shown, of the newest." in visitor.get("/search?q=pdf").text


def test_a_sample_that_was_missed_waits_in_the_queue(enter: Enter, world: World, database: Database) -> None:
    visitor = enter(world.own.reviewer)
    own = {f"/samples/{side.sample_id}" for side in (world.own, world.sibling)}
    assert visitor.get("/samples/next").location in own
    where = f"/samples/{world.own.sample_id}"
    assert visitor.post(where, {"look": "missed"}).status_code == 422
    assert visitor.post(where, {"look": "missed", "signal": "WG.LATE"}).status_code == 303
    assert "Papers are in the safe." in visitor.get("/queue?signal=WG.LATE").text
    with database.reading() as session:
        assert session.query(FindingSignal).filter_by(signal="WG.LATE").count() == 1
