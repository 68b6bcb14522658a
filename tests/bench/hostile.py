"""Reads a folder of odd and hostile files through the cage and prints where we differ from what was expected.

Usage: python tests/bench/hostile.py FOLDER [--csv hostile.csv] [--only PART]

FOLDER holds the unpacked archives; the CSV names each file with `expected` (text, no_text, password,
unreadable) and the characters that careful readers found. Bombs are among them: unpack outside the repository.
"""

from __future__ import annotations

import argparse
import collections
import csv
import os
import resource
import sys
import time
from pathlib import Path

from screening.engine.reading import Cage
from screening.engine.results import Reading, State

ENOUGH_CHARACTERS = 50
READ = (State.SCREENED, State.SCREENED_IN_PART)


def shared() -> Path:
    return Path(os.environ.get("SALIENT_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def characters(reading: Reading) -> int:
    return sum(len("".join(page.text.split())) for page in reading.pages)


def is_right(expected: str, expected_characters: int, reading: Reading) -> bool:
    """Whether the state is one that a careful reader would give, and a text has been read and not its first words."""
    if expected == "text" and expected_characters >= ENOUGH_CHARACTERS:
        return reading.state in READ and sum(len(page.text) for page in reading.pages) >= ENOUGH_CHARACTERS
    if expected == "password":
        return reading.state is State.NEEDS_PASSWORD
    if expected == "no_text":
        return reading.state is not State.SCREENED or characters(reading) > 0
    if expected == "unreadable":
        return reading.state is State.REJECTED
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csv", type=Path, default=shared() / "documents" / "hostile.csv")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    wrong, heaviest, slowest, right, judged = [], (0, ""), (0.0, ""), 0, 0
    read, to_read = 0, 0
    began = time.monotonic()
    with arguments.csv.open(newline="") as file, Cage() as cage:
        for row in csv.DictReader(file):
            path = arguments.folder / row["archive"] / row["file"]
            if arguments.only not in str(path) or not path.is_file():
                continue
            at = time.monotonic()
            reading = cage.read(path.read_bytes())
            seconds = time.monotonic() - at
            end = f"{reading.state}:{reading.reason}" if reading.reason else str(reading.state)
            counts[row["expected"] or "other", end] += 1
            heaviest = max(heaviest, (cage.cost.resident_bytes, row["file"]))
            slowest = max(slowest, (seconds, row["file"]))
            if row["expected"] == "text" and int(row["chars"] or 0) >= ENOUGH_CHARACTERS:
                to_read += 1
                read += reading.state in READ
            if row["expected"]:
                judged += 1
                ok = is_right(row["expected"], int(row["chars"] or 0), reading)
                right += ok
                if not ok:
                    wrong.append(
                        (row["expected"], row["chars"], end, sum(len(p.text) for p in reading.pages), row["file"])
                    )
    print(f"{sum(counts.values())} files in {time.monotonic() - began:.0f} s; as expected: {right} of {judged}")
    print(f"read, of those in which careful readers found {ENOUGH_CHARACTERS} characters or more: {read} of {to_read}")
    print(f"heaviest child {heaviest[0] / 2**20:.0f} MiB ({heaviest[1]}); slowest {slowest[0]:.1f} s ({slowest[1]})")
    print(f"this process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    for (expected, end), count in sorted(counts.items()):
        print(f"  {expected:11} {end:45} {count}")
    for line in sorted(wrong):
        print("  differs:", *line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
