"""From a screened folder to a sentence about what was missed, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from webapp.cli import main


def _passages(folder: Path) -> Path:
    path = folder / "passages.jsonl"
    rows = [
        {"file": "a.pdf", "page": 1, "start": i, "end": i + 1, "quote": f"Line {i}.", "before": "", "language": "en",
         "score": 0.001 if i % 4 else 0.1, "flag": False}
        for i in range(800)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def test_a_sample_that_was_answered_ends_in_a_sentence_with_its_confidence(tmp_path: Path) -> None:
    run = CliRunner()
    drawn = run.invoke(main, ["sample", "--in", str(_passages(tmp_path)), "--bound", "0.02", "--seed", "spring"])
    assert drawn.exit_code == 0, drawn.stderr
    rows = [json.loads(line) for line in drawn.stdout.splitlines()]
    assert {row["stratum"] for row in rows} == {"en 0-0.01", "en 0.05-0.2"}
    assert all(row["missed"] is None and 0 < row["probability"] < 1 for row in rows)

    answered = "".join(json.dumps({**row, "missed": False}) + "\n" for row in rows)
    found = json.loads(run.invoke(main, ["estimate"], input=answered).stdout)
    assert found["below"] <= 0.02
    assert found["sentence"].startswith("At 95% confidence fewer than ")

    unanswered = json.loads(run.invoke(main, ["estimate"], input=drawn.stdout).stdout)
    assert unanswered["high"] == 1.0
    assert unanswered["open"] == len(rows)


def test_wrong_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    run = CliRunner()
    path = str(_passages(tmp_path))
    assert "either --size or --bound" in run.invoke(main, ["sample", "--in", path, "--seed", "x"]).output
    few = run.invoke(main, ["sample", "--in", path, "--size", "1", "--seed", "x"])
    assert (few.exit_code, "at least 2 passages" in few.output) == (1, True)
    assert "Line 1 is not valid JSON" in run.invoke(main, ["estimate"], input="{").output
    assert "`score`" in run.invoke(main, ["estimate"], input='{"id": 1}').output
    assert "`missed`" in run.invoke(main, ["estimate"], input='{"score": 0.1, "missed": "perhaps"}').output
