"""Bulk imports: every file is accounted for once, whoever dies half-way, and results are those of `salient screen`."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fpdf import FPDF
from sqlalchemy import func, select

from models.base import utcnow
from models.db import Database
from models.documents import Document, DocumentState
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding
from models.imports import EntryState, Import, ImportEntry, ImportKind
from models.operations import holding, importing, ledger, pacing
from models.operations.importing import Place
from models.operations.mapping import Rule, everything_of
from models.people import Person, Role
from models.supplychain import Supplier
from models.vault import FolderVault
from screening import bulk, jobs
from screening.engine.pipeline import described, screen_document
from screening.engine.reading import Cage
from screening.importing import import_files
from screening.sources import FolderSource
from tests.factories import make_organisation, make_person, make_supplier
from tests.queue.house import make_pdf
from tests.screening import fakes

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database: each kind costs its time."""


class Killed(BaseException):
    """Stands in for SIGKILL: nothing catches it, nothing is tidied up."""


@dataclass(slots=True)
class Desk:
    """A buyer with two suppliers, and a workbench whose bell calls the jobs by hand."""

    database: Database
    bench: jobs.Workbench
    rings: list[tuple[str, dict[str, str]]]
    lead_id: UUID
    first_id: UUID
    second_id: UUID

    def begin(self, kind: ImportKind, address: str, rules: tuple[Rule, ...]) -> UUID:
        with self.database.transaction() as session:
            lead = session.get_one(Person, self.lead_id)
            return importing.begin(session, Place(kind, address, "archive"), rules, by=lead, now=utcnow()).id

    def work(self, *, most: int = 200) -> None:
        """Do what was rung for until nothing rings."""
        with jobs.at(self.bench):
            while self.rings and most:
                job, ids = self.rings.pop(0)
                most -= 1
                {"import_files": import_files, "screen_document": jobs.screen_document}.get(job, lambda **_: None)(
                    **ids
                )

    def ledger(self, import_id: UUID) -> list[tuple[str, str, str | None]]:
        with self.database.reading() as session:
            query = select(ImportEntry).where(ImportEntry.import_id == import_id).order_by(ImportEntry.number)
            return [(row.path, row.state.value, row.reason) for row in session.scalars(query)]

    def state(self, import_id: UUID) -> tuple[str, str | None]:
        with self.database.reading() as session:
            found = session.get_one(Import, import_id)
            return found.state.value, found.reason

    def count(self, noun: type[Any]) -> int:
        with self.database.reading() as session:
            return int(session.scalar(select(func.count()).select_from(noun)) or 0)


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as made:
        yield made


@pytest.fixture
def desk(database: Database, rung: list[tuple[str, dict[str, str]]], vault: FolderVault, cage: Cage) -> Desk:
    words = fakes.words()
    bench = jobs.Workbench(
        database,
        vault,
        screen=lambda data: screen_document(data, cage=cage, screener=words),
        draw=lambda data, pages: {},
        unpack=lambda data, first: cage.unpack(data, first=first),
        describe=lambda data: described(cage.read(data)).facts,
        source=lambda kind, address: FolderSource(Path(address)),
        file_bytes=1_000_000,
    )
    with database.transaction() as session:
        buyer = make_organisation(session)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=buyer)
        names = ("Meridan Knitwear Ltd.", "Suriya Gloves Sdn. Bhd.")
        first, second = (
            make_supplier(session, buyer=buyer, organisation=make_organisation(session, name=name)) for name in names
        )
        for supplier in (first, second):
            supplier.organisation.kind = type(supplier.organisation.kind).SUPPLIER
        return Desk(database, bench, rung, lead.id, first.id, second.id)


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return out.getvalue()


C = make_pdf(3)
FILES = {
    "meridan/a.pdf": make_pdf(1),
    "meridan/b.pdf": make_pdf(2),
    "suriya/2025/c.pdf": C,
    "suriya/copy of c.pdf": C,
    "suriya/.DS_Store": b"x",
    "suriya/empty.pdf": b"",
}
LEDGER = [
    ("meridan/a.pdf", "taken", None),
    ("meridan/b.pdf", "taken", None),
    ("suriya/.DS_Store", "refused", "hidden"),
    ("suriya/2025/c.pdf", "taken", None),
    ("suriya/copy of c.pdf", "known", None),
    ("suriya/empty.pdf", "refused", "empty_file"),
]


