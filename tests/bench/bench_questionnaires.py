"""Lets 200 suppliers answer at once against a real server, on SQLite and PostgreSQL, and times the largest form.

Two measurements (bars of the questionnaires' issue):
- Each supplier answers the entry set, one answer after another, with a pause in between (10 seconds by default: twice
  as fast as the ten minutes that the set is made for): errors, and the 50th, 95th and 99th percentile of the time until
  an answer is kept. Opening the first page is spread over --opening seconds and not measured. Bar: no error, 95th
  percentile under 250 ms.
  Beside it stand the load of the machine (processes that wanted a core, over a minute, before and after) and what an
  answer costs the server in processor time, which says what the percentiles would be on a machine of its own.
- One answer in a definition of 7,000 questions with about 10,000 conditions, in one process: bar 50 ms.

Usage: python tests/bench/bench_questionnaires.py [--suppliers 200] [--answers 10] [--pause 10] [--only sqlite]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models import migrations
from models.base import utcnow
from models.db import Database
from models.operations import accounts
from models.people import Role
from questionnaires import answering, issuing, library
from questionnaires.answering import Given
from questionnaires.definition import Kind
from questionnaires.library import shipped
from tests.factories import make_organisation, make_person, make_supplier
from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]
VALUES = {Kind.TEXT: "A few words.", Kind.NUMBER: "7", Kind.REFERENCE: "Somebody", Kind.YES_NO: "yes"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One supplier with its log-in and its questionnaire."""

    token: str
    submission: str


@dataclass(slots=True)
class Tally:
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seconds: float, status: int) -> None:
        with self.lock:
            self.seconds.append(seconds)
            if status != 200:
                self.errors.append(str(status))


def seats(address: str, many: int) -> list[Seat]:
    database = Database.open(address)
    migrations.upgrade(database.engine)
    made = []
    with database.transaction() as session:
        buyer = make_organisation(session)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=buyer)
        entry = issuing.publish_shipped(session, "entry", now=utcnow())
        for _ in range(many):
            supplier = make_supplier(session, buyer=buyer)
            person = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
            issued = issuing.issue(session, entry.id, supplier.id, by=lead, now=utcnow())
            made.append(Seat(accounts.open_log_in(session, person, now=utcnow()), str(issued.id)))
    database.close()
    return made


def processor_ms(pid: int) -> float:
    """Milliseconds of processor time that a process and its children have used so far (Linux: /proc/PID/stat)."""
    found = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(path.parent.name) == pid or int(fields[1]) == pid:
                found += (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return found


@contextlib.contextmanager
def web(address: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The product's own web server on this database: its port and its process."""
    port = postgres.free_port()
    environ = os.environ | {"DATABASE_URL": address, "SALIENT_DATA": str(folder), "SALIENT_PORT": str(port)}
    command = [sys.executable, "-m", "webapp", "web"]
    with (folder / "web.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                    break
                time.sleep(0.2)
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def answer_all(
    port: int, seat: Seat, tally: Tally, answers: int, pause: float, opening: float, start: threading.Barrier
) -> None:
    """One supplier: opens the first page, then answers question after question as the page's script does."""
    cookies = {"salient": seat.token}

    def ask(method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()), "X-Salient-Script": "1"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)  # A new one each time: phones wander.
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.split(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    time.sleep(random.uniform(0, opening))
    token, _status = None, 0
    with contextlib.suppress(OSError):
        _status, page = ask("GET", f"/questionnaires/{seat.submission}/sections/company")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        tally.add(0.0, _status or 500)
    start.wait()
    if token is None:
        return
    asked = [q for q in shipped("entry").questions.values() if q.kind in VALUES or q.kind is Kind.SINGLE][:answers]
    time.sleep(random.uniform(0, pause))
    for question in asked:
        value = question.choices[0].id if question.kind is Kind.SINGLE else VALUES[question.kind]
        body = urlencode({"csrf_token": token[1], "question": question.id, f"a.{question.id}": value,
                          f"v.{question.id}": f"0:{random.getrandbits(96):x}"})  # fmt: skip
        began = time.perf_counter()
        try:
            status, _ = ask("POST", f"/questionnaires/{seat.submission}/answers", body)
        except OSError as error:
            tally.errors.append(type(error).__name__)
            return
        tally.add(time.perf_counter() - began, status)
        time.sleep(random.uniform(0.5, 1.5) * pause)


def crowd(name: str, address: str, many: int, answers: int, pause: float, opening: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        seated, tally = seats(address, many), Tally()
        with web(address, Path(folder)) as (port, pid):
            start = threading.Barrier(many + 1)
            threads = [
                threading.Thread(target=answer_all, args=(port, seat, tally, answers, pause, opening, start))
                for seat in seated
            ]
            for thread in threads:
                thread.start()
            start.wait()
            began, used, load = time.perf_counter(), processor_ms(pid), os.getloadavg()[0]
            for thread in threads:
                thread.join()
            spent, used = time.perf_counter() - began, processor_ms(pid) - used
    ordered = sorted(tally.seconds)
    at = {p: round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))], 1) for p in (50, 95, 99)}
    return {"database": name, "suppliers": many, "pause_s": pause, "answers": len(ordered), "errors": len(tally.errors),
            "kinds": sorted(set(tally.errors)), "per_second": round(len(ordered) / spent, 1), "ms": at,
            "server_cpu_ms_an_answer": round(used / max(1, len(ordered)), 1), "cores": os.cpu_count(),
            "load": [round(load, 1), round(os.getloadavg()[0], 1)]}  # fmt: skip


