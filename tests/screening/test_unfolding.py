"""On the server each file inside an archive becomes a document, once, and the archive keeps the ledger."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.documents import Document, DocumentState
from models.members import DocumentMember
from models.operations import unfolding
from models.vault import FolderVault
from models.work import Work, WorkState
from screening import jobs
from screening.engine.reading import Cage, Limits
from screening.engine.results import Screened
from tests.factories import NOON, make_document, make_person
from tests.golden import papers

FILES = (
    ("a/note.txt", b"The exits are locked."),
    ("b/same.txt", b"The exits are locked."),
    ("plan.csv", b"a;b\n1;2\n3;4\n"),
)


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def sent(database: Database, vault: FolderVault, data: bytes, name: str = "all.zip") -> uuid.UUID:
    stored = vault.put(io.BytesIO(data), limit=1 << 30)
    with database.transaction() as session:
        document = make_document(session, name=name)
        document.sha256, document.size = stored.sha256, stored.size
        return document.id


def drain(database: Database, vault: FolderVault, cage: Cage, *, limits: Limits | None = None) -> None:
    """Do the work that waits until there is none."""
    bench = jobs.Workbench(
        database, vault, screen=lambda data: Screened(cage.read(data), (), "v"), draw=lambda data, pages: {},
        unpack=lambda data, first: cage.unpack(data, first=first), limits=limits or Limits(),
    )  # fmt: skip
    with jobs.at(bench):
        for _ in range(30):
            with database.reading() as session:
                waiting = list(session.scalars(select(Work.document_id).where(Work.state == WorkState.WAITING)))
            if not waiting:
                return
            for document_id in waiting:
                jobs.screen_document(str(document_id))
    raise AssertionError("there is no end to the work")


def ends(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.reading() as session:
        return {row.name: (row.state.value, row.reason) for row in session.scalars(select(Document))}


def test_each_file_inside_is_a_document_and_the_same_bytes_are_one(
    database: Database, vault: FolderVault, cage: Cage
) -> None:
    archive_id = sent(database, vault, papers.archive(FILES))
    drain(database, vault, cage)
    assert ends(database) == dict.fromkeys(("all.zip", "note.txt", "plan.csv"), ("screened", None))
    with database.reading() as session:
        container = session.get_one(Document, archive_id)
        reviewer = make_person(session, organisation=container.supplier.buyer)
        inside = unfolding.surroundings(session, archive_id, by=reviewer).inside
        assert [member.name for member in inside] == [name for name, _ in FILES]
        assert inside[0].document_id == inside[1].document_id
        (came,) = unfolding.surroundings(session, inside[2].document_id, by=reviewer).came_in  # type: ignore[arg-type]
        assert came.container.name == "all.zip"
        member = session.get_one(Document, inside[2].document_id)
        assert (member.supplier_id, member.uploaded_by_id) == (container.supplier_id, container.uploaded_by_id)
        session.rollback()


def test_reading_an_archive_again_doubles_nothing(database: Database, vault: FolderVault, cage: Cage) -> None:
    archive_id = sent(database, vault, papers.archive(FILES))
    drain(database, vault, cage)
    with database.transaction() as session:
        session.scalars(select(Work).where(Work.document_id == archive_id)).one().ask_again(NOON)
    drain(database, vault, cage)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 3
        assert session.scalar(select(func.count()).select_from(DocumentMember)) == 3


def test_attachments_of_a_mail_in_an_archive_are_documents_too(
    database: Database, vault: FolderVault, cage: Cage
) -> None:
    mail = papers.mail(("plan.xlsx", papers.workbook()), ("empty.txt", b""))
    sent(database, vault, papers.tar([("mail.eml", mail)]), "mails.tar.gz")
    drain(database, vault, cage)
    assert set(ends(database)) == {"mails.tar.gz", "mail.eml", "plan.xlsx"}
    with database.reading() as session:
        left_out = session.scalars(select(DocumentMember).where(DocumentMember.document_id.is_(None))).one()
        assert (left_out.name, left_out.reason, left_out.depth) == ("empty.txt", "empty_file", 2)


def test_an_archive_that_holds_itself_comes_to_an_end(database: Database, vault: FolderVault, cage: Cage) -> None:
    deep = papers.archive([("note.txt", b"At the bottom.")])
    for _ in range(6):
        deep = papers.archive([("inner.zip", deep)])
    sent(database, vault, deep)
    drain(database, vault, cage)
    with database.reading() as session:
        states = [row.state for row in session.scalars(select(Document).order_by(Document.size.desc()))]
    assert states == [DocumentState.SCREENED] * 3 + [DocumentState.OVER_LIMIT]


def test_one_sent_file_brings_along_no_more_than_allowed_however_it_is_nested(
    database: Database, vault: FolderVault, cage: Cage
) -> None:
    inner = [
        (f"{part}.zip", papers.archive([(f"{part}{n}.txt", f"{part}{n} is here".encode()) for n in range(4)]))
        for part in "ab"
    ]
    sent(database, vault, papers.archive(inner))
    drain(database, vault, cage, limits=Limits(members=8))
    with database.reading() as session:
        reasons = list(session.scalars(select(DocumentMember.reason).where(DocumentMember.reason.is_not(None))))
        assert reasons == ["too_many_members"] * 2
        assert session.scalar(select(func.count()).select_from(DocumentMember)) == 10
