"""A buyer with two suppliers and a workbench, for tests of bulk imports: jobs that were rung for are done by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from models.base import utcnow
from models.db import Database
from models.imports import Import, ImportEntry, ImportKind
from models.operations import importing
from models.operations.importing import Place
from models.operations.mapping import Rule
from models.people import Person, Role
from models.vault import FolderVault
from screening import jobs
from screening.engine.pipeline import described, screen_document
from screening.engine.reading import Cage
from screening.importing import import_files
from screening.sources import FolderSource
from tests.factories import make_organisation, make_person, make_supplier
from tests.screening import fakes


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
