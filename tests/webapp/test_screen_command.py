from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from screening import bulk
from screening.bulk import run
from tests.golden import make
from tests.screening import fakes
from webapp.cli import main


@pytest.fixture(autouse=True)
def _plain_screener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    options = run.Options

    def with_words(**told: object) -> run.Options:
        return options(**{"make_screener": fakes.words, **told})  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "Options", with_words)


def test_screening_a_file_writes_the_results_and_says_so_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make.pages([make.text("Wages are late.")]))
    done = CliRunner().invoke(main, ["screen", str(tmp_path / "a.pdf"), "--out", str(tmp_path / "o"), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "1 document, 1 of 1 page read, 1 flagged passage; 0 documents not read in full." in done.stderr
    assert json.loads((tmp_path / "o" / "findings.jsonl").read_text())["quote"] == "Wages are late."


def test_a_password_file_opens_a_locked_document_and_formats_limit_the_results(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make.locked("Wages are late.", password="pass word"))
    (tmp_path / "words").write_text("first\npass word\n")
    arguments = ["screen", str(tmp_path / "a.pdf"), "--out", str(tmp_path / "o"), "--format", "csv", "--jobs", "1"]
    done = CliRunner().invoke(main, [*arguments, "--password-file", str(tmp_path / "words")])
    assert done.exit_code == 0, done.output
    assert "Wages are late." in (tmp_path / "o" / "findings.csv").read_text(encoding="utf-8-sig")
    assert {path.name for path in (tmp_path / "o").iterdir()} == {".progress.jsonl", "findings.csv", "run.json"}


@pytest.mark.parametrize("wrong", [["nowhere.pdf"], [], [".", "--jobs", "0"], [".", "--format", "xls"]], ids=str)
def test_wrong_use_ends_with_2(wrong: list[str]) -> None:
    assert CliRunner().invoke(main, ["screen", *wrong]).exit_code == 2


def test_results_that_cannot_be_written_end_with_1(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    (tmp_path / "file").write_text("in the way")
    done = CliRunner().invoke(main, ["screen", str(tmp_path / "a.pdf"), "--out", str(tmp_path / "file" / "o")])
    assert done.exit_code == 1
    assert "cannot be written" in done.output
