"""Sending documents: what is kept, what is refused and with which words, and that one bad file harms no other."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.db import Database
from models.documents import Document, DocumentState
from models.errors import OutOfSpace
from models.people import Person
from models.vault import FolderVault
from tests.factories import NOON
from tests.webapp.browsing import Browser, browser, token_in
from tests.webapp.conftest import World
from webapp.factory import create_app
from webapp.runtime import Runtime

Enter = Callable[[Person | None], Browser]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
SCRIPT = {"X-Salient-Script": "1"}


def send(visitor: Browser, *files: tuple[bytes, str], script: bool = False, **data: str) -> TestResponse:
    """Send files as browsers do: names in UTF-8, with only the quotation mark and line ends written otherwise."""
    if not visitor.csrf:
        visitor.csrf = token_in(visitor.get("/account").text)
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in data.items()]
    parts.append(f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.csrf}'.encode())
    for content, name in files:
        written = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{written}"\r\n\r\n'.encode() + content)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    kind = "multipart/form-data; boundary=edge"
    return visitor.client.post("/upload", data=body, content_type=kind, headers=SCRIPT if script else {}, buffered=True)


def names(database: Database, world: World) -> list[str]:
    with database.reading() as session:
        query = select(Document.name).where(Document.supplier_id == world.own.supplier.id, Document.name != "audit.pdf")
        return sorted(session.scalars(query))


def test_several_files_are_kept_and_given_to_the_workers(
    enter: Enter, world: World, database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    rung.clear()
    answer = send(enter(world.own.sender), (PDF + b"1", "one.pdf"), (PDF + b"2", "two.pdf"))
    assert (answer.status_code, answer.location) == (303, "/documents")
    assert names(database, world) == ["one.pdf", "two.pdf"]
    assert [job for job, _ in rung] == ["screen_document", "screen_document"]


def test_the_next_page_says_how_many_were_received(enter: Enter, world: World) -> None:
    visitor = enter(world.own.sender)
    send(visitor, (PDF + b"1", "one.pdf"), (PDF + b"2", "two.pdf"))
    page = visitor.get("/documents").text
    assert "2 documents received." in page
    assert "Waiting to be read" in page


def test_one_bad_file_harms_no_other(enter: Enter, world: World, database: Database) -> None:
    answer = send(enter(world.own.sender), (b"\x7fELF a program", "book.pdf"), (PDF, "good.pdf"))
    assert answer.status_code == 422
    assert "cannot be read yet" in answer.text
    assert names(database, world) == ["good.pdf"]


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "The file is empty"),
        (b"MZ\x90\x00 a program", 422, "This kind of file cannot be read yet"),
        (b"Rar!\x1a\x07\x01\x00", 422, "archives as ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", 422, "photos as JPEG"),
        (b" " * 2000, 422, "This kind of file cannot be read yet"),
        (PDF + b" " * 1024 * 1024, 413, "The file is larger than 1 MB"),
    ],
)
@pytest.mark.parametrize("script", [False, True])
def test_a_file_that_cannot_be_taken_is_answered_at_once(
    enter: Enter, world: World, database: Database, content: bytes, status: int, sentence: str, script: bool
) -> None:
    answer = send(enter(world.own.sender), (content, "file.pdf"), script=script)
    assert answer.status_code == status
    assert sentence in answer.text
    assert names(database, world) == []


def test_the_sentence_is_in_the_language_of_the_sender(enter: Enter, world: World) -> None:
    visitor = enter(world.own.sender)
    visitor.post("/language", {"language": "nl"})
    assert "Het bestand is groter dan 1 MB" in send(visitor, (PDF + b" " * 1024 * 1024, "a.pdf")).text


def test_a_pdf_whose_mark_stands_a_little_later_is_taken(enter: Enter, world: World, database: Database) -> None:
    assert send(enter(world.own.sender), (b"\n" * 900 + PDF, "late.pdf")).status_code == 303


def test_a_body_over_the_limit_is_refused_before_it_is_read(enter: Enter, world: World, app: Flask) -> None:
    visitor = enter(world.own.sender)
    visitor.get("/upload")

    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

        def seek(self, *_place: int) -> int:
            return 0

        def tell(self) -> int:
            return 0

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            self.taken += len(buffer)
            return len(buffer)

    body = Endless()
    answer = visitor.client.post(
        "/upload", input_stream=body, content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "larger than the limit" in answer.text
    assert body.taken < 1024 * 1024


# The parser leaves its temporary file to the garbage collector when it gives up half-way.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_without_a_length_is_stopped_at_the_limit(enter: Enter, world: World) -> None:
    visitor = enter(world.own.sender)
    visitor.get("/upload")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = io.BytesIO(head + b"a" * 5 * 1024 * 1024)
    answer = visitor.client.post(
        "/upload", input_stream=body, content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )  # fmt: skip
    assert answer.status_code == 413


def test_the_same_bytes_are_kept_once_and_the_sender_is_told(enter: Enter, world: World, database: Database) -> None:
    visitor = enter(world.own.sender)
    send(visitor, (PDF, "first.pdf"))
    answer = send(visitor, (PDF, "second.pdf"), script=True)
    assert answer.json is not None
    assert answer.json[0]["kept"]
    assert "not kept twice" in answer.json[0]["sentence"]
    assert names(database, world) == ["first.pdf"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a/b\\c.pdf", "bc.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("tab\there.pdf", "tabhere.pdf"),
        ("n" * 4096 + ".pdf", "n" * 251 + ".pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("{{7*7}}.pdf", "{{7*7}}.pdf"),
    ],
)
def test_names_are_shown_as_names_and_never_more(
    enter: Enter, world: World, database: Database, name: str, shown: str
) -> None:
    visitor = enter(world.own.sender)
    send(visitor, (PDF, name))
    assert names(database, world) == [shown]
    page = visitor.get("/documents")
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "49.pdf" not in page.text


@pytest.mark.parametrize("name", ["Bericht über Löhne.pdf", "审核.pdf", 'quote".pdf', "semi;colon.pdf"])
def test_a_file_comes_back_as_it_was_sent_and_only_for_saving(
    enter: Enter, world: World, database: Database, name: str
) -> None:
    visitor = enter(world.own.sender)
    send(visitor, (PDF, name))
    with database.reading() as session:
        document = session.scalars(select(Document).where(Document.name == name)).one()
    answer = visitor.get(f"/documents/{document.id}/file")
    assert answer.data == PDF
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_more_files_than_an_hour_allows_are_refused_with_the_time_to_wait(
    enter: Enter, world: World, database: Database
) -> None:
    visitor = enter(world.own.sender)
    for number in range(60):
        assert send(visitor, (PDF + str(number).encode(), f"{number}.pdf"), script=True).status_code == 200
    answer = send(visitor, (PDF + b"one more", "more.pdf"), script=True)
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    assert "more.pdf" not in names(database, world)


def test_a_full_store_is_said_and_nothing_is_half_kept(
    enter: Enter, world: World, database: Database, vault: FolderVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OutOfSpace("The store is full: nothing was kept. Tell the operator and try again later.")

    monkeypatch.setattr(FolderVault, "put", full)
    answer = send(enter(world.own.sender), (PDF, "a.pdf"))
    assert answer.status_code == 507
    assert "The store is full" in answer.text
    assert names(database, world) == []


def test_one_supplier_cannot_fill_the_store_for_all(runtime: Runtime, world: World, database: Database) -> None:
    settings = replace(runtime.settings, supplier_megabytes=1)
    app = create_app(runtime=replace(runtime, settings=settings), clock=lambda: NOON)
    with database.transaction() as session:
        session.get_one(Document, world.own.document.id).size = 1024 * 1024
    answer = send(browser(app, database, world.own.sender), (PDF, "a.pdf"))
    assert answer.status_code == 507
    assert "The room for this supplier is full" in answer.text
    assert send(browser(app, database, world.sibling.sender), (PDF, "a.pdf")).status_code == 303


def test_compliance_sends_on_behalf_of_a_supplier_that_it_chooses(
    enter: Enter, world: World, database: Database
) -> None:
    visitor = enter(world.own.compliance)
    assert "On behalf of which supplier?" in visitor.get("/upload").text
    refused = send(visitor, (PDF, "a.pdf"))
    assert (refused.status_code, "Choose the supplier first." in refused.text) == (422, True)
    assert "On behalf of which supplier?" in refused.text
    assert send(visitor, (PDF, "a.pdf"), supplier=str(world.own.supplier.id)).status_code == 303
    assert names(database, world) == ["a.pdf"]


def test_without_a_file_the_form_says_what_is_missing(enter: Enter, world: World) -> None:
    answer = send(enter(world.own.sender))
    assert answer.status_code == 422
    assert "Choose at least one file first." in answer.text


@pytest.mark.parametrize("state", [state for state in DocumentState if state.is_final and not state.is_fully_read])
def test_what_was_not_read_in_full_is_never_shown_as_done(
    enter: Enter, world: World, database: Database, state: DocumentState
) -> None:
    from tests.factories import make_document

    with database.transaction() as session:
        make_document(session, supplier=world.own.supplier, by=world.own.sender, state=state, name="unread.pdf")
    page = enter(world.own.compliance).get("/documents").text
    first, _, second = page.partition('id="listed"')
    assert "unread.pdf" in first
    assert "unread.pdf" not in second
    row = first[first.index('<li class="row') :]
    assert "pill done" not in row
    assert "pill good" not in row


def test_the_page_of_a_document_accounts_for_every_page(enter: Enter, world: World) -> None:
    page = enter(world.own.sender).get(f"/documents/{world.own.document.id}").text
    assert "1 of 1 pages read" in page
    assert "No page was left out." in page
    assert world.own.finding.quote not in page


def test_a_picture_that_is_not_drawn_yet_is_asked_for(
    enter: Enter, world: World, database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    with database.transaction() as session:
        session.get_one(Document, world.own.document.id).page_list[0].picture_sha256 = None
    rung.clear()
    visitor = enter(world.own.reviewer)
    assert "The picture of this page is being drawn" in visitor.get(f"/findings/{world.own.finding.id}").text
    assert visitor.get(f"/documents/{world.own.document.id}/pages/1.png").status_code == 202
    assert rung == [("draw_pages", {"document_id": str(world.own.document.id)})]


def test_asking_for_a_fresh_reading_gives_the_document_to_the_workers(
    enter: Enter, world: World, database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    visitor = enter(world.own.compliance)
    assert visitor.post(f"/documents/{world.own.document.id}/again").status_code == 303
    assert ("screen_document", {"document_id": str(world.own.document.id)}) in rung
    assert visitor.post(f"/documents/{world.own.document.id}/again").status_code == 409