def large(questions: int = 7000) -> str:
    """A definition whose questions hang on each other in chains: about 10,000 conditions."""
    lines = ["id: large", 'version: "1"', "title: Large", "sections:"]
    for number in range(questions):
        if number % 100 == 0:
            lines += [f"  - id: s{number // 100}", f"    title: Section {number // 100}", "    questions:"]
        rule = f", relevant: \"q{number - 1} != 'no' and q{number - number % 100} != 'no'\"" if number % 100 else ""
        lines.append(f"      - {{id: q{number}, kind: yes_no, label: Question {number}?, required: true{rule}}}")
    return "\n".join(lines)


def one_answer(address: str) -> dict[str, object]:
    """The cost of keeping one answer with its transaction, after the first, in the largest form half answered."""
    database = Database.open(address)
    migrations.upgrade(database.engine)
    with database.transaction() as session:
        supplier = make_supplier(session)
        lead = make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
        person = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        began = time.perf_counter()
        row = issuing.publish(session, large(), {}, by=lead, now=utcnow())
        published = time.perf_counter() - began
        issued = issuing.issue(
            session, row.id, supplier.id, by=lead, now=utcnow(), due_on=utcnow().date() + timedelta(9)
        )
    spent = []
    for number in range(3500):
        began = time.perf_counter()
        with database.transaction() as session:
            given = Given(f"q{number}", "yes", f"k{number}", 0)
            answering.save_answer(session, issued.id, given, by=person, now=utcnow())
        spent.append(1000 * (time.perf_counter() - began))
    database.close()
    late = sorted(spent[-500:])
    return {"questions": 7000, "publish_s": round(published, 2), "first_ms": round(spent[0], 1),
            "median_ms": round(statistics.median(late), 1), "p95_ms": round(late[-len(late) // 20], 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suppliers", type=int, default=200)
    parser.add_argument("--answers", type=int, default=10)
    parser.add_argument("--pause", type=float, default=10.0, help="Seconds between two answers of one supplier")
    parser.add_argument("--opening", type=float, default=30.0, help="Seconds over which the first pages are opened")
    parser.add_argument("--only", choices=["sqlite", "postgresql", "large"])
    told = parser.parse_args()
    assert library.names()
    with tempfile.TemporaryDirectory() as folder:
        if told.only in (None, "large"):
            print(json.dumps(one_answer(f"sqlite:///{folder}/large.db")))
        if told.only in (None, "sqlite"):
            print(
                json.dumps(
                    crowd("sqlite", f"sqlite:///{folder}/s.db", told.suppliers, told.answers, told.pause, told.opening)
                )
            )
    if told.only in (None, "postgresql"):
        with postgres.server() as running:
            running.sql("CREATE DATABASE bench")
            address = running.url("bench")
            print(json.dumps(crowd("postgresql", address, told.suppliers, told.answers, told.pause, told.opening)))


if __name__ == "__main__":
    main()
