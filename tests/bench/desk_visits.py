"""Reviewers at the desk for the benchmark: each walks through the queue, and every answer is timed and counted."""

from __future__ import annotations

import gc
import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from models.base import utcnow
from models.db import Database
from models.operations import accounts
from models.people import Person
from models.vault import FolderVault
from tests.bench.bare_sql import Taken, again, listening, way_back
from tests.bench.desk_outcome import REFUSED, Figure, Visits, figure
from tests.webapp.browsing import Browser, token_in
from webapp.factory import create_app
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings

SEARCHES = ("passports+dormitory", "deposit+Belcor", "wages+payslip+late", "exit+locked+outside", "solvents")
STARTS = ("", "?severity=medium", "?severity=high", "", "?severity=low", "?language=es")
"""Where reviewers begin. Those who begin at the same place get in each other's way."""
TURNS = 8
"""After so many decisions a reviewer begins at another place."""
SAMPLES = 12
"""So many pages of each kind are asked of the database once more without the application."""
_SCRIPT = {"X-Salient-Script": "1"}


@dataclass(frozen=True, slots=True)
class Where:
    """What a process needs to answer requests: a database and a folder."""

    url: str
    folder: Path


class Desk:
    """The application with its reviewers. As many requests are answered at a time as by one web process."""

    def __init__(self, where: Where) -> None:
        settings = Settings(data=where.folder, exploration_percent=0)
        self.database = Database.open(where.url, pool_size=30)
        runtime = Runtime(settings, self.database, FolderVault(where.folder / "vault"), Doorbell("unix:///none"))
        self.app: Flask = create_app(settings, runtime=runtime)
        self.app.config["RATELIMIT_ENABLED"] = False
        gc.collect()
        gc.freeze()  # As a process of the web server does when it begins.
        self._gate = threading.Semaphore(settings.web_threads)
        self._lock = threading.Lock()
        self._met = Visits()
        self._faults: list[Exception] = []

    def warm_up(self, key: UUID) -> Visits:
        """Do what is done once a process. Its decisions count, its times do not."""
        self._met = Visits()
        self._walk(key, 5, 0.0, 0)
        return Visits(said=self._met.said)

    def visit(self, reviewers: list[tuple[int, UUID]], rounds: int, *, pace: float) -> Visits:
        """Let these reviewers come, and wait until each has decided `rounds` times. Raises what went wrong."""
        self._met, self._faults = Visits(), []
        threads = [threading.Thread(target=self._safely, args=(key, rounds, pace, number)) for number, key in reviewers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._faults:
            raise self._faults[0]
        return self._met

    def bare(self, key: UUID) -> dict[str, Figure]:
        """Milliseconds of the same statements past the application."""
        visitor = self._visitor(key)
        found: dict[str, list[Taken]] = {}
        for number in range(SAMPLES):
            here = self._start(visitor, number)
            for name, address in (
                ("queue page", "/queue"), ("finding page", here),
                ("search", f"/search?q={SEARCHES[number % len(SEARCHES)]}"),
            ):  # fmt: skip
                with listening(self.database) as heard:
                    visitor.get(address)
                found.setdefault(name, []).append(again(self.database, heard))
            put_back = way_back(self.database, UUID(_finding(here)))
            with listening(self.database) as heard:
                answer = _reject(visitor, here)
            if answer.status_code == 200:
                found.setdefault("decision", []).append(again(self.database, heard, put_back))
        return {name: figure([(one.clock, one.busy) for one in values]) for name, values in found.items()}

    def _safely(self, key: UUID, rounds: int, pace: float, number: int) -> None:
        try:
            self._walk(key, rounds, pace, number)
        except Exception as fault:  # noqa: BLE001 Raised again when all have ended.
            self._faults.append(fault)

    def _walk(self, key: UUID, rounds: int, pace: float, number: int) -> None:
        draw, visitor = random.Random(number), self._visitor(key)
        time.sleep(draw.random() * pace)  # People do not begin in the same moment.
        here = ""
        for turn in range(rounds):
            if turn % TURNS == 0 or "/findings/" not in here:
                here = self._start(visitor, number + turn // TURNS)
            began = time.monotonic()
            self._timed("finding page", lambda: visitor.get(here))  # noqa: B023 Called at once.
            answer = self._timed("decision", lambda: _reject(visitor, here))  # noqa: B023
            with self._lock:
                self._met.said.append((_finding(here), str(key), answer.status_code))
            here = answer.json["next"] if answer.status_code == 200 and answer.json else self._next(visitor, here)
            if turn % 4 == 1:
                self._timed("queue page", lambda: visitor.get("/queue"))
            if turn % 4 == 3:
                asked = SEARCHES[(number + turn // 4) % len(SEARCHES)]
                self._timed("search", lambda: visitor.get(f"/search?q={asked}"))  # noqa: B023
            time.sleep(max(0.0, pace - (time.monotonic() - began)))

    def _start(self, visitor: Browser, number: int) -> str:
        """The first finding from one of the places to begin at; from the top where nothing is left there."""
        here = visitor.get(f"/queue/start{STARTS[number % len(STARTS)]}").location or ""
        if "/findings/" not in here:
            here = visitor.get("/queue/start").location or ""
        if "/findings/" not in here:
            raise RuntimeError("nothing is left to decide: ask for more findings or for fewer rounds")
        return here

    def _next(self, visitor: Browser, here: str) -> str:
        path, mark, query = here.partition("?")
        return visitor.get(f"{path}/next{mark}{query}").location or ""

    def _timed(self, name: str, act: Callable[[], TestResponse]) -> TestResponse:
        with self._gate:
            began, busy = time.perf_counter(), time.thread_time()
            answer = act()
            spent = ((time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000)
        if answer.status_code != 200 and (name != "decision" or answer.status_code not in REFUSED):
            raise RuntimeError(f"{name} answered {answer.status_code}")
        with self._lock:
            self._met.times.setdefault(name, []).append(spent)
        return answer

    def _visitor(self, key: UUID) -> Browser:
        client = self.app.test_client()
        with self.database.transaction() as session:
            secret = accounts.open_log_in(session, session.get_one(Person, key), now=utcnow())
        client.set_cookie("salient", secret)
        visitor = Browser(client)
        visitor.csrf = token_in(visitor.get("/queue").text)
        return visitor


def together(where: Where, reviewers: list[UUID], rounds: int, *, pace: float, processes: int) -> Visits:
    """Let all reviewers come at once, shared out among so many web processes. Raises RuntimeError where one failed."""
    fresh = multiprocessing.get_context("spawn")
    begin, told = fresh.Barrier(processes), fresh.Queue()
    shares = [list(enumerate(reviewers))[place::processes] for place in range(processes)]
    running = [fresh.Process(target=_process, args=(where, share, rounds, pace, begin, told)) for share in shares]
    for one in running:
        one.start()
    met = Visits()
    for _ in running:
        answer = told.get()
        if isinstance(answer, str):
            for one in running:
                one.terminate()
            raise RuntimeError(answer)  # noqa: TRY004 It is not the type that is wrong.
        met.add(answer)
    for one in running:
        one.join()
    return met


def _process(where: Where, share: list[tuple[int, UUID]], rounds: int, pace: float, begin: Any, told: Any) -> None:
    try:
        desk = Desk(where)
        early = desk.warm_up(share[0][1])
        begin.wait(120)
        met = desk.visit(share, rounds, pace=pace)
    except Exception as fault:  # noqa: BLE001 Told to the process that waits.
        told.put(f"{type(fault).__name__}: {fault}")
        return
    met.add(early)
    told.put(met)


def _reject(visitor: Browser, here: str) -> TestResponse:
    path, mark, query = here.partition("?")
    return visitor.post(f"{path}/reject{mark}{query}", {"reason": "policy"}, headers=_SCRIPT)


def _finding(here: str) -> str:
    """The key in the address of a finding."""
    return here.partition("?")[0].rsplit("/", 1)[-1]