def mapped(desk: Desk) -> tuple[Rule, ...]:
    return Rule("meridan", desk.first_id), Rule("suriya/*", desk.second_id)


def test_a_folder_is_taken_in_file_by_file_and_each_is_accounted_for(desk: Desk, tmp_path: Path) -> None:
    place = fill(tmp_path / "archive", FILES)
    (place / "link.pdf").symlink_to("/etc/passwd")
    made = desk.begin(ImportKind.FOLDER, str(place), mapped(desk))
    desk.work()
    assert sorted(desk.ledger(made)) == sorted([("link.pdf", "refused", "not_a_file"), *LEDGER])
    assert desk.state(made) == ("done", None)
    with desk.database.reading() as session:
        owners = {row.name: row.supplier_id for row in session.scalars(select(Document))}
    assert owners == {"a.pdf": desk.first_id, "b.pdf": desk.first_id, "c.pdf": desk.second_id}


@ON_SQLITE
def test_an_archive_is_opened_in_the_cage_and_its_files_are_taken_the_same_way(desk: Desk) -> None:
    stored = desk.bench.vault.put(io.BytesIO(zipped(FILES)), limit=10_000_000)
    made = desk.begin(ImportKind.ZIP, stored.sha256, mapped(desk))
    desk.work()
    shown = [row for row in LEDGER if row[2] != "hidden"]  # The reader of archives leaves hidden files where they are.
    assert sorted(desk.ledger(made)) == sorted(shown)
    assert desk.state(made) == ("done", None)


@ON_SQLITE
def test_what_is_no_archive_stops_the_import_with_its_reason(desk: Desk) -> None:
    stored = desk.bench.vault.put(io.BytesIO(b"PK\x03\x04 and nothing else"), limit=1000)
    made = desk.begin(ImportKind.ZIP, stored.sha256, ())
    desk.work()
    state, reason = desk.state(made)
    assert state == "failed"
    assert reason
    assert desk.count(Document) == 0


@ON_SQLITE
def test_a_folder_that_is_gone_stops_the_import_until_it_is_back(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(tmp_path / "archive"), mapped(desk))
    desk.work()
    assert desk.state(made) == ("failed", "place_gone")
    fill(tmp_path / "archive", FILES)
    with desk.database.transaction() as session:
        importing.resume(session, made, by=session.get_one(Person, desk.lead_id), now=utcnow())
    desk.work()
    assert desk.state(made) == ("done", None)
    assert sorted(desk.ledger(made)) == sorted(LEDGER)


@ON_SQLITE
def test_findings_are_those_of_a_screening_of_the_same_files_without_a_server(desk: Desk, tmp_path: Path) -> None:
    files = {path: data for path, data in FILES.items() if data and not path.endswith("DS_Store")}
    place = fill(tmp_path / "archive", files)
    outcome_folder = tmp_path / "out"
    bulk.screen([place], bulk.Options(out=outcome_folder, jobs=1, formats=("jsonl",), make_screener=fakes.words))
    rows = [json.loads(line) for line in (outcome_folder / "findings.jsonl").read_text().splitlines()]
    hashes = {
        row["file"]: row["sha256"]
        for row in map(json.loads, (outcome_folder / "documents.jsonl").read_text().splitlines())
    }
    alone = Counter(
        {(hashes[row["file"]], row["page"], row["quote"], tuple(row["signals"]), row["severity"]) for row in rows}
    )
    made = desk.begin(ImportKind.FOLDER, str(place), mapped(desk))
    desk.work()
    with desk.database.reading() as session:
        served = Counter(
            (row.document.sha256, row.page_number, row.quote, row.signals, row.severity.value)
            for row in session.scalars(select(Finding))
            if row.document is not None
        )
    assert desk.state(made)[0] == "done"
    assert served == alone
    assert served.total() >= 5


