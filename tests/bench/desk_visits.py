"""Reviewers at the desk for the benchmark: each walks through the queue, and every answer is timed and counted."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from models.base import utcnow
from models.db import Database
from models.findings import Finding
from models.journal import Entry, JournalHead
from models.operations import accounts
from models.people import Person
from tests.webapp.browsing import Browser, token_in
from webapp.seeding.company import Company

SEARCHES = ("passports+dormitory", "deposit+Belcor", "wages+payslip+late", "exit+locked+outside", "solvents")
STARTS = ("", "?severity=medium", "?severity=high", "", "?severity=low", "?language=es")
"""Where reviewers begin. Those who begin at the same place get in each other's way."""
REFUSED = (403, 409)
"""Somebody was first, or the two before disagree and compliance decides by now."""
_SCRIPT = {"X-Salient-Script": "1"}
Statements = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of one kind of request."""

    requests: int
    p50: float
    p95: float
    cpu: float
    """Median of the processor time."""


@dataclass(slots=True)
class Outcome:
    """What came of a round of visits."""

    figures: dict[str, Figure] = field(default_factory=dict)
    decided: int = 0
    """Decisions to which the server said yes."""
    refused: int = 0
    """Decisions to which it said that somebody was first."""
    kept: int = 0
    """Findings that have a verdict or an opinion more than before."""
    noted: int = 0
    lost: int = 0
    double: int = 0


class Desk:
    """The application with its reviewers. `limit` requests are answered at a time, as by one web process."""

    def __init__(self, app: Flask, database: Database, company: Company, *, limit: int) -> None:
        self.app, self.database, self.company = app, database, company
        self._gate = threading.Semaphore(limit)
        self._lock = threading.Lock()
        self._times: dict[str, list[tuple[float, float]]] = {}
        self._said: list[tuple[str, str, int]] = []
        self._recorded: dict[str, Statements] = {}

    def visit(self, reviewers: int, rounds: int, *, pace: float) -> Outcome:
        """Let so many reviewers come, and wait until each has decided `rounds` times."""
        self._times, self._said = {}, []
        first, verdicts = self._state()
        self._walk(self.company.reviewers[0], 2, 0.0, 0)  # What is done once a process is not measured.
        self._times = {}
        threads = [
            threading.Thread(target=self._walk, args=(key, rounds, pace, number))
            for number, key in enumerate(self.company.reviewers[:reviewers])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._outcome(first, verdicts)

    def bare(self) -> dict[str, float]:
        """Milliseconds that the statements of one page take past the application, all rows read: the best of five."""
        self._record()
        raw: Any = self.database.engine.raw_connection()
        found = {}
        try:
            cursor = raw.cursor()
            for name, statements in self._recorded.items():
                times = []
                for _ in range(5):
                    began = time.perf_counter()
                    for statement, values in statements:
                        cursor.execute(statement, values)
                        cursor.fetchall()
                    times.append((time.perf_counter() - began) * 1000)
                found[name] = round(min(times), 2)
            raw.rollback()
        finally:
            raw.close()
        return found

    def _walk(self, key: Any, rounds: int, pace: float, number: int) -> None:
        draw, visitor = random.Random(number), self._browser(key)
        if pace:
            time.sleep(draw.random() * pace)  # People do not begin in the same moment.
        page = self._timed("queue page", lambda: visitor.get("/queue"))
        visitor.csrf = token_in(page.text)
        here = visitor.get(f"/queue/start{STARTS[number % len(STARTS)]}").location or ""
        for turn in range(rounds):
            if "/findings/" not in here:
                return  # Nothing of what this one looks at is left.
            began = time.monotonic()
            self._timed("finding page", lambda: visitor.get(here))  # noqa: B023 Called at once.
            answer = self._timed("decision", lambda: self._reject(visitor, here))  # noqa: B023
            finding = here.rsplit("/", 1)[-1].partition("?")[0]
            with self._lock:
                self._said.append((finding, str(key), answer.status_code))
            here = answer.json["next"] if answer.status_code == 200 and answer.json else self._next(visitor, here)
            if turn % 4 == 1:
                self._timed("queue page", lambda: visitor.get("/queue"))
            if turn % 4 == 3:
                asked = SEARCHES[(number + turn) % len(SEARCHES)]
                self._timed("search", lambda: visitor.get(f"/search?q={asked}"))  # noqa: B023
            time.sleep(max(0.0, pace - (time.monotonic() - began)))

    def _reject(self, visitor: Browser, address: str) -> TestResponse:
        return visitor.post(f"{address}/reject", {"reason": "policy"}, headers=_SCRIPT)

    def _next(self, visitor: Browser, here: str) -> str:
        return visitor.get(f"{here}/next").location or ""

    def _timed(self, name: str, act: Callable[[], TestResponse]) -> TestResponse:
        with self._gate:
            began, busy = time.perf_counter(), time.thread_time()
            answer = act()
            spent = ((time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000)
        if answer.status_code != 200 and (name != "decision" or answer.status_code not in REFUSED):
            raise RuntimeError(f"{name} answered {answer.status_code}")
        with self._lock:
            self._times.setdefault(name, []).append(spent)
        return answer

    def _browser(self, key: Any) -> Browser:
        client = self.app.test_client()
        with self.database.transaction() as session:
            secret = accounts.open_log_in(session, session.get_one(Person, key), now=utcnow())
        client.set_cookie("salient", secret)
        return Browser(client)

    def _record(self) -> None:
        """Keep the statements of one visit of each page, to run them again."""
        visitor = self._browser(self.company.reviewers[1])
        heard: Statements = []

        def note(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                heard.append((statement, values))

        here = visitor.get("/queue/start").location or ""
        event.listen(self.database.engine, "before_cursor_execute", note)
        pages = {"queue page": "/queue", "finding page": here, "search": f"/search?q={SEARCHES[0]}"}
        for name, address in pages.items():
            visitor.get(address)
            heard.clear()
            visitor.get(address)
            self._recorded[name] = list(heard)
        event.remove(self.database.engine, "before_cursor_execute", note)

    def _state(self) -> tuple[int, int]:
        with self.database.reading() as session:
            head = session.scalars(select(JournalHead.number)).one()
            return head, session.scalar(select(func.count()).where(Finding.verdict.is_not(None))) or 0

    def _outcome(self, head: int, verdicts: int) -> Outcome:
        """Hold what the server said against what it kept."""
        yes = [(finding, person) for finding, person, status in self._said if status == 200]
        with self.database.reading() as session:
            entries = session.execute(
                select(Entry.thing_id, Entry.actor_id, Entry.act).where(Entry.number > head)
            ).all()
            now = session.scalar(select(func.count()).where(Finding.verdict.is_not(None))) or 0
        acts = [(row.thing_id, str(row.actor_id)) for row in entries if row.act.startswith("finding.")]
        settled = [row.thing_id for row in entries if row.act in ("finding.rejected", "finding.confirmed")]
        return Outcome(
            figures={name: _figure(times) for name, times in self._times.items()},
            decided=len(yes),
            refused=sum(status in REFUSED for _, _, status in self._said),
            kept=now - verdicts,
            noted=len(acts),
            lost=len(set(yes) - set(acts)) + abs((now - verdicts) - len(set(settled))),
            double=len(settled) - len(set(settled)) + len(acts) - len(set(acts)),
        )


def _figure(times: list[tuple[float, float]]) -> Figure:
    clock, busy = sorted(row[0] for row in times), sorted(row[1] for row in times)
    last = len(clock) - 1
    return Figure(
        len(clock), round(clock[last // 2], 1), round(clock[min(last, int(len(clock) * 0.95))], 1),
        round(busy[last // 2], 1),
    )  # fmt: skip
