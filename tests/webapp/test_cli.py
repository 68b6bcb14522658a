"""The command line: there at once, helpful, and honest in its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from models.db import Database
from models.journal import Entry
from tests.factories import make_person
from webapp.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]


def every_command(
    group: click.Group = main, words: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found.append(((*words, name), command))
        if isinstance(command, click.Group):
            found += every_command(command, (*words, name))
    return found


def test_help_loads_none_of_the_heavy_parts() -> None:
    code = (
        "import sys\nfrom webapp.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'flask', 'sqlalchemy', 'rq', 'redis', 'numpy', 'spacy', 'sklearn', 'boto3', 'pypdfium2'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    for name, place in COMMANDS.items():
        assert name in told.stdout
        assert place.summary in told.stdout


@pytest.mark.parametrize(("words", "command"), [(" ".join(words), command) for words, command in every_command()])
def test_every_command_has_help_with_an_example(words: str, command: click.Command) -> None:
    assert command.help, words
    if not isinstance(command, click.Group):
        assert "Example" in command.help, words
        assert f"salient {words}" in command.help, words


@pytest.mark.parametrize(
    "wrong", [["nope"], ["up", "--nope"], ["up", "--port", "0"], ["worker", "--count", "many"], []]
)
def test_wrong_use_ends_with_2(wrong: list[str]) -> None:
    assert CliRunner().invoke(main, wrong).exit_code == 2


def test_a_setting_at_fault_ends_with_1_and_its_sentence() -> None:
    told = CliRunner().invoke(main, ["settings"], env={"SALIENT_PORT": "none"})
    assert told.exit_code == 1
    assert told.stderr == "Error: SALIENT_PORT must be a whole number from 1 to 65535.\n"


def test_settings_shows_values_but_no_secret() -> None:
    secret = "postgresql://salient:hunter2@db/salient"
    told = CliRunner().invoke(
        main, ["settings"], env={"DATABASE_URL": secret, "SALIENT_WORKERS": "7", "SALIENT_ODD": "1"}
    )
    assert told.exit_code == 0
    assert "SALIENT_WORKERS = 7" in told.stdout
    assert "DATABASE_URL = (set, not shown)" in told.stdout
    assert "hunter2" not in told.output
    assert "SALIENT_ODD is not a setting" in told.stderr


def test_migrate_says_what_it_did_and_does_nothing_the_second_time(tmp_path: Path) -> None:
    environ = {"SALIENT_DATA": str(tmp_path / "data"), "DATABASE_URL": ""}
    first = CliRunner().invoke(main, ["migrate"], env=environ)
    second = CliRunner().invoke(main, ["migrate"], env=environ)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "brought from nothing to" in first.stdout
    assert "up to date" in second.stdout


def test_journal_verify_names_the_entry_that_was_changed(database_url: str, database: Database, tmp_path: Path) -> None:
    environ = {"SALIENT_DATA": str(tmp_path / "data"), "DATABASE_URL": database_url}
    from models.operations import accounts

    for _ in range(3):
        with database.transaction() as session:
            accounts.open_log_in(session, make_person(session), now=make_person(session).created_at)
    whole = CliRunner().invoke(main, ["journal", "verify"], env=environ)
    assert (whole.exit_code, whole.stdout) == (0, "The journal holds: no entry was changed, removed or put in.\n")
    with database.transaction() as session:
        session.get_one(Entry, 2).act = "person.promoted"
    broken = CliRunner().invoke(main, ["journal", "verify"], env=environ)
    assert broken.exit_code == 1
    assert "entry 2 was changed" in broken.stderr


def test_doctor_names_what_is_down_and_ends_with_1(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["doctor"], env={"SALIENT_DATA": str(tmp_path / "data"), "DATABASE_URL": ""})
    assert told.exit_code == 1
    assert "down    database: not migrated" in told.stdout
    assert "poorly  queue: does not answer" in told.stdout
    assert "well    vault" in told.stdout
