"""What every test stands on: a migrated database (SQLite, and PostgreSQL where there is one) and a vault."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models import migrations
from models.db import Database, Ring
from models.vault import FolderVault
from tests.support import memory, postgres, sharing
from tests.support.statements import Statements

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
SHARED = Path(os.environ.get("SALIENT_SHARED", Path(__file__).parents[2] / "shared"))
_number = itertools.count(1)

BOTH_KINDS = ("models", "architecture")
BOTH_KINDS_TOO = frozenset({
    "test_answering.py", "test_answers.py", "test_exports.py", "test_importing.py", "test_inviting.py",
    "test_issuing_many.py", "test_killed_uploads.py", "test_kills.py", "test_recording.py", "test_seeding.py",
    "test_teaching.py",
})  # fmt: skip
"""Operations meet both kinds of database; pages, letters and commands stand on them and meet one."""

OpenDatabase = Callable[..., Database]
Count = Callable[[str], None]

_COUNTS = "counts"


def absent(group: str, why: str) -> None:
    """Skip a group of tests that this machine cannot run; where nothing may be skipped, fail instead."""
    if IN_CI:
        pytest.fail(f"{group} must run here: {why}")
    pytest.skip(f"{group}: {why}")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is written."""
    memory.use()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the long ones first, and leave out the second round where it would show nothing new."""
    here = Path(__file__).parent

    def folder(item: pytest.Item) -> str:
        return item.path.relative_to(here).parts[0]

    left_out = [
        item
        for item in items
        if "postgresql" in item.name and folder(item) not in BOTH_KINDS and item.path.name not in BOTH_KINDS_TOO
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    out = set(left_out)
    items[:] = sharing.longest_first([item for item in items if item not in out])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> sharing.Sharing:
    """Who gets which tests where several processes run them."""
    config.option.loadscopereorder = False
    return sharing.Sharing(config, log)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Count:
    """Keeps a line with what this test counted for the end of the run."""

    def keep(line: str) -> None:
        request.node.user_properties.append((_COUNTS, f"{request.node.name}: {line}"))

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The lines travel with the reports of their tests, because those may have run in other processes."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    ended = [report for report in reports if getattr(report, "when", "") == "call"]
    lines = [line for report in ended for name, line in report.user_properties if name == _COUNTS]
    if lines:
        terminalreporter.section("counts")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and benchmarks that is handed out beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the shared documents are not on this machine (set SALIENT_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server with a migrated database `template` to copy from."""
    try:
        with postgres.server() as running:
            running.sql("CREATE DATABASE template_salient")
            database = Database.open(running.url("template_salient"))
            migrations.upgrade(database.engine)
            database.close()
            yield running
    except postgres.Unavailable as why:
        absent("PostgreSQL tests", str(why))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database.open(f"sqlite:///{path}")
    migrations.upgrade(database.engine)
    database.close()  # The last to leave folds the write-ahead log into the file.
    return path


@pytest.fixture
def sqlite_source(sqlite_template: Path) -> Path:
    """The SQLite file that this test's database begins as."""
    return sqlite_template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: each test runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "salient.db"
        shutil.copy(request.getfixturevalue("sqlite_source"), path)
        yield f"sqlite:///{path}"
        return
    running: postgres.Server = request.getfixturevalue("postgres_server")
    name = f"test_{os.getpid()}_{next(_number)}"
    running.copy("template_salient", name)
    yield running.url(name)
    running.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def rung() -> list[tuple[str, dict[str, str]]]:
    """The jobs that were asked for, in order, after the commit of their transaction."""
    return []


@pytest.fixture(scope="session")
def statements() -> Statements:
    """What the databases of this run share, so that each test need not put every statement into SQL anew."""
    return Statements()


@pytest.fixture
def open_database(database_url: str, statements: Statements) -> Iterator[OpenDatabase]:
    """Opens the test's database, as often as wanted, and closes every opening at the end."""
    opened: list[Database] = []

    def open_it(ring: Ring | None = None) -> Database:
        opened.append(Database.open(database_url, ring=ring))
        statements.join(opened[-1].engine)
        return opened[-1]

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: OpenDatabase, rung: list[tuple[str, dict[str, str]]]) -> Database:
    """The test's database; what it rings is kept in `rung`."""
    return open_database(lambda job, ids: rung.append((job, ids)))


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault")