@ON_SQLITE
@pytest.mark.parametrize("nth", [1, 3, 5])
def test_a_worker_that_dies_half_way_loses_nothing_and_doubles_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    place = fill(tmp_path / "archive", FILES)
    made = desk.begin(ImportKind.FOLDER, str(place), mapped(desk))
    put, seen = FolderVault.put, Counter[str]()

    def dying(self: FolderVault, stream: Any, *, limit: int) -> Any:
        stored = put(self, stream, limit=limit)
        seen["put"] += 1
        if seen["put"] == nth:
            raise Killed
        return stored

    monkeypatch.setattr(FolderVault, "put", dying)
    with pytest.raises(Killed):
        desk.work()
    with desk.database.transaction() as session:
        assert ledger.sweep(session, now=utcnow() + timedelta(minutes=10)) == 1
    later = jobs.Workbench(
        **{name: getattr(desk.bench, name) for name in jobs.Workbench.__slots__ if name != "now"},
        now=lambda: utcnow() + timedelta(minutes=10),
    )
    desk.bench = later
    desk.work()
    assert sorted(desk.ledger(made)) == sorted(LEDGER)
    assert desk.state(made) == ("done", None)
    assert desk.count(Document) == 3


def test_a_worker_that_slept_through_its_lease_may_write_no_more(desk: Desk, tmp_path: Path) -> None:
    place = fill(tmp_path / "archive", FILES)
    made = desk.begin(ImportKind.FOLDER, str(place), mapped(desk))
    now = utcnow()
    with desk.database.transaction() as session:
        slow = ledger.claim(session, made, now=now)
        assert slow is not None
    with desk.database.transaction() as session:
        assert ledger.claim(session, made, now=now) is None, "it is in other hands"
        quick = ledger.claim(session, made, now=now + timedelta(hours=1))
        assert quick is not None
    with desk.database.transaction() as session:
        assert not ledger.add(session, slow, [ledger.Listed("x.pdf", 1)], cursor=None, now=now)
        assert ledger.add(session, quick, [ledger.Listed("x.pdf", 1)], cursor=None, now=now)
        assert ledger.add(session, quick, [ledger.Listed("x.pdf", 1)], cursor=None, now=now)
    assert [path for path, _, _ in desk.ledger(made)] == ["x.pdf"]


@ON_SQLITE
def test_a_file_at_which_three_stints_ended_is_refused_and_the_others_go_on(desk: Desk, tmp_path: Path) -> None:
    place = fill(tmp_path / "archive", {"a.pdf": make_pdf(1), "b.pdf": make_pdf(2)})
    made = desk.begin(ImportKind.FOLDER, str(place), everything_of(desk.first_id))
    now = utcnow()
    with desk.database.transaction() as session:
        stint = ledger.claim(session, made, now=now)
        assert stint is not None
        ledger.add(session, stint, [ledger.Listed("a.pdf", 1), ledger.Listed("b.pdf", 1)], cursor=None, now=now)
        ledger.finish(session, stint, now=now)
        for hour in range(1, 4):
            assert ledger.claim(session, made, now=now + timedelta(hours=hour)) is not None
    desk.bench = jobs.Workbench(
        **{name: getattr(desk.bench, name) for name in jobs.Workbench.__slots__ if name != "now"},
        now=lambda: now + timedelta(hours=5),
    )
    desk.work()
    assert desk.ledger(made) == [("a.pdf", "refused", "failed_repeatedly"), ("b.pdf", "taken", None)]


@ON_SQLITE
def test_a_paused_import_takes_nothing_until_it_is_resumed_and_a_cancelled_one_never(
    desk: Desk, tmp_path: Path
) -> None:
    place = fill(tmp_path / "archive", FILES)
    made = desk.begin(ImportKind.FOLDER, str(place), mapped(desk))
    with desk.database.transaction() as session:
        lead = session.get_one(Person, desk.lead_id)
        importing.pause(session, made, by=lead, now=utcnow())
        with pytest.raises(Conflict):
            importing.pause(session, made, by=lead, now=utcnow())
    desk.work()
    assert (desk.ledger(made), desk.state(made)) == ([], ("paused", None))
    with desk.database.transaction() as session:
        importing.resume(session, made, by=session.get_one(Person, desk.lead_id), now=utcnow())
    desk.work()
    assert desk.state(made) == ("done", None)
    again = desk.begin(ImportKind.FOLDER, str(place), ())
    with desk.database.transaction() as session:
        importing.cancel(session, again, by=session.get_one(Person, desk.lead_id), now=utcnow())
    desk.work()
    assert (desk.ledger(again), desk.state(again)[0]) == ([], "cancelled")


