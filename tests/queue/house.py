"""An installation for the kill tests: real queue server, workers and clock as processes that a test may end at will."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from sqlalchemy import func, select

from models.base import utcnow
from models.documents import Document, DocumentState
from models.findings import Finding
from models.journal import Entry
from models.operations import receiving
from models.people import Person, Role
from models.work import Work, WorkState
from tests.factories import make_person, make_supplier
from tests.queue.forge import Forge, Process
from webapp.embedded import wait_until_reachable
from webapp.runtime import open_runtime
from webapp.settings import Settings

Row = tuple[str, int, int, int, str]
"""A finding as it must be whatever happened: name of the document, page, start, end, words."""


def make_pdf(number: int, *, extra: str = "") -> bytes:
    """A small audit of one to three pages, with as many findings as its number says."""
    paper = FPDF()
    for page in range(1 + number % 3):
        paper.add_page()
        paper.set_font("helvetica", size=12)
        lines = [f"Audit {number}, page {page + 1}. The site was visited and interviews were held. {extra}"]
        lines += [f"Passports {number * 100 + kept} were kept in the safe of the office." for kept in range(number % 4)]
        for line in lines:
            paper.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


@dataclass(frozen=True, slots=True)
class Tally:
    """What is left when the dust has settled."""

    documents: int
    states: Counter[str]
    lost: int
    """Documents that did not end."""
    twice: int
    """Documents whose screening was recorded more than once."""
    rows: tuple[Row, ...]
    attempts: int
    """Tries altogether; more than documents where work was interrupted."""


class House:
    """One installation in a folder, on a database that exists. Everything started here is ended by `close`.

    Without a `forge` to share with others it has one of its own. `readers` names what is ready in the workers' cages,
    which is everything where nothing is named.
    """

    def __init__(
        self, folder: Path, database_url: str, *, lease: int = 2, forge: Forge | None = None, readers: str = ""
    ) -> None:
        self.forge, self._own_forge = forge or Forge(), forge is None
        self.environ = os.environ | {
            "SALIENT_DATA": str(folder),
            "DATABASE_URL": database_url,
            "SALIENT_LEASE_SECONDS": str(lease),
            "SALIENT_SWEEP_SECONDS": "1",
            "READERS": readers,
        }
        self.settings = Settings.read(self.environ)
        self.runtime = open_runtime(self.settings)
        self.log = folder / "processes.log"
        self.queue: Process | None = None
        self.workers: list[Process] = []
        self.others: list[Process] = []
        self.supplier_id, self.sender_id = self._people()

    def _people(self) -> tuple[uuid.UUID, uuid.UUID]:
        with self.runtime.database.transaction() as session:
            supplier = make_supplier(session)
            sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
            return supplier.id, sender.id

    def start_queue(self) -> None:
        self.queue = self.begin("queue")
        assert wait_until_reachable(self.settings, seconds=60)

    def start_worker(self) -> Process:
        self.workers.append(self.begin("worker"))
        return self.workers[-1]

    def start_clock(self) -> None:
        self.others.append(self.begin("clock"))

    def start(self, *, workers: int = 2) -> None:
        self.start_queue()
        self.start_clock()
        for _ in range(workers):
            self.start_worker()

    def begin(self, program: str, **environ: str) -> Process:
        """A process of the installation, with this added to its surroundings. The caller keeps it for `close`."""
        return self.forge.start(program, self.environ | environ, self.log)

    def upload(self, files: dict[str, bytes]) -> None:
        """What the upload page does: keep the bytes, write the row, ring."""
        for name, data in files.items():
            stored = self.runtime.vault.put(io.BytesIO(data), limit=self.settings.upload_bytes)
            with self.runtime.database.transaction() as session:
                sender = session.get_one(Person, self.sender_id)
                receiving.receive(session, self.supplier_id, name, stored, by=sender, now=utcnow())

    def kill_queue(self) -> None:
        assert self.queue is not None
        kill(self.queue)

    def flush_queue(self) -> None:
        self.runtime.doorbell.queue.connection.flushall()

    def ended(self) -> int:
        with self.runtime.database.reading() as session:
            done = select(func.count()).select_from(Work).where(Work.state.in_((WorkState.DONE, WorkState.SET_ASIDE)))
            return int(session.scalar(done) or 0)

    def wait(self, condition: Callable[[], bool], *, seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, (
                f"{what} within {seconds} s; {self.tally().states}\n{self.log.read_text()[-4000:]}"
            )
            time.sleep(0.05)

    def go_on_until(self, count: int) -> None:
        """Wait until so many documents have ended, in the middle of a batch."""
        self.wait(lambda: self.ended() >= count, seconds=90, what="the work stands still")

    def drain(self, count: int, *, seconds: float = 120) -> Tally:
        """Wait until so many documents have ended."""
        self.wait(lambda: self.ended() >= count, seconds=seconds, what=f"not all of {count} documents ended")
        return self.tally()

    def busy_worker(self) -> tuple[Process, int]:
        """A worker with a child at work while a document is being read, and that child."""
        found: list[tuple[Process, int]] = []

        def look() -> bool:
            if not self.tally().states["reading"]:
                return False
            found.extend((worker, child) for worker in self.workers if (child := horse(worker.pid)) is not None)
            return bool(found)

        self.wait(look, seconds=90, what="no worker was busy")
        return found[0]

    def tally(self) -> Tally:
        with self.runtime.database.reading() as session:
            names = {row.id: (row.name, row.state) for row in session.scalars(select(Document))}
            screened = Counter(session.scalars(select(Entry.thing_id).where(Entry.act == "document.screened")))
            rows = session.execute(
                select(Finding.document_id, Finding.page_number, Finding.start, Finding.end, Finding.quote)
            )
            found = sorted((names[row[0]][0], *row[1:]) for row in rows)
            attempts = int(session.scalar(select(func.sum(Work.token))) or 0)
        states = [state for _, state in names.values()]
        return Tally(
            documents=len(names),
            states=Counter(state.value for state in states),
            lost=sum(not state.is_final for state in states),
            twice=sum(count > 1 for count in screened.values()),
            rows=tuple(found),
            attempts=attempts,
        )

    def state_of(self, name: str) -> tuple[DocumentState, str | None, int]:
        """State and reason of a document, and the tries that were made at it."""
        with self.runtime.database.reading() as session:
            found = session.execute(
                select(Document.state, Document.reason, Work.attempts)
                .join(Work, Work.document_id == Document.id)
                .where(Document.name == name)
            ).one()
        return found[0], found[1], found[2]

    def close(self) -> None:
        for process in [*self.workers, *self.others, *([self.queue] if self.queue else [])]:
            kill(process)
        if self._own_forge:
            self.forge.close()
        self.runtime.close()


def kill(process: Process) -> None:
    """End it by force, as the kernel does when memory runs out."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait()


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def horse(pid: int) -> int | None:
    """The child that does a job for this worker at this moment: it runs the worker's own program."""
    with contextlib.suppress(OSError):
        own = _command(pid)
        return next((child for child in children(pid) if _command(child) == own), None)
    return None


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
