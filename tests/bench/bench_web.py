"""Server time of the desk's pages with many findings and many reviewers, beside the bare SQL for the same rows.

Reviewers come at a pace, as people do: each decides once in `--pace` seconds, reads the page before it, and now and
then looks at the queue or searches. `alone` is one reviewer; `together` is all of them at once, in as many web
processes as an installation has by default; many begin at one finding and get in each other's way. Then it is counted
that no decision was lost and none made twice. `SQL` runs the statements of such pages and decisions again, past the
application, reads all their rows, and commits what they write. `CPU` is processor time: of the thread that answers, and
for SQL alone with that of PostgreSQL's process. On a busy machine it says more than the clock, which counts waiting for
a processor too. All figures are milliseconds.

python -m tests.bench.bench_web [--findings 100000] [--database both|sqlite|postgresql] [--rounds 20] [--json FILE]
python -m tests.bench.bench_web --url DATABASE_URL     what `salient seed` filled before; the decisions stay in it
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from models import migrations
from models.db import Database
from models.documents import Document
from models.findings import Finding
from models.people import Person, Role
from models.supplychain import Supplier
from tests.bench.desk_outcome import Figure, Outcome, Standing, outcome
from tests.bench.desk_visits import Desk, Where, together
from tests.support import postgres
from webapp.seeding import Size, load
from webapp.settings import Settings

TODAY = date(2026, 11, 1)
"""The invented history ends on the same day each time."""
ALONE = 5
"""The one reviewer decides so many times as often as each of many, so that there is enough to measure."""
WANTED = 50.0
"""Milliseconds at the 95th percentile that a page may take."""
_SETTINGS = {"max_connections": "200", "shared_buffers": "128MB"}
"""PostgreSQL as it comes, which keeps every commit, but for the number of connections."""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--findings", type=int, default=100_000)
    asked.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    asked.add_argument("--reviewers", type=int, default=20)
    asked.add_argument("--rounds", type=int, default=20, help="decisions of each reviewer")
    asked.add_argument("--pace", type=float, default=2.0, help="seconds from one decision of a reviewer to the next")
    asked.add_argument("--processes", type=int, default=Settings().web_processes, help="web processes")
    asked.add_argument("--folder", type=Path, help="where the databases are made; a place that is removed afterwards")
    asked.add_argument("--url", help="a database that is filled already")
    asked.add_argument("--json", type=Path, help="write the figures here too")
    options = asked.parse_args()
    size = Size.of(options.findings, today=TODAY, reviewers=options.reviewers)
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    report: dict[str, object] = {"cores": os.cpu_count()}
    if options.url:
        with tempfile.TemporaryDirectory() as name:
            report["given"] = _measure(Where(options.url, Path(name)), options)
    else:
        report["size"] = {**asdict(size), "today": str(size.today)}
        report |= {kind: _filled(kind, size, options) for kind in kinds}
    if options.json:
        options.json.write_text(json.dumps(report, indent=2), encoding="utf-8")


def _filled(kind: str, size: Size, options: argparse.Namespace) -> dict[str, object]:
    """Fill a database of its own and measure on it."""
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        if kind == "sqlite":
            where = Where(f"sqlite:///{folder}/bench.db", folder)
            return _fill(where, size) | _measure(where, options)
        with postgres.server(_SETTINGS) as running:
            running.sql("CREATE DATABASE bench")
            where = Where(running.url("bench"), folder)
            return _fill(where, size) | _measure(where, options)


def _fill(where: Where, size: Size) -> dict[str, object]:
    database = Database.open(where.url)
    migrations.upgrade(database.engine)
    began, busy = time.monotonic(), time.process_time()
    load.fill(database, size)
    took, busy = time.monotonic() - began, time.process_time() - busy
    database.close()
    print(
        f"\nwritten in {took:.0f} s: {size.findings / took:.0f} findings a second by the clock, "
        f"{size.findings / busy:.0f} by the processor time of the process that writes"
    )
    return {"seconds_to_seed": round(took, 1), "busy_seconds_to_seed": round(busy, 1)}


def _measure(where: Where, options: argparse.Namespace) -> dict[str, object]:
    database = Database.open(where.url)
    with database.reading() as session:
        reviewers = select(Person.id).where(Person.role == Role.REVIEWER).order_by(Person.id)
        people = list(session.scalars(reviewers.limit(options.reviewers)))
        counts = [session.scalar(select(func.count()).select_from(noun)) for noun in (Finding, Document, Supplier)]
    print(f"{database.engine.dialect.name}: {counts[0]} findings, {counts[1]} documents, {counts[2]} suppliers")
    before = os.getloadavg()
    standing, desk = Standing.now(database), Desk(where)
    early = desk.warm_up(people[0])
    alone = desk.visit([(0, people[0])], options.rounds * ALONE, pace=0.0)
    alone.add(early)
    single = outcome(database, standing, alone)
    bare = desk.bare(people[1])
    desk.database.close()
    standing = Standing.now(database)
    met = together(where, people, options.rounds, pace=options.pace, processes=options.processes)
    many = outcome(database, standing, met)
    database.close()
    _print(single, many, bare, len(people), options)
    after = os.getloadavg()
    print(f"load of the machine ({os.cpu_count()} cores): {before[0]:.1f} before, {after[0]:.1f} after")
    return {
        "load": [before[0], after[0]],
        "alone": asdict(single),
        "together": asdict(many),
        "sql": {name: asdict(row) for name, row in bare.items()},
    }


def _print(alone: Outcome, many: Outcome, bare: dict[str, Figure], reviewers: int, options: argparse.Namespace) -> None:
    parts = ("p50", "p95", "CPU p50", "CPU p95")
    print(f"{'':14}{'alone':>36}{f'{reviewers} together':>36}{'SQL alone':>36}")
    print(f"{'ms':14}" + "".join(f"{head:>9}" for head in (*parts, *parts, *parts)))
    for name, one in alone.figures.items():
        three = (one, many.figures[name], bare[name])
        cells = [cell for row in three for cell in (row.p50, row.p95, row.cpu50, row.cpu95)]
        print(f"{name:14}" + "".join(f"{cell:9.1f}" for cell in cells))
    for figures, who in ((alone.figures, "alone"), (many.figures, "together")):
        over = [f"{name} by {row.p95 - WANTED:.0f}" for name, row in figures.items() if row.p95 > WANTED]
        print(f"more than {WANTED:.0f} ms at the 95th percentile, {who}: {', '.join(over) or 'none'}")
    whole = f"{reviewers} at a pace of {options.pace:g} s in {options.processes} processes"
    for made, who in ((alone, "alone"), (many, whole)):
        print(
            f"{who}: {made.decided} decisions answered with yes, {made.refused} with 'somebody was first', "
            f"{made.kept} kept with {made.noted} journal entries: {made.lost} lost, {made.double} double"
        )


if __name__ == "__main__":
    main()