def statement(*lines: str) -> bytes:
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=12)
    for line in lines:
        paper.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


NAMED = {
    "one.pdf": statement("Social audit report", "Supplier: MERIDAN KNITWEAR Limited", "Audit date: 4 May 2026"),
    "two.pdf": statement("Social audit report", "Supplier: Nobody We Know", "Passports were kept."),
    "three.pdf": statement("A page of notes."),
}


def test_without_a_mapping_the_text_proposes_and_a_person_decides(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", NAMED)), ())
    desk.work()
    assert desk.ledger(made) == [
        ("one.pdf", "held", "name_fits"), ("three.pdf", "held", "no_name"), ("two.pdf", "held", "name_unknown"),
    ]  # fmt: skip
    assert desk.count(Document) == 0, "nobody has said yet whose they are"
    with desk.database.transaction() as session:
        lead = session.get_one(Person, desk.lead_id)
        rows = {row.path: row for row in importing.entries(session, made, by=lead).rows}
        assert rows["one.pdf"].guess_id == desk.first_id
        assert rows["one.pdf"].guess_date is not None
        with pytest.raises(Invalid):
            holding.assign(session, made, [row.id for row in rows.values()], supplier_id=None, by=lead, now=utcnow())
    with desk.database.transaction() as session:
        lead = session.get_one(Person, desk.lead_id)
        assert holding.assign(session, made, [rows["one.pdf"].id], supplier_id=None, by=lead, now=utcnow()) == 1
        assert (
            holding.assign(session, made, [rows["two.pdf"].id], supplier_id=desk.second_id, by=lead, now=utcnow()) == 1
        )
        assert holding.leave_out(session, made, [rows["three.pdf"].id], by=lead, now=utcnow()) == 1
        with pytest.raises(Conflict):
            holding.leave_out(session, made, [rows["one.pdf"].id], by=lead, now=utcnow())
    desk.work()
    with desk.database.reading() as session:
        documents = {row.name: (row.supplier_id, row.state) for row in session.scalars(select(Document))}
    assert documents == {
        "one.pdf": (desk.first_id, DocumentState.SCREENED), "two.pdf": (desk.second_id, DocumentState.SCREENED),
    }  # fmt: skip
    assert [state for _, state, _ in desk.ledger(made)] == ["taken", "left_out", "taken"]


@ON_SQLITE
def test_files_cannot_be_given_to_a_supplier_of_somebody_else(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", NAMED)), ())
    desk.work()
    with desk.database.transaction() as session:
        stranger = make_supplier(session)
        lead = session.get_one(Person, desk.lead_id)
        entry = importing.entries(session, made, by=lead).rows[0]
        with pytest.raises(NotFound):
            holding.assign(session, made, [entry.id], supplier_id=stranger.id, by=lead, now=utcnow())
        other = make_person(session, role=Role.COMPLIANCE)
        with pytest.raises(NotFound):
            importing.import_(session, made, by=other)


def test_the_pace_counts_documents_and_pages_and_says_what_is_left(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", FILES)), mapped(desk))
    desk.work(most=3)  # Both stretches and one of the documents.
    with desk.database.reading() as session:
        found = session.get_one(Import, made)
        seen = pacing.pace(session, found, now=utcnow())
        assert seen.files[EntryState.TAKEN] == 3
        assert 0 < seen.finished < 3
        assert seen.left is not None
        assert seen.left > timedelta(0)
        assert sum(bar.documents for bar in seen.bars) == seen.finished
    desk.work()
    with desk.database.reading() as session:
        seen = pacing.pace(session, session.get_one(Import, made), now=utcnow())
        assert (seen.finished, seen.open, seen.left) == (3, 0, None)
        assert seen.pages == sum(bar.pages for bar in seen.bars) == 2 + 3 + 1


def test_a_supplier_has_no_business_with_imports(desk: Desk) -> None:
    with desk.database.transaction() as session:
        supplier = session.get_one(Supplier, desk.first_id)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        with pytest.raises(NotAllowed):
            importing.imports(session, by=sender)
