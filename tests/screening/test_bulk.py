from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from screening import bulk
from screening.bulk import gathering, progress, run, workers
from screening.engine.reading import Cage, Recognition
from screening.engine.reading.scans import NO_RECOGNITION
from screening.engine.reasons import Reason
from screening.engine.results import State
from tests.golden import make, tables
from tests.screening import fakes

Make = Callable[..., bulk.Outcome]


def make_archive(place: Path) -> Path:
    """Eight files: four that are read in full, one in part, three that are not."""
    folder = place / "audits"
    (folder / "inner").mkdir(parents=True)
    passports = make.text("Passports are kept by the agent.") + make.text("Wages are not late.", y=700)
    (folder / "b.pdf").write_bytes(make.pages([passports, make.text("Dust everywhere.")]))
    (folder / "inner" / "a.pdf").write_bytes(make.pages([make.text("=cmd|calc! wages withheld")]))
    (folder / "clean.pdf").write_bytes(make.pages([make.text("All is well here, says everybody we asked.")]))
    (folder / "mixed.pdf").write_bytes(make.pages([make.text("Wages were paid late. " * 4), make.picture()]))
    (folder / "scan.pdf").write_bytes(make.pages([make.picture()]))
    (folder / "locked.pdf").write_bytes(make.locked("Our wages are a secret.", password="geheim"))
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(40))
    (folder / ".hidden.pdf").write_bytes(b"%PDF-")
    (folder / "form.pdf").write_bytes(make.form("workers", "412"))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path)


@pytest.fixture(scope="module", autouse=True)
def _fakes_are_found() -> Iterator[None]:
    """Workers are new processes: they must find the fakes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2]))
        yield


def run_it(path: Path, out: Path, **more: Any) -> bulk.Outcome:
    """Without the program that recognises words on scans, which every worker takes half a second to load."""
    told = more.pop("told", None)
    usual = {"jobs": 1, "make_screener": fakes.words, "recognition": NO_RECOGNITION}
    return bulk.screen([path], bulk.Options(out, **(usual | more)), told=told)


@pytest.fixture
def screen() -> Make:
    return run_it


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one whole run with all that the machine has, for the tests that only look at them.

    The archive, `audits`, lies beside them.
    """
    place = tmp_path_factory.mktemp("finished")
    run_it(make_archive(place), place / "out", all_passages=True, recognition=Recognition())
    return place / "out"


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain run: `audits` holds what was screened, `out` the results."""
    place = tmp_path_factory.mktemp("first-run")
    run_it(make_archive(place), place / "out")
    return place


@pytest.fixture
def screened(first_run: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The archive of the first run, and a copy of its results to go on from. The archive stays as it is."""
    shutil.copytree(first_run / "out", tmp_path / "out")
    return first_run / "audits", tmp_path / "out"


