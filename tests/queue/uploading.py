"""A sender who uploads to a web server that is killed at any moment, and remembers what it was promised."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
import time
from dataclasses import dataclass, field

import requests
from sqlalchemy import func, select, update

from models.documents import Document
from models.operations import sweeping
from models.people import Person
from models.work import Work
from tests.queue.forge import Process
from tests.queue.house import House, kill
from tests.support.postgres import free_port
from webapp.passwords import hashed

PASSWORD = "five calm words for testing"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Promises:
    """What the server answered, by the hash of the file that was sent."""

    kept: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """Answered with 4xx or 5xx, or not at all: may be there or not."""

    def wait_for_another(self, seconds: float = 60) -> None:
        """Until one more file was promised, however slow the machine is."""
        before, until = len(self.kept), time.monotonic() + seconds
        while len(self.kept) == before:
            assert time.monotonic() < until, f"nothing was received within {seconds:.0f} s"
            time.sleep(0.01)


class Server:
    """The web server of an installation, on a port that stays the same over its deaths."""

    def __init__(self, house: House) -> None:
        self.house, self.port = house, free_port()
        self.process: Process | None = None
        with house.runtime.database.transaction() as session:
            session.execute(update(Person).where(Person.id == house.sender_id).values(password_hash=hashed(PASSWORD)))
            self.email = session.get_one(Person, house.sender_id).email

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = self.house.begin("web", SALIENT_PORT=str(self.port), SALIENT_UPLOADS_PER_HOUR="100000")
        self.house.others.append(self.process)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.address}/health", timeout=1).ok:
                    return
            time.sleep(0.02)
        raise AssertionError(f"the web server does not answer\n{self.house.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """All of its processes at once, as a power cut would."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        kill(self.process)

    def log_in(self) -> Sender:
        """As a person at the log-in page, again and again while the server is away."""
        until = time.monotonic() + 30
        while True:
            session = requests.Session()
            try:
                page = session.get(f"{self.address}/log-in", timeout=5)
                fields = {"csrf_token": _token_in(page.text), "email": self.email, "password": PASSWORD}
                done = session.post(f"{self.address}/log-in", data=fields, timeout=10, allow_redirects=False)
                if done.status_code == 303:
                    form = session.get(f"{self.address}/upload", timeout=5)
                    return Sender(self.address, session, _token_in(form.text))
            except (requests.RequestException, AssertionError):
                pass
            assert time.monotonic() < until, "nobody can log in"
            time.sleep(0.1)


def _token_in(page: str) -> str:
    found = _TOKEN.search(page)
    assert found is not None, "the page has no form"
    return found[1]


@dataclass(slots=True)
class Sender:
    address: str
    session: requests.Session
    token: str

    def send(self, data: bytes, promises: Promises) -> None:
        """Upload one file, and note what was answered; without an answer nothing was promised."""
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            answer = self.session.post(
                f"{self.address}/upload",
                data={"csrf_token": self.token},
                files={"file": (f"{sha256[:12]}.pdf", data, "application/pdf")},
                headers={"X-Salient-Script": "1"},
                timeout=15,
            )
        except requests.RequestException:
            promises.refused.add(sha256)
            return
        kept = answer.ok and all(entry["kept"] for entry in answer.json())
        (promises.kept if kept else promises.refused).add(sha256)


def send_all(server: Server, files: list[bytes], promises: Promises, stop: threading.Event) -> threading.Thread:
    """Send one file after the other in a thread of its own, until told to stop."""

    def run() -> None:
        sender = server.log_in()
        for data in files:
            if stop.is_set():
                return
            before = len(promises.refused)
            sender.send(data, promises)
            if len(promises.refused) > before:
                sender = server.log_in()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@dataclass(frozen=True, slots=True)
class Books:
    """What is in the tables and in the vault, beside what was promised."""

    promised: int
    missing: int
    """Promised files without a row, or without their bytes."""
    twice: int
    without_work: int
    """Documents that nobody would ever screen."""
    rows_without_file: int
    files_without_row: int


def balance(house: House, promises: Promises) -> Books:
    with house.runtime.database.reading() as session:
        hashes = list(session.scalars(select(Document.sha256)))
        unheard = select(func.count()).select_from(Document).where(~Document.id.in_(select(Work.document_id)))
        found = sweeping.orphans(session, house.runtime.vault)
        return Books(
            promised=len(promises.kept),
            missing=sum(sha256 not in hashes or not house.runtime.vault.has(sha256) for sha256 in promises.kept),
            twice=len(hashes) - len(set(hashes)),
            without_work=int(session.scalar(unheard) or 0),
            rows_without_file=len(found.rows_without_file),
            files_without_row=len(found.files_without_row),
        )
