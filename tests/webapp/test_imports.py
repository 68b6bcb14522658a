"""The pages of imports: what is asked for is checked, what is shown is counted, and the ledger is safe to open."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from flask import Flask
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from models.db import Database
from models.imports import EntryState, Import, ImportEntry, ImportKind
from models.operations.ledger import Listed
from models.people import Person
from models.supplychain import Supplier
from tests.factories import NOON
from tests.webapp.browsing import Browser, browser
from tests.webapp.conftest import World
from webapp.cli import main
from webapp.factory import create_app
from webapp.objects import ObjectSource
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]
ZIP = b"PK\x03\x04 the rest is for the workers to look at"


def latest(database: Database) -> Import:
    with database.reading() as session:
        return session.scalars(select(Import).where(Import.name != "old").order_by(Import.created_at, Import.id)).all()[
            -1
        ]


def count(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Import).where(Import.name != "old")).all())


def test_an_archive_is_kept_and_given_to_the_workers(
    enter: Enter, world: World, database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    rung.clear()
    form = {
        "source": "zip",
        "whose": "one",
        "supplier": str(world.own.supplier.id),
        "archive": (io.BytesIO(ZIP), "a.zip"),
    }
    answer = enter(world.own.compliance).post("/imports/new", form, content_type="multipart/form-data")
    made = latest(database)
    assert (answer.status_code, answer.location) == (303, f"/imports/{made.id}")
    assert (made.kind, made.archive_sha256, made.name) == (ImportKind.ZIP, hashlib.sha256(ZIP).hexdigest(), "a.zip")
    assert made.rules == [["*", str(world.own.supplier.id), None]]
    assert rung == [("import_files", {"import_id": str(made.id)})]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"source": "zip"}, "Choose the archive first."),
        ({"source": "zip", "archive": b"%PDF-1.7"}, "This is no archive that can be opened"),
        ({"source": "zip", "archive": ZIP, "whose": "one"}, "Choose the supplier first."),
        ({"source": "zip", "archive": ZIP, "whose": "mapping"}, "Choose the mapping file first."),
        ({"source": "folder", "root": "0"}, "Choose one of the places that the operator has listed."),
        ({"source": "store", "store": "7"}, "Choose one of the places that the operator has listed."),
        (
            {"whose": "mapping", "archive": ZIP, "mapping": b"path,supplier\nx/*,Nobody"},
            "Line 2 of the mapping names a",
        ),
        ({"whose": "mapping", "archive": ZIP, "mapping": b"path,supplier\n,"}, "The mapping is empty"),
        ({"whose": "mapping", "archive": ZIP, "mapping": b"\xff\xd8\xff"}, "The mapping is not readable as text"),
    ],
)
def test_what_cannot_be_begun_is_said_and_nothing_is_begun(
    enter: Enter, world: World, database: Database, form: dict[str, str | bytes], sentence: str
) -> None:
    sent = {
        name: (io.BytesIO(value), f"{name}.x") if isinstance(value, bytes) else value for name, value in form.items()
    }
    answer = enter(world.own.compliance).post("/imports/new", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(database) == 0


@pytest.fixture
def with_places(runtime: Runtime, database: Database, tmp_path: Path) -> Flask:
    (tmp_path / "archives" / "2025").mkdir(parents=True)
    settings = replace(
        runtime.settings,
        import_folders=(str(tmp_path / "archives"),),
        import_stores=("s3://audits/old?endpoint=http://x",),
    )
    return create_app(settings, runtime=replace(runtime, settings=settings), clock=lambda: NOON)


def test_only_folders_below_a_listed_place_can_be_imported(
    with_places: Flask, world: World, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "archives" / "way-out").symlink_to(tmp_path / "secret")
    visitor = browser(with_places, database, world.own.compliance)
    for folder in ("../secret", "/etc", "2025/../../secret", "way-out", "absent"):
        answer = visitor.post("/imports/new", {"source": "folder", "root": "0", "folder": folder})
        assert answer.status_code == 422, folder
    assert count(database) == 0
    assert visitor.post("/imports/new", {"source": "folder", "root": "0", "folder": "2025"}).status_code == 303
    assert latest(database).place == str(tmp_path / "archives" / "2025")
    assert visitor.post("/imports/new", {"source": "store", "store": "0", "prefix": "spring/"}).status_code == 303
    assert latest(database).place == "s3://audits/old/spring?endpoint=http://x"


def test_a_prefix_cannot_lead_to_another_store(with_places: Flask, world: World, database: Database) -> None:
    visitor = browser(with_places, database, world.own.compliance)
    for prefix in ("a?endpoint=http://elsewhere&b=", "a#", "a\nb"):
        answer = visitor.post("/imports/new", {"source": "store", "store": "0", "prefix": prefix})
        assert answer.status_code == 422, prefix
    assert count(database) == 0


def test_a_mapping_names_suppliers_and_sites_as_they_are_here(enter: Enter, world: World, database: Database) -> None:
    own, sibling = world.own.supplier.name, world.sibling.supplier.name
    mapping = f"path;supplier;site\nmills/a;{own.upper()} Ltd.;\n*;{sibling}\n".encode()
    form = {"archive": (io.BytesIO(ZIP), "a.zip"), "whose": "mapping", "mapping": (io.BytesIO(mapping), "m.csv")}
    assert enter(world.own.compliance).post("/imports/new", form, content_type="multipart/form-data").status_code == 303
    assert [row[:2] for row in latest(database).rules] == [
        ["mills/a", str(world.own.supplier.id)], ["*", str(world.sibling.supplier.id)],
    ]  # fmt: skip


def entry(database: Database, import_id: object, **more: object) -> ImportEntry:
    with database.transaction() as session:
        number = len(session.scalars(select(ImportEntry).where(ImportEntry.import_id == import_id)).all())
        row = ImportEntry(import_id=import_id, number=number, path_hash=f"{number:064}", size=9, **more)
        session.add(row)
        session.flush()
        return row


def test_the_ledger_is_complete_and_harmless_in_a_spreadsheet(enter: Enter, world: World, database: Database) -> None:
    made = world.own.import_id
    entry(database, made, path="=1+1.pdf", state=EntryState.REFUSED, reason="hidden")
    entry(database, made, path="mills/b.pdf", state=EntryState.TAKEN, document_id=world.own.document.id)
    visitor = enter(world.own.compliance)
    table = list(
        csv.reader(io.StringIO(visitor.get(f"/imports/{made}/ledger.csv").data.decode("utf-8-sig"), newline=""))
    )
    assert [row[0] for row in table] == ["number", "1", "2"]
    assert not table[1][1].startswith("=")
    assert table[2][8] == str(world.own.document.id)
    page = visitor.get(f"/imports/{made}").text
    assert "A hidden file that an operating system made for itself." in page
    assert f"/documents/{world.own.document.id}" in page


def test_held_files_are_settled_on_their_page(enter: Enter, world: World, database: Database) -> None:
    made = world.own.import_id
    supplier = world.own.supplier
    rows = [
        entry(database, made, path=f"{name}.pdf", state=EntryState.HELD, reason="name_fits", sha256=name * 64,
              guess_name=supplier.name, guess_id=supplier.id)
        for name in "abc"
    ]  # fmt: skip
    visitor = enter(world.own.compliance)
    page = visitor.get(f"/imports/{made}/held").text
    assert f"Yes, of {supplier.name}" in page
    assert visitor.post(f"/imports/{made}/held", {"act": "assign", "entry": str(rows[0].id)}).status_code == 422
    assert visitor.post(f"/imports/{made}/held", {"act": "leave_out", "entry": str(rows[0].id)}).status_code == 303
    assert visitor.post(f"/imports/{made}/held", {"act": "confirm", "group": supplier.name}).status_code == 303
    with database.reading() as session:
        states = [row.state for row in session.scalars(select(ImportEntry).order_by(ImportEntry.number))]
    assert states == [EntryState.LEFT_OUT, EntryState.TAKEN, EntryState.TAKEN]
    assert "Every file has its supplier." in visitor.get(f"/imports/{made}/held").text


def test_pausing_and_resuming_are_there_when_they_make_sense(enter: Enter, world: World) -> None:
    visitor, address = enter(world.own.compliance), f"/imports/{world.own.import_id}"
    assert "/pause" in visitor.get(address).text
    assert visitor.post(f"{address}/resume").status_code == 409
    assert visitor.post(f"{address}/pause").status_code == 303
    page = visitor.get(address).text
    assert "Paused" in page
    assert "/resume" in page
    assert visitor.post(f"{address}/cancel").status_code == 303
    assert "/resume" not in visitor.get(address).text


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_a_prefix_of_a_store_is_listed_and_read_and_its_absence_is_said(
    s3_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from screening.sources import SourceGone, Unreadable

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    client = boto3.client("s3", endpoint_url=s3_address, region_name="us-east-1")
    client.create_bucket(Bucket="audits")
    for key in ("old/b.pdf", "old/a/c.pdf", "old/a/", "old/.DS_Store", "other/x.pdf"):
        client.put_object(Bucket="audits", Key=key, Body=key.encode())
    source = ObjectSource.at(f"s3://audits/old?endpoint={s3_address}")
    assert sorted(source.listing(), key=lambda row: row.path) == [
        Listed(".DS_Store", 13, "hidden"), Listed("a/c.pdf", 11), Listed("b.pdf", 9),
    ]  # fmt: skip
    with source.open("a/c.pdf") as stream:
        assert stream.read() == b"old/a/c.pdf"
    with pytest.raises(Unreadable):
        source.open("absent.pdf")
    with pytest.raises(SourceGone) as gone:
        list(ObjectSource.at(f"s3://nowhere?endpoint={s3_address}").listing())
    assert gone.value.reason == "place_gone"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_begins_an_import_for_the_workers(
    world: World, database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SALIENT_DATA", str(tmp_path / "data"))
    (tmp_path / "audits").mkdir()
    with database.reading() as session:
        name = session.get_one(Supplier, world.own.supplier.id).name
    told = CliRunner().invoke(
        main, ["import", str(tmp_path / "audits"), "--by", world.own.compliance.email, "--supplier", name.upper()]
    )
    assert told.exit_code == 0, told.output
    made = latest(database)
    assert str(made.id) in told.output
    assert (made.kind, made.place) == (ImportKind.FOLDER, str(tmp_path / "audits"))
    told = CliRunner().invoke(main, ["import", str(tmp_path / "audits"), "--by", world.own.sender.email])
    assert told.exit_code == 1
    assert count(database) == 1