def rows(out: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def results(out: Path) -> dict[str, bytes]:
    """Everything that must be the same in every run."""
    found = {name: (out / name).read_bytes() for name in ("findings.csv", "report.html")}
    for name in ("pages", "findings", "tables", "caps", "forms"):
        found[name] = (out / f"{name}.jsonl").read_bytes()
    found["documents"] = json.dumps([{**row, "seconds": 0} for row in rows(out, "documents")]).encode()
    return found


def test_every_file_gets_a_row_with_its_state_and_reason(finished: Path) -> None:
    ends = {Path(row["file"]).name: (row["state"], row["reason"]) for row in rows(finished, "documents")}
    assert ends == {
        "a.pdf": (State.SCREENED, None),
        "b.pdf": (State.SCREENED, None),
        "clean.pdf": (State.SCREENED, None),
        "form.pdf": (State.SCREENED, None),
        "mixed.pdf": (State.SCREENED_IN_PART, Reason.SOME_PAGES_UNREAD),
        "scan.pdf": (State.NEEDS_OCR, Reason.IMAGES_ONLY),
        "locked.pdf": (State.NEEDS_PASSWORD, Reason.ENCRYPTED),
        "film.mp4": (State.REJECTED, Reason.NOT_SUPPORTED),
    }


def test_findings_hold_flags_with_their_places_and_all_passages_on_request(finished: Path) -> None:
    found = rows(finished, "findings")
    first = next(row for row in found if row["file"].endswith("b.pdf"))
    assert (first["page"], first["quote"], first["signals"]) == (1, "Passports are kept by the agent.", ["FL.DOC"])
    assert first["flag"]
    assert len(first["boxes"]) == 1
    assert first["engine_version"] == "words-1"
    assert [row["quote"] for row in found if not row["flag"]] == ["Wages are not late."]
    assert rows(finished, "forms")[0]["fields"] == {"workers": "412"}


def test_tables_and_plans_have_their_rows(screen: Make, tmp_path: Path) -> None:
    look = tables.Look(widths=(30, 130, 110, 150, 90, 80, 70))
    (tmp_path / "plan.pdf").write_bytes(tables.of(tables.PLAN, look, landscape=True))
    screen(tmp_path / "plan.pdf", tmp_path / "out")
    (table,) = rows(tmp_path / "out", "tables")
    assert (table["page"], table["kind"], table["header"]) == (1, "cap", list(tables.PLAN[0]))
    assert table["rows"] == [list(row) for row in tables.PLAN[1:]]
    first, _ = rows(tmp_path / "out", "caps")
    assert first == {
        "file": str(tmp_path / "plan.pdf"),
        "page": 1,
        "finding": "Passports kept in the office",
        "root_cause": "No lockers",
        "corrective_action": "Hand back, buy lockers",
        "preventive_action": "",
        "responsible": "HR manager",
        "due_date": "2026-03-31",
        "status": "open",
    }


def test_the_results_are_the_same_whatever_the_number_of_workers(finished: Path, screen: Make, tmp_path: Path) -> None:
    again = tmp_path / "three"
    screen(finished.parent / "audits", again, jobs=3, all_passages=True, recognition=Recognition())
    assert results(finished) == results(again)


def test_what_was_not_flagged_is_left_out_unless_it_is_asked_for(screened: tuple[Path, Path]) -> None:
    _, out = screened
    assert all(row["flag"] for row in rows(out, "findings"))


def test_an_interrupted_run_goes_on_without_reading_a_document_twice(
    screened: tuple[Path, Path], screen: Make, tmp_path: Path
) -> None:
    archive, whole = screened
    out = tmp_path / "interrupted"

    def stop_after_three(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(archive, out, told=stop_after_three)
    assert not (out / "documents.jsonl").exists()
    with (out / progress.FILE_NAME).open("ab") as torn:
        torn.write(b'0123456789abcdef {"name": "torn')
    outcome = screen(archive, out, resume=True)
    assert outcome.skipped == 3
    assert results(out) == results(whole)
    assert screen(archive, out, resume=True).skipped == 8


def test_a_changed_file_or_another_engine_is_read_anew(
    screened: tuple[Path, Path], screen: Make, tmp_path: Path
) -> None:
    archive, out = screened
    kept = (archive / "clean.pdf").rename(tmp_path / "clean.pdf")
    try:
        (archive / "clean.pdf").write_bytes(make.pages([make.text("Dust in every room of the mill.")]))
        assert screen(archive, out, resume=True).skipped == 7
        assert any("Dust in every room" in row["quote"] for row in rows(out, "findings"))
        outcome = screen(archive, out, resume=True, make_screener=fakes.newer)
    finally:
        kept.replace(archive / "clean.pdf")
    assert (outcome.skipped, outcome.started_over) == (0, True)


def test_what_was_not_flagged_is_written_on_request_and_is_not_taken_up_from_a_run_without_it(
    screened: tuple[Path, Path], screen: Make
) -> None:
    archive, out = screened
    assert not (out / "passages.jsonl").exists()
    outcome = screen(archive, out, resume=True, passages=True)
    assert (outcome.skipped, outcome.started_over) == (0, True)
    assert [(row["quote"], row["flag"]) for row in rows(out, "passages")] == [("Wages are not late.", False)]
    assert all(row["flag"] for row in rows(out, "findings"))


def test_passwords_open_locked_files_also_when_taken_up_again(screened: tuple[Path, Path], screen: Make) -> None:
    archive, out = screened
    outcome = screen(archive, out, resume=True, passwords=("wrong", "geheim"))
    assert outcome.skipped == 7
    assert {row["state"] for row in rows(out, "documents") if row["file"].endswith("locked.pdf")} == {State.SCREENED}


def test_a_worker_that_dies_loses_no_file_and_a_poison_file_is_set_aside(screen: Make, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.pdf").write_bytes(make.pages([make.text(f"Wages of group {number} are late.")]))
    marker = tmp_path / "mark"
    (folder / "once.pdf").write_bytes(make.pages([make.text(f"kill once {marker} wages", x=5, size=6)]))
    (folder / "poison.pdf").write_bytes(make.pages([make.text("kill always")]))
    screen(folder, tmp_path / "out", jobs=2, make_screener=fakes.dying)
    ends = {Path(row["file"]).name: (row["state"], row["reason"]) for row in rows(tmp_path / "out", "documents")}
    assert ends.pop("poison.pdf") == (State.REJECTED, Reason.FAILED_REPEATEDLY)
    assert len(ends) == 5
    assert set(ends.values()) == {(State.SCREENED, None)}
    assert marker.exists()


def test_workers_that_never_live_are_told_instead_of_awaited(archive: Path, screen: Make, tmp_path: Path) -> None:
    with pytest.raises(bulk.Stillborn):
        screen(archive, tmp_path / "out", make_screener=fakes.stillborn)
    with pytest.raises(bulk.Stillborn, match="the classifier is not there"):
        screen(archive, tmp_path / "out", make_screener=fakes.unfit)


def test_what_is_not_there_is_said(screen: Make, tmp_path: Path) -> None:
    with pytest.raises(bulk.NothingThere):
        screen(tmp_path / "nowhere", tmp_path / "out")


def test_a_file_that_is_gone_when_its_turn_comes_has_a_row(tmp_path: Path) -> None:
    source = gathering.Source("gone.pdf", tmp_path / "gone.pdf")
    with Cage() as cage:
        result = workers.screen_source(source, workers.Kit(fakes.words), cage, fakes.words())
    (row,) = result.rows["documents"]
    assert (row["file"], row["state"], row["reason"]) == ("gone.pdf", State.REJECTED, Reason.CANNOT_ACCESS)


def test_the_spreadsheet_holds_no_formula_and_keeps_the_words(finished: Path) -> None:
    with (finished / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len([row for row in rows(finished, "findings") if row["flag"]])
    assert any(line["quote"] == "'=cmd|calc! wages withheld" for line in lines)
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.values())


def test_the_report_names_files_without_the_folders_above_them(finished: Path) -> None:
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert str(finished.parent) not in page
    assert "inner/a.pdf" in page


def test_the_run_says_what_it_did_and_what_it_cannot(finished: Path) -> None:
    told = json.loads((finished / "run.json").read_text())
    assert told["engine_version"] == "words-1"
    assert told["counts"]["documents"] == 8
    assert (told["counts"]["pages"], told["counts"]["pages_read"]) == (8, 6)
    assert told["cage"] in ("seccomp", "audit_hook")
    assert told["limits"] == list(run.LIMITS)
    assert told["peak_memory_bytes"]["largest_child"] > 1_000_000


def test_results_inside_the_folder_are_not_screened(archive: Path, screen: Make) -> None:
    first = screen(archive, archive / "results")
    again = screen(archive, archive / "results")
    assert sum(first.tally.documents.values()) == sum(again.tally.documents.values()) == 8
