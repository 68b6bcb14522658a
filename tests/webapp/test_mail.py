"""Letters say who asks, for what and by when, in their reader's language, and nothing else; none is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.documents import DocumentState
from models.mail import ABOUT_ANSWERS, ABOUT_PLANS, TRIES, Mail, MailKind, MailPart, MailState
from models.operations import posting
from models.vault import FolderVault
from questionnaires import lettering
from tests.factories import NOON, TODAY, make_desk_things, make_document, make_finding, make_supplier
from tests.questionnaires.campaign_house import Asked, ask
from webapp import letters, mail
from webapp.letters import Way, write
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings

GOLDEN = Path(__file__).with_name("letters")
WAY = Way("https://salient.example.org/questionnaires/1", "https://salient.example.org/come-in/SECRET", NOON.date())
TO_SUPPLIERS = [kind for kind in MailKind if kind not in letters.TO_THE_BUYER]


@pytest.fixture
def asked(database: Database) -> Asked:
    with database.transaction() as session:
        made = ask(session, suppliers=1)
        made.suppliers[0].buyer.name = "Northern\nGarments"
        return made


def runtime_of(database: Database, tmp_path: Path, **settings: object) -> Runtime:
    made = Settings(data=tmp_path / "data", **settings)  # type: ignore[arg-type]
    return Runtime(made, database, FolderVault(tmp_path / "v"), Doorbell(made.queue))


def letter(database: Database, asked: Asked, kind: MailKind, language: str) -> letters.Letter:
    with database.transaction() as session:
        for row in session.scalars(select(Mail)):
            session.delete(row)
        (row,) = posted(session, asked, kind, language)
        session.refresh(row)
        return write(row, Way(WAY.page) if kind in letters.TO_THE_BUYER else WAY)


def posted(session: Session, asked: Asked, kind: MailKind, language: str) -> list[Mail]:
    if kind in ABOUT_ANSWERS:
        return lettering.ask(session, kind, asked.invitations[0], [asked.people[0]], now=NOON, language=language)
    asking_id = None
    if kind is MailKind.QUESTION:
        document = make_document(session, supplier=session.merge(asked.suppliers[0]), by=session.merge(asked.people[0]),
                                 state=DocumentState.SCREENED)  # fmt: skip
        finding = make_finding(session, document=document)
        asking_id = make_desk_things(session, finding, by=session.merge(asked.compliance))[1]
    made = posting.post(session, kind, [asked.people[0]], now=NOON, asking_id=asking_id, language=language)
    if kind in ABOUT_PLANS:
        another = make_supplier(session).buyer
        another.name = "Alder Coats"
        climbed = kind is MailKind.PLANS_LATE
        one = MailPart(buyer=session.merge(asked.suppliers[0].buyer), late=2, level=3 if climbed else 0)
        two = MailPart(buyer=another, soon=1200, later=1, questions=1, next_on=TODAY)
        made[0].parts = [one] if climbed else [one, two]
    session.flush()
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_every_letter_reads_as_it_was_agreed(database: Database, asked: Asked, language: str) -> None:
    kinds = list(MailKind) if language in ("en", "nl") else TO_SUPPLIERS
    made = [letter(database, asked, kind, language) for kind in kinds]
    whole = "\n".join(f"===== {kind}\n{each.subject}\n\n{each.text}" for kind, each in zip(kinds, made, strict=True))
    whole = whole.replace(asked.campaign.name, "Spring round")
    path = GOLDEN / f"{language}.txt"
    assert whole == path.read_text(encoding="utf-8"), f"changed on purpose? write it to {path.name}"
    assert {each.language for each in made} == {language}
    assert "{" not in whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_letter_in_a_language_that_we_do_not_have_is_in_english(database: Database, asked: Asked) -> None:
    assert letter(database, asked, MailKind.INVITATION, "sw").language == "en"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_letter_names_a_person_or_says_who_is_late(database: Database, asked: Asked) -> None:
    for kind in MailKind:
        text = letter(database, asked, kind, "en").text
        assert asked.people[0].name not in text
        assert asked.suppliers[0].name not in text


def test_a_line_break_in_a_name_cannot_begin_a_header(database: Database, asked: Asked, tmp_path: Path) -> None:
    opened = runtime_of(database, tmp_path)
    assert mail.deliver(opened, now=NOON) == 1
    (path,) = mail.folder_of(opened.settings).glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["Subject"] == "Northern Garments asks you to answer: A few questions"
    assert (message["To"], message["Auto-Submitted"]) == (asked.people[0].email, "auto-generated")


def test_a_letter_leaves_once_however_often_the_clock_looks(database: Database, asked: Asked, tmp_path: Path) -> None:
    opened = runtime_of(database, tmp_path)
    assert [mail.deliver(opened, now=NOON) for _ in range(3)] == [1, 0, 0]


def test_a_server_that_is_away_is_tried_again_later_and_given_up_in_the_end(
    database: Database, asked: Asked, tmp_path: Path
) -> None:
    opened = runtime_of(database, tmp_path, smtp_url="smtp://127.0.0.1:9")
    now = NOON
    for tries in range(1, TRIES + 1):
        assert mail.deliver(opened, now=now) == 0
        with database.reading() as session:
            row = session.scalars(select(Mail)).one()
        assert (row.attempts, row.reason) == (tries, "ConnectionRefusedError")
        now = row.due_at
    assert row.state is MailState.GIVEN_UP
    assert mail.deliver(opened, now=now + timedelta(days=9)) == 0


class _Server(StreamRequestHandler):
    """As much of a mail server as a letter needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        body = False
        for line in self.rfile:
            if body:
                self.server.letters[-1] += line  # type: ignore[attr-defined]
                if line == b".\r\n":
                    body = False
                    self.wfile.write(b"250 kept\r\n")
                continue
            word = line[:4].upper()
            if word == b"DATA":
                self.server.letters.append(b"")  # type: ignore[attr-defined]
                body = True
            self.wfile.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 yes\r\n"))
            if word == b"QUIT":
                return


