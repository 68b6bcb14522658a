"""The commands for whoever writes a questionnaire: mistakes with their line, paths, a print, and the schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from questionnaires import library
from questionnaires.definition import Kind
from questionnaires.loading import load
from questionnaires.rules import FUNCTIONS
from webapp.cli import main
from webapp.reference_questions import questionnaires_page

TEXT = """\
id: tiny
version: "1"
title: A tiny one
sections:
  - id: first
    title: First
    questions:
      - {id: agencies, kind: yes_no, label: Agencies?, required: true}
      - {id: which, kind: text, label: Which ones?, relevant: agencies = 'yes'}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*words: str | Path) -> tuple[int, str]:
    told = CliRunner().invoke(main, ["questionnaire", *map(str, words)])
    return told.exit_code, told.output


def test_a_sound_file_is_called_sound(file: Path) -> None:
    assert run("check", file) == (0, f"{file}:{' sound'}\n")


def test_the_whole_library_is_sound() -> None:
    code, told = run("check", *(library.FOLDER / f"{name}.yaml" for name in library.names()))
    assert (code, told.count("sound")) == (0, len(library.names()))


def test_each_mistake_is_told_with_file_and_line_as_editors_read_it(file: Path) -> None:
    file.write_text(TEXT.replace("'yes'}", "'maybe'}").replace("kind: text", "kind: poem"), encoding="utf-8")
    code, told = run("check", file)
    assert code == 1
    assert f"{file}:9: `kind` cannot be 'poem'." in told


def test_paths_shows_what_brings_a_question_up_and_every_way(file: Path) -> None:
    code, told = run("paths", file)
    assert code == 0
    assert "which: when agencies = 'yes'\n    such as agencies = yes" in told
    assert "2 ways through:\n  1 questions: agencies" in told


def test_too_many_ways_are_said_to_be_too_many(file: Path) -> None:
    assert "more ways than 2 sets of answers" in run("paths", file, "--most", "2")[1]


def test_a_faulty_file_has_no_paths(file: Path) -> None:
    file.write_text("id: x", encoding="utf-8")
    code, told = run("paths", file)
    assert code == 1
    assert "needs `sections`" in told


def test_a_print_has_every_question_in_the_language_asked_for(file: Path) -> None:
    (file.parent / "tiny.nl.yaml").write_text(
        "title: Een kleine\nfirst.title: Eerst\nagencies.label: Bureaus?\nwhich.label: Welke?\n", encoding="utf-8"
    )
    code, told = run("preview", file, "--language", "nl")
    assert code == 0
    assert "Een kleine\n\nEerst\n * Bureaus? (yes_no)\n   Welke? (text) [when agencies = 'yes']" in told
    code, told = run("preview", file, "--language", "fr")
    assert code == 1
    assert "has no fr: it has en, nl" in told


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema")[1])["required"] == ["id", "version", "title", "sections"]


def test_the_reference_page_names_every_kind_and_function() -> None:
    page = questionnaires_page()
    assert [f"| `{kind.value}` |" in page for kind in Kind] == [True] * len(Kind)
    assert all(f"| `{name}` |" in page for name in FUNCTIONS)


def test_a_questionnaire_goes_through_xlsform_and_back_whole(tmp_path: Path) -> None:
    source, form, back = library.FOLDER / "entry.yaml", tmp_path / "form.xlsx", tmp_path / "entry.yaml"
    assert run("to-xlsform", source, form)[0] == 0
    code, told = run("from-xlsform", form, back)
    assert (code, told) == (0, f"Wrote {back} with 30 questions.\n")
    assert load(back) == library.shipped("entry")


def test_what_is_no_form_is_said_to_be_none(tmp_path: Path, file: Path) -> None:
    code, told = run("from-xlsform", file, tmp_path / "x.yaml")
    assert code == 1
    assert "cannot be read: not supported" in told
