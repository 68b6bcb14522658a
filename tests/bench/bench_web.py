"""Server time of the desk's pages with many findings and many reviewers, beside the bare SQL for the same rows.

Reviewers come at a pace, as people do: each decides once in `--pace` seconds, reads the page before it, and now and
then looks at the queue or searches. `alone` is one reviewer; `together` is all of them at once, in as many web
processes as an installation has by default; many begin at one finding and get in each other's way. Then it is counted
that no decision was lost and none made twice. `SQL` runs the statements of such pages and decisions again, past the
application, reads all their rows, and commits what they write. `CPU` is the processor time of the thread that answers:
on a busy machine it says more than the clock. All figures are milliseconds.

python -m tests.bench.bench_web [--findings 100000] [--database both|sqlite|postgresql] [--rounds 20] [--json FILE]
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

from models import migrations
from models.db import Database
from tests.bench.desk_outcome import Outcome, Standing, outcome
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
    asked.add_argument("--json", type=Path, help="write the figures here too")
    options = asked.parse_args()
    size = Size.of(options.findings, today=TODAY, reviewers=options.reviewers)
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    report: dict[str, object] = {"size": {**asdict(size), "today": str(size.today)}, "cores": os.cpu_count()}
    for kind in kinds:
        report[kind] = _measured(kind, size, options)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2), encoding="utf-8")


def _measured(kind: str, size: Size, options: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        if kind == "sqlite":
            return _measure(kind, Where(f"sqlite:///{folder}/bench.db", folder), size, options)
        with postgres.server(_SETTINGS) as running:
            running.sql("CREATE DATABASE bench")
            return _measure(kind, Where(running.url("bench"), folder), size, options)


def _measure(kind: str, where: Where, size: Size, options: argparse.Namespace) -> dict[str, object]:
    database = Database.open(where.url)
    migrations.upgrade(database.engine)
    began, busy = time.monotonic(), time.process_time()
    people = list(load.fill(database, size).reviewers)
    took, busy = time.monotonic() - began, time.process_time() - busy
    print(
        f"\n{kind}: {size.findings} findings, {size.documents} documents, {size.suppliers} suppliers, written in "
        f"{took:.0f} s ({size.findings / took:.0f} findings a second; {busy:.0f} s of this process)"
    )
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
    _print(single, many, bare, size.reviewers, options)
    after = os.getloadavg()
    print(f"load of the machine ({os.cpu_count()} cores): {before[0]:.1f} before, {after[0]:.1f} after")
    return {
        "seconds_to_seed": round(took, 1), "load": [before[0], after[0]], "alone": asdict(single),
        "together": asdict(many), "sql_ms": bare,
    }  # fmt: skip


def _print(
    alone: Outcome, many: Outcome, bare: dict[str, tuple[float, float]], reviewers: int, options: argparse.Namespace
) -> None:
    parts = ("p50", "p95", "CPU p50", "CPU p95")
    print(f"{'':14}{'alone':>36}{f'{reviewers} together':>36}{'SQL':>16}")
    print(f"{'ms':14}" + "".join(f"{head:>9}" for head in (*parts, *parts)) + f"{'p50':>8}{'p95':>8}")
    for name, one in alone.figures.items():
        other = many.figures[name]
        cells = [one.p50, one.p95, one.cpu50, one.cpu95, other.p50, other.p95, other.cpu50, other.cpu95]
        print(f"{name:14}" + "".join(f"{cell:9.1f}" for cell in cells) + "".join(f"{ms:8.1f}" for ms in bare[name]))
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