@pytest.fixture
def smtp() -> Iterator[ThreadingTCPServer]:
    with ThreadingTCPServer(("127.0.0.1", 0), _Server) as server:
        server.letters = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_mail_server_gets_the_letter(
    database: Database, asked: Asked, tmp_path: Path, smtp: ThreadingTCPServer
) -> None:
    opened = runtime_of(database, tmp_path, smtp_url=f"smtp://127.0.0.1:{smtp.server_address[1]}")
    assert mail.deliver(opened, now=NOON) == 1
    (raw,) = smtp.letters  # type: ignore[attr-defined]
    assert "asks you to answer some questions" in message_from_bytes(raw, policy=default).get_content()
    assert not mail.folder_of(opened.settings).exists()


def test_what_has_no_point_any_more_does_not_leave(database: Database, asked: Asked, tmp_path: Path) -> None:
    with database.transaction() as session:
        row = session.scalars(select(Mail)).one()
        row.person.disabled_at = NOON
    opened = runtime_of(database, tmp_path)
    mail.deliver(opened, now=NOON)
    assert not mail.folder_of(opened.settings).exists()
    with database.reading() as session:
        assert session.scalars(select(Mail)).one().state is MailState.NOT_NEEDED


@pytest.mark.parametrize(
    ("hours", "hour", "is_quiet"),
    [((20, 7), 23, True), ((20, 7), 6, True), ((20, 7), 7, False), ((20, 7), 12, False), ((1, 5), 3, True),
     ((1, 5), 5, False), ((0, 0), 0, False)],
)  # fmt: skip
def test_in_quiet_hours_nothing_leaves(hours: tuple[int, int], hour: int, is_quiet: bool) -> None:
    assert mail.is_quiet(hours, datetime(2026, 3, 2, hour, tzinfo=UTC)) is is_quiet


def test_a_letter_waits_until_the_quiet_hours_are_over(database: Database, asked: Asked, tmp_path: Path) -> None:
    opened = runtime_of(database, tmp_path, quiet_hours="11-14")
    assert mail.deliver(opened, now=NOON) == 0
    assert mail.deliver(opened, now=NOON + timedelta(hours=2)) == 1


@pytest.mark.parametrize("text", ["20", "24-7", "a-b", "20-7-3"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    from webapp.mail_settings import quiet

    with pytest.raises(ValueError, match="two hours"):
        quiet(text)
