"""The installation under fire, and the counts that the test run prints at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Count
from tests.queue.forge import Forge
from tests.queue.house import House, Row, Tally, make_pdf

Report = Callable[..., None]
READERS = "pdfium plumber"
"""All that the audits here need."""


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Starts the processes of all installations here, each of which costs no import then."""
    made = Forge()
    yield made
    made.close()


@pytest.fixture
def house(tmp_path: Path, database_url: str, forge: Forge) -> Iterator[House]:
    made = House(tmp_path, database_url, forge=forge, readers=READERS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def audits() -> dict[str, bytes]:
    """Documents to screen, by name."""
    return {f"audit-{number:02}.pdf": make_pdf(number) for number in range(16)}


@pytest.fixture(scope="session")
def fault_free(
    audits: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, forge: Forge
) -> tuple[Row, ...]:
    """The finding rows of a run in which nothing goes wrong."""
    folder = tmp_path_factory.mktemp("fault-free")
    database = folder / "salient.sqlite3"
    database.write_bytes(sqlite_template.read_bytes())
    house = House(folder, f"sqlite:///{database}", forge=forge, readers=READERS)
    try:
        house.start(workers=1)
        house.upload(audits)
        tally = house.drain(len(audits))
    finally:
        house.close()
    assert tally.states == {"screened": len(audits)}
    assert tally.rows
    return tally.rows


@pytest.fixture
def report(count: Count) -> Report:
    """Keeps a line with the counts of this test for the end of the run."""

    def keep(tally: Tally, expected: tuple[Row, ...], **more: int) -> None:
        extra = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in more.items())
        line = (
            f"documents {tally.documents}, lost {tally.lost}, twice {tally.twice}, "
            f"finding rows {len(tally.rows)} of {len(expected)}, tries {tally.attempts}, {extra}"
        )
        count(line)

    return keep
