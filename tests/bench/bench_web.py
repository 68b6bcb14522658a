"""Server time of the desk's pages with many findings and many reviewers, beside the bare SQL for the same rows.

Reviewers come at a pace, as people do: each decides once in `--pace` seconds. All share one process here, and so one
core. `alone` is one reviewer; `together` is all of them at once, who begin at the same finding and get in each other's
way; at the end it is counted that no decision was lost and none made twice. `SQL` runs the statements of one such
page again, past the application, and reads all their rows. `CPU` is the processor time of the thread that answers:
on a busy machine it says more than the clock.

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
from models.vault import FolderVault
from tests.bench.desk_visits import Desk, Figure, Outcome
from tests.support import postgres
from webapp.factory import create_app
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.seeding import Size, load
from webapp.settings import Settings

TODAY = date(2026, 11, 1)
"""The invented history ends on the same day each time."""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--findings", type=int, default=100_000)
    asked.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    asked.add_argument("--reviewers", type=int, default=20)
    asked.add_argument("--rounds", type=int, default=20, help="decisions of each reviewer")
    asked.add_argument("--pace", type=float, default=2.0, help="seconds from one decision of a reviewer to the next")
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
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == "sqlite":
            return _measure(kind, folder, f"sqlite:///{folder}/bench.db", size, options)
        with postgres.server() as running:
            running.sql("CREATE DATABASE bench")
            return _measure(kind, folder, running.url("bench"), size, options)


def _measure(kind: str, folder: Path, url: str, size: Size, options: argparse.Namespace) -> dict[str, object]:
    database = Database.open(url, pool_size=30)
    migrations.upgrade(database.engine)
    began = time.monotonic()
    company = load.fill(database, size)
    took = time.monotonic() - began
    settings = Settings(data=folder, exploration_percent=0)
    house = Runtime(settings, database, FolderVault(folder / "vault"), Doorbell("unix:///none"))
    app = create_app(settings, runtime=house)
    app.config["RATELIMIT_ENABLED"] = False
    print(f"\n{kind}: {size.findings} findings, {size.documents} documents, {size.suppliers} suppliers ({took:.0f} s)")
    desk = Desk(app, database, company, limit=settings.web_threads)
    before = os.getloadavg()
    alone = desk.visit(1, options.rounds, pace=0.0)
    together = desk.visit(size.reviewers, options.rounds, pace=options.pace)
    bare = desk.bare()
    after = os.getloadavg()
    database.close()
    _print(alone, together, bare, size.reviewers, options.pace)
    print(f"load of the machine ({os.cpu_count()} cores): {before[0]:.1f} before, {after[0]:.1f} after")
    return {
        "seconds_to_seed": round(took, 1), "load": [before[0], after[0]], "alone": _told(alone),
        "together": _told(together), "sql_ms": bare,
    }  # fmt: skip


def _print(alone: Outcome, together: Outcome, bare: dict[str, float], reviewers: int, pace: float) -> None:
    heads = ("alone p50", "p95", "CPU p50", f"{reviewers} together p50", "p95", "CPU p50", "SQL")
    print(f"{'ms':22}" + "".join(f"{head:>17}" if "tog" in head else f"{head:>11}" for head in heads))
    for name, one in alone.figures.items():
        many = together.figures[name]
        cells = (one.p50, one.p95, one.cpu, many.p50, many.p95, many.cpu, bare.get(name, float("nan")))
        print(f"{name:22}" + "".join(f"{cell:>{17 if place == 3 else 11}.1f}" for place, cell in enumerate(cells)))
    for outcome, who in ((alone, "alone"), (together, f"{reviewers} at a pace of {pace:g} s")):
        print(
            f"{who}: {outcome.decided} decisions answered with yes, {outcome.refused} with 'somebody was first', "
            f"{outcome.kept} kept with {outcome.noted} journal entries: {outcome.lost} lost, {outcome.double} double"
        )


def _told(outcome: Outcome) -> dict[str, object]:
    figures: dict[str, Figure] = outcome.figures
    return {**{name: asdict(figure) for name, figure in figures.items()}, "decisions": {
        "yes": outcome.decided, "refused": outcome.refused, "kept": outcome.kept, "lost": outcome.lost,
        "double": outcome.double,
    }}  # fmt: skip


if __name__ == "__main__":
    main()
