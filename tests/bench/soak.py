"""Kills workers and the queue server for minutes while documents are screened, and counts what became of them.

The bars (hardening, rows R4 and R5): 500 documents, at least 30 workers killed, one every 2 to 5 seconds, and the
queue server at least 10 times and emptied once, for each of 3 seeds. Nothing may be lost or recorded twice, and the
finding rows must equal those of a run without faults.

Usage: python tests/bench/soak.py [--documents 500] [--kills 30] [--seeds 3] [--database postgresql://...]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.queue.house import House, Row, Tally, horse, kill, make_pdf

LEASE = 5
SEED_OF_THE_CALM = 0


@dataclass(slots=True)
class Harm:
    worker_kills: int = 0
    horse_kills: int = 0
    queue_kills: int = 0
    flushes: int = 0


def migrated(address: str) -> str:
    from models import migrations
    from models.db import Database

    database = Database.open(address)
    migrations.upgrade(database.engine)
    database.close()
    return address


def do_harm(house: House, harm: Harm, chance: random.Random, kills: int) -> None:
    """One kill every 2 to 5 seconds until enough workers died; every second time the queue server goes too."""
    while harm.worker_kills < kills:
        time.sleep(chance.uniform(2, 5))
        place = chance.randrange(len(house.workers))
        victim = house.workers[place]
        child = horse(victim.pid)
        if child is not None and chance.random() < 0.3:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                harm.horse_kills += 1
            continue
        kill(victim)
        del house.workers[place]
        house.start_worker()
        harm.worker_kills += 1
        if harm.worker_kills % 2 == 0:
            house.kill_queue()
            harm.queue_kills += 1
            time.sleep(chance.uniform(0, 1))
            house.start_queue()
        if harm.flushes == 0 and harm.worker_kills > kills / 3:
            house.flush_queue()
            harm.flushes = 1


def one_run(files: dict[str, bytes], seed: int, kills: int, database: str | None) -> tuple[Tally, Harm, float]:
    harm = Harm()
    with tempfile.TemporaryDirectory() as place:
        house = House(Path(place), migrated(database or f"sqlite:///{place}/salient.sqlite3"), lease=LEASE)
        began = time.monotonic()
        try:
            house.start(workers=2 if kills else 4)
            house.upload(files)
            if kills:
                do_harm(house, harm, random.Random(seed), kills)
            tally = house.drain(len(files), seconds=1800)
        finally:
            house.close()
        return tally, harm, time.monotonic() - began


def differences(rows: tuple[Row, ...], expected: tuple[Row, ...]) -> int:
    return len(set(rows) ^ set(expected)) + abs(len(rows) - len(expected))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--database", help="an empty database for each run is made beside this one; default SQLite")
    parser.add_argument("--seconds", type=float, default=0.5, help="what each document takes at least")
    asked = parser.parse_args()
    files = {
        f"audit-{number:04}.pdf": make_pdf(number, extra=f"SLEEP {asked.seconds}") for number in range(asked.documents)
    }
    calm, _, seconds = one_run(files, SEED_OF_THE_CALM, 0, fresh(asked.database, 0))
    print(json.dumps({"run": "calm", "seconds": round(seconds, 1), "findings": len(calm.rows), "states": calm.states}))
    failed = calm.lost + calm.twice
    for seed in range(1, asked.seeds + 1):
        tally, harm, seconds = one_run(files, seed, asked.kills, fresh(asked.database, seed))
        wrong = differences(tally.rows, calm.rows)
        failed += tally.lost + tally.twice + wrong
        figures = {
            "run": f"seed {seed}", "documents": tally.documents, "seconds": round(seconds, 1),
            "workers_killed": harm.worker_kills, "children_killed": harm.horse_kills,
            "queue_killed": harm.queue_kills, "queue_emptied": harm.flushes, "tries": tally.attempts,
            "lost": tally.lost, "twice": tally.twice, "finding_rows_that_differ": wrong, "states": tally.states,
        }  # fmt: skip
        print(json.dumps(figures), flush=True)
    sys.exit(1 if failed else 0)


def fresh(address: str | None, number: int) -> str | None:
    """A new, empty database on the same PostgreSQL server."""
    if address is None:
        return None
    from sqlalchemy import create_engine, text

    name = f"soak_{os.getpid()}_{number}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{address.rpartition('/')[0]}/{name}"


if __name__ == "__main__":
    main()
