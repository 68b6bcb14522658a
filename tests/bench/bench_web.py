"""Server time of the desk's pages with many findings and many reviewers at once, beside the bare SQL of each.

All reviewers share one process here, and so one core: their times say how much they wait for one another.

python -m tests.bench.bench_web [--findings 200000] [--database sqlite|postgresql] [--rounds 20]
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import event, text

from models import migrations
from models.base import utcnow
from models.db import Database
from models.operations import accounts
from models.people import Person
from models.vault import FolderVault
from tests.bench.desk_seed import seed
from tests.support import postgres
from tests.webapp.browsing import Browser, token_in
from webapp.factory import create_app
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings

Times = dict[str, list[float]]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--findings", type=int, default=200_000)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--rounds", type=int, default=15)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.database == "sqlite":
            measure(Path(folder), f"sqlite:///{folder}/bench.db", options.findings, options.rounds)
            return
        with postgres.server() as running:
            running.sql("CREATE DATABASE bench")
            measure(Path(folder), running.url("bench"), options.findings, options.rounds)


def measure(folder: Path, url: str, findings: int, rounds: int) -> None:
    database = Database.open(url, pool_size=30)
    migrations.upgrade(database.engine)
    began = time.monotonic()
    people = seed(database, findings)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if "sqlite" in url else "VACUUM ANALYZE"))
    print(f"{findings} findings, {findings // 10} documents in {time.monotonic() - began:.0f} s ({url.split(':')[0]})")
    settings = Settings(data=folder, exploration_percent=0)
    app = create_app(
        settings, runtime=Runtime(settings, database, FolderVault(folder / "vault"), Doorbell("unix:///none"))
    )
    app.config["RATELIMIT_ENABLED"] = False
    alone = _spent(app, database, people[:1], rounds)
    # A process holds at most fifteen connections to SQLite, as its web server's threads do.
    crowd = people[:12] if "sqlite" in url else people
    together = _spent(app, database, crowd, rounds)
    print(f"{'':28}{'alone, ms':>22}{f'{len(crowd)} at once, ms':>22}{'its SQL alone, ms':>20}")
    for name in alone[0]:
        one, many, bare = alone[0][name], together[0][name], alone[1][name]
        print(f"{name:28}{_two(one):>22}{_two(many):>22}{statistics.median(bare):>20.1f}")
    print("median / 95th percentile; `its SQL` is the time inside the database driver, median")


def _two(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} / {ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]:.1f}"


def _spent(app: Flask, database: Database, people: list[Person], rounds: int) -> tuple[Times, Times]:
    """Milliseconds in the application by act, and within them in the database."""
    spent: Times = {name: [] for name in ("queue page", "queue, one supplier", "finding page", "decision", "search")}
    inside: Times = {name: [] for name in spent}
    in_sql = threading.local()

    @event.listens_for(database.engine, "before_cursor_execute")
    def start(*_ignored: object) -> None:
        in_sql.began = time.perf_counter()

    @event.listens_for(database.engine, "after_cursor_execute")
    def stop(*_ignored: object) -> None:
        in_sql.total = getattr(in_sql, "total", 0.0) + time.perf_counter() - in_sql.began

    def timed(name: str, act: Callable[[], str]) -> str:
        in_sql.total, began = 0.0, time.perf_counter()
        answer = act()
        spent[name].append((time.perf_counter() - began) * 1000)
        inside[name].append(in_sql.total * 1000)
        return answer

    def work(person: Person, number: int) -> None:
        visitor = _browser(app, database, person)
        visitor.csrf = token_in(visitor.get("/queue").text)
        here = visitor.get("/queue/start").location or ""
        for turn in range(rounds):
            page = timed("queue page", lambda: visitor.get("/queue").text)
            rows = re.findall(r"/findings/([0-9a-f-]{36})", page)
            supplier = re.findall(r'<option value="([0-9a-f-]{36})"', page)[number]
            timed("queue, one supplier", partial(_get, visitor, f"/queue?supplier={supplier}"))
            here = f"/findings/{rows[(number * 7 + turn) % len(rows)]}"
            timed("finding page", partial(_get, visitor, here))
            timed("decision", partial(_reject, visitor, here))
            timed("search", lambda: visitor.get("/search?q=passports+dormitory+wages").text)

    threads = [threading.Thread(target=work, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event.remove(database.engine, "before_cursor_execute", start)
    event.remove(database.engine, "after_cursor_execute", stop)
    return spent, inside


def _get(visitor: Browser, address: str) -> str:
    return visitor.get(address).text


def _reject(visitor: Browser, address: str) -> str:
    return visitor.post(f"{address}/reject", {"reason": "policy"}, headers={"X-Salient-Script": "1"}).text


def _browser(app: Flask, database: Database, person: Person) -> Browser:
    client = app.test_client()
    with database.transaction() as session:
        secret = accounts.open_log_in(session, person, now=utcnow())
    client.set_cookie("salient", secret)
    return Browser(client)


if __name__ == "__main__":
    main()
