"""Bulk imports: every file is accounted for once, whoever dies half-way, and results are those of `salient screen`."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.base import utcnow
from models.documents import Document
from models.errors import Conflict
from models.findings import Finding
from models.imports import ImportKind
from models.operations import importing, ledger
from models.operations.mapping import Rule, everything_of
from models.people import Person
from models.vault import FolderVault
from screening import bulk, jobs
from tests.queue.house import make_pdf
from tests.screening import fakes
from tests.screening.desk import Desk, cage, desk, fill, zipped

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database: each kind costs its time."""


class Killed(BaseException):
    """Stands in for SIGKILL: nothing catches it, nothing is tidied up."""


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


__all__ = ["cage", "desk"]
