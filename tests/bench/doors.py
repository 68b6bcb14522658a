"""Sends a folder of odd and hostile files through both doors, and prints where each file ended.

Usage: python -m tests.bench.doors FOLDER [--csv hostile.csv] [--door upload|screen|both] [--only ARCHIVE]
                                   [--every N [--part K]] [--minutes M]

`upload` is the product's own upload page, with its queue server and two workers as processes of their own;
`screen` is `salient screen` with two worker processes. Both use the small judge of the tests: what is measured
is whether every file ends in a state, not what is found in it. FOLDER holds the unpacked archives. With `--minutes`
files are sent in the order of their hashes, which is no order at all, until the time is up.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import csv
import io
import json
import math
import os
import sys
import tempfile
import time
from operator import itemgetter
from pathlib import Path

from sqlalchemy import select

from models import migrations
from models.base import utcnow
from models.db import Database
from models.documents import Document
from models.operations import accounts
from models.people import Person
from screening import bulk
from screening.engine.reasons import Reason
from screening.engine.results import State
from tests.bench.hostile import ENOUGH_CHARACTERS, shared
from tests.bench.watching import Watch
from tests.queue.house import House
from tests.queue.judging import WordJudge
from tests.webapp.browsing import Browser
from webapp.factory import create_app

Ends = dict[str, tuple[str, str | None]]
FINAL = {state.value for state in State}
BACKLOG = 40
"""So many files at most wait to be read, so that a run that is broken off by its time ends soon after."""


def agrees(expected: str, characters: int, end: tuple[str, str | None]) -> bool | None:
    """Whether a state is one that a careful reader would give; None where nothing was expected."""
    state = end[0]
    if expected == "text" and characters >= ENOUGH_CHARACTERS:
        return state in (State.SCREENED, State.SCREENED_IN_PART)
    if expected == "password":
        return state == State.NEEDS_PASSWORD
    return None


def through_upload(files: dict[str, Path], *, until: float) -> Ends:
    """Send each by a form, two workers reading; a file that the page refuses is rejected with its sentence.

    Nothing is sent after `until`, on the clock that only goes forward.
    """
    ends: Ends = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        os.environ |= {
            "SALIENT_UPLOADS_PER_HOUR": "100000",
            "SALIENT_SUPPLIER_MB": "100000",
            "SALIENT_UPLOAD_MB": "100",
        }
        url = f"sqlite:///{place}/salient.sqlite3"
        database = Database.open(url)
        migrations.upgrade(database.engine)
        database.close()
        house = House(Path(place), url, lease=30)
        try:
            house.start(workers=2)
            visitor = _visitor(house)
            watch = Watch([os.getpid()])
            for number, (name, path) in enumerate(files.items()):
                while number % 10 == 0 and house.tally().lost > BACKLOG:
                    time.sleep(0.2)
                if time.monotonic() > until:
                    break
                ends[name] = _sent(visitor, name, path.read_bytes())
            _wait(house)
            with house.runtime.database.reading() as session:
                rows = {str(row.id): (row.state.value, row.reason) for row in session.scalars(select(Document))}
            inside = len(rows) - len({first for first, _ in ends.values() if first in rows})
            tally = house.tally()
            print(f"  documents {len(rows)}, {inside} from inside others; not ended {tally.lost}, twice {tally.twice}")
            print(f"  workers that ended by themselves: {sum(worker.poll() is not None for worker in house.workers)}")
            print(f"  heaviest process that reads {watch.ended() / 2**20:.0f} MiB; tries {tally.attempts}")
            return {name: rows.get(end[0], end) for name, end in ends.items()}
        finally:
            house.close()


def _sent(visitor: Browser, name: str, data: bytes) -> tuple[str, str | None]:
    """The number of the document that the page made of a file, or how it was refused."""
    form = {"file": (io.BytesIO(data), name.replace("/", "~")), "csrf_token": visitor.csrf}
    headers = {"X-Salient-Script": "1"}
    answer = visitor.client.post("/upload", data=form, headers=headers, content_type="multipart/form-data")
    told = json.loads(answer.text)
    if not told or not told[0]["kept"]:
        return State.REJECTED.value, f"at the door, {answer.status_code}"
    return told[0]["id"], None


def _visitor(house: House) -> Browser:
    app = create_app(house.settings, runtime=house.runtime)
    client = app.test_client()
    with house.runtime.database.transaction() as session:
        secret = accounts.open_log_in(session, session.get_one(Person, house.sender_id), now=utcnow())
    client.set_cookie("salient", secret)
    visitor = Browser(client)
    visitor.post("/language", {"language": "en"})
    return visitor


def _wait(house: House) -> None:
    """Until everything has ended: archives bring more documents while they are read."""
    began, before = time.monotonic(), -1
    while True:
        tally = house.tally()
        if not tally.lost and tally.documents == before:
            return
        before = tally.documents
        if time.monotonic() - began > 3600:
            return
        time.sleep(1)


def through_screen(files: dict[str, Path]) -> Ends:
    """Read them with `salient screen` and look up where each file ended."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        outcome = bulk.screen(list(files.values()), bulk.Options(out=out, jobs=2, make_screener=WordJudge))
        rows = [json.loads(line) for line in (out / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    print(f"  documents {len(rows)}, of them {len(rows) - len(files)} from inside others; {outcome.seconds:.0f} s")
    print(f"  peak memory {run['peak_memory_bytes']}, text recognition {run['text_recognition']}")
    known = {str(path): name for name, path in files.items()}
    return {known[row["file"]]: (row["state"], row["reason"]) for row in rows if row["file"] in known}


def judge(ends: Ends, files: dict[str, Path], expected: dict[str, tuple[str, int]]) -> None:
    counts = collections.Counter(f"{state}:{reason}" if reason else state for state, reason in ends.values())
    strange = [name for name, (state, _) in ends.items() if state not in FINAL]
    reasons = {reason.value for reason in Reason}
    unknown = [name for name, (_, why) in ends.items() if why and why not in reasons and not why.startswith("at the")]
    print(f"  {len(ends)} of {len(files)} ended; in no known state {len(strange)}, for no known reason {len(unknown)}")
    judged = {name: agrees(*expected[name], end) for name, end in ends.items() if name in expected}
    for what in ("text", "password"):
        own = {name: right for name, right in judged.items() if right is not None and expected[name][0] == what}
        wrong = sorted(name for name, right in own.items() if not right)
        print(f"  {what}: {len(own) - len(wrong)} of {len(own)} as expected", *wrong[:10])
    for end, number in sorted(counts.items()):
        print(f"    {end:48} {number}")
    for name in strange[:10]:
        print("    no end:", name, ends[name])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csv", type=Path, default=shared() / "documents" / "hostile.csv")
    parser.add_argument("--door", choices=("upload", "screen", "both"), default="both")
    parser.add_argument("--only", default="", metavar="ARCHIVE", help="only the files of one archive")
    parser.add_argument("--minutes", type=float, default=0, help="send no more after so long (upload only)")
    parser.add_argument("--every", type=int, default=1, help="only one of so many files")
    parser.add_argument("--part", type=int, default=0, help="which of these parts, from 0: all parts are all files")
    arguments = parser.parse_args()
    files: dict[str, Path] = {}
    expected: dict[str, tuple[str, int]] = {}
    with arguments.csv.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if arguments.only in row["archive"]]
        for number, row in enumerate(sorted(rows, key=itemgetter("sha256")) if arguments.minutes else rows):
            path = arguments.folder / row["archive"] / row["file"]
            if number % arguments.every == arguments.part and path.is_file():
                name = f"{row['archive']}/{row['file']}"
                files[name], expected[name] = path, (row["expected"], int(row["chars"] or 0))
    with contextlib.suppress(KeyboardInterrupt):
        for door in ("screen", "upload") if arguments.door == "both" else (arguments.door,):
            began = time.monotonic()
            print(f"{door}:")
            until = began + 60 * arguments.minutes if arguments.minutes else math.inf
            ends = through_screen(files) if door == "screen" else through_upload(files, until=until)
            judge(ends, files, expected)
            print(f"  {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
