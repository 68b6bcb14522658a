from __future__ import annotations

import csv
import tarfile
from pathlib import Path

import pytest

from screening.engine.reading import Cage
from screening.engine.results import Reading, State

EVERY = 45
"""One of so many files is read here; tests/bench/hostile.py reads them all."""
NAMED = ("deflate-bomb-10GB-x5", "A3-pages-tree-loop-simple", "kampo", "issue19484_1", "pages-tree-loop")
ENOUGH = 50


def is_right(expected: str, characters: int, reading: Reading) -> bool:
    if expected == "text" and characters >= ENOUGH:
        read = reading.state in (State.SCREENED, State.SCREENED_IN_PART)
        return read and sum(len(page.text) for page in reading.pages) >= ENOUGH
    if expected == "password":
        return reading.state is State.NEEDS_PASSWORD
    if expected == "no_text":
        return reading.state is not State.SCREENED or any(page.text.strip() for page in reading.pages)
    if expected == "unreadable":
        return reading.state in (State.REJECTED, State.OVER_LIMIT)
    return True


@pytest.fixture(scope="module")
def sample(shared: Path) -> dict[str, tuple[str, int, bytes]]:
    """Some odd files with what a careful reader says of them."""
    with (shared / "documents" / "hostile.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["archive"] == "hostile-pdfs" and row["expected"]]
    chosen = {
        f"{row['archive']}/{row['file']}": row
        for index, row in enumerate(rows)
        if index % EVERY == 0 or any(name in row["file"] for name in NAMED)
    }
    with tarfile.open(shared / "documents" / "hostile-pdfs.tar.gz") as archive:
        return {
            member.name: (chosen[member.name]["expected"], int(chosen[member.name]["chars"] or 0), file.read())
            for member in archive
            if member.name in chosen and (file := archive.extractfile(member)) is not None
        }


def test_odd_and_hostile_files_end_as_a_careful_reader_says(sample: dict[str, tuple[str, int, bytes]]) -> None:
    wrong = []
    with Cage() as cage:
        for name, (expected, characters, data) in sample.items():
            reading = cage.read(data)
            assert cage.cost.resident_bytes < cage.limits.memory
            if not is_right(expected, characters, reading):
                wrong.append((name, expected, reading.state, reading.reason))
    assert len(sample) > 40
    assert wrong == []


def test_every_page_of_real_reports_is_read_with_places(shared: Path) -> None:
    with Cage() as cage:
        for path in sorted((shared / "documents" / "reports").glob("*.pdf"))[::6]:
            reading = cage.read(path.read_bytes())
            assert reading.state is State.SCREENED
            for page in reading.pages:
                assert len(page.lines) >= 0.9 * sum(bool(line.strip()) for line in page.text.split("\n"))
                for line in page.lines:
                    x0, top, x1, bottom = line.box
                    assert -20 <= x0 <= x1 <= page.width + 20
                    assert -20 <= top <= bottom <= page.height + 20
