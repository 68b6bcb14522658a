"""What people take along: complete, the same in both forms, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models import cells
from models.db import Database
from models.documents import Document
from models.people import Person
from tests.factories import make_finding
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import exports

Enter = Callable[[Person | None], Browser]

DANGEROUS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u3000=1", "＝1+1", "＋1", "－1", "＠x",
    "text;=1+1", 'he said "=1+1"', "first line\n=1+1", "a,=cmd|' /C calc'!A0", "a\t=1", "x|=1", "\x00=1",
    "=HYPERLINK(\"http://x\",\"y\")", "- We told the client.", "-5 degrees",
]  # fmt: skip
TRIGGER = re.compile(r"^[\s\u00a0\u3000]*[=+\-@＝＋－＠\t\r]")


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_begins_a_formula_whatever_separator_a_spreadsheet_guesses(text: str, separator: str) -> None:
    line = cells.row(["id", text, 3])
    for read in csv.reader(io.StringIO(line, newline=""), delimiter=separator):
        for cell in read:
            for part in re.split(r"[\r\n]", cell):
                assert not TRIGGER.match(part.lstrip('"')), (part, separator)


@pytest.mark.parametrize("text", [*DANGEROUS, "plain", "", "naïve – “quoted”", "审核", "a\nb"])
def test_the_text_of_a_cell_is_kept(text: str) -> None:
    written = next(csv.reader(io.StringIO(cells.row([text]), newline="")), [""])[0]
    assert written.replace(cells.GUARD, "") == text.replace("\x00", "")


@pytest.mark.parametrize("number", [-5, -0.25, 0, 12])
def test_numbers_stay_numbers_with_their_sign(number: float) -> None:
    assert float(next(csv.reader([cells.row([number])]))[0]) == number


def test_both_forms_hold_every_finding_in_the_same_order(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        for text in DANGEROUS:
            make_finding(session, document=session.merge(world.own.document), quote=text.replace("\x00", ""))
    visitor = enter(world.own.compliance)
    lines = [json.loads(line) for line in visitor.get("/exports/findings.jsonl").text.splitlines()]
    table = list(csv.DictReader(io.StringIO(visitor.get("/exports/findings.csv").data.decode("utf-8-sig"), newline="")))
    assert len(lines) == len(DANGEROUS) + 4
    assert [row["finding_id"] for row in table] == [row["finding_id"] for row in lines]
    assert {row["quote"] for row in lines} >= {text.replace("\x00", "") for text in DANGEROUS}
    assert tuple(table[0]) == exports.FINDING_FIELDS


def test_an_export_goes_on_beyond_what_is_held_at_once(
    enter: Enter, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    with database.transaction() as session:
        for _ in range(8):
            make_finding(session, document=session.merge(world.own.document))
    visitor = enter(world.own.compliance)
    ids = [json.loads(line)["finding_id"] for line in visitor.get("/exports/findings.jsonl").text.splitlines()]
    assert len(ids) == len(set(ids)) == 12


def test_the_filters_of_the_page_hold_for_its_export(enter: Enter, world: World, database: Database) -> None:
    visitor = enter(world.own.compliance)

    def verdicts(query: str) -> set[object]:
        text = visitor.get(f"/exports/findings.jsonl?{query}").text
        return {json.loads(line)["verdict"] for line in text.splitlines()}

    assert verdicts("") == {None, "confirmed"}
    assert verdicts("verdict=open") == {None}
    assert verdicts("verdict=confirmed") == {"confirmed"}
    assert verdicts("verdict=rejected") == set()


def test_documents_are_exported_with_what_was_read_of_each(enter: Enter, world: World, database: Database) -> None:
    text = enter(world.own.compliance).get("/exports/documents.jsonl").text
    records = [json.loads(line) for line in text.splitlines()]
    rows = {row["document_id"]: row for row in records}
    with database.reading() as session:
        of_both = Document.supplier_id.in_([world.own.supplier.id, world.sibling.supplier.id])
        there = {str(id_) for id_ in session.scalars(select(Document.id).where(of_both))}
    assert {str(world.own.document.id), str(world.sibling.document.id)} <= there
    assert set(rows) == there
    assert len(records) == len(rows)
    assert rows[str(world.own.document.id)]["pages_read"] == 1


def test_an_export_is_saved_and_never_shown(enter: Enter, world: World) -> None:
    answer = enter(world.own.compliance).get("/exports/findings.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="salient-findings.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert enter(world.own.compliance).get("/exports/findings.html").status_code == 404


def test_the_names_of_the_fields_are_those_of_the_command_line() -> None:
    shared = {
        "page",
        "quote",
        "before",
        "signals",
        "categories",
        "assertion",
        "severity",
        "score",
        "people",
        "language",
    }
    assert shared <= set(exports.FINDING_FIELDS)
