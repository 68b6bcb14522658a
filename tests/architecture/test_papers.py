"""What is written about the project: complete, linked, current, and under licences that go together."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture import notice
from tests.architecture.files import ROOT, modules, project_files, texts
from webapp.cli import COMMANDS
from webapp.settings import catalogue
from webapp.words import ACTS

PAPERS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "NOTICE", "LICENSE", "docs/index.md")
PER_USER = ("suppliers", "reviewers", "compliance", "administrators")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def markdown() -> dict[str, str]:
    return {path: text for path, text in texts().items() if path.endswith(".md")}


def anchors(text: str) -> set[str]:
    """The anchors that a Markdown reader makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_there_and_says_something(paper: str) -> None:
    assert len(texts()[paper]) > 300


@pytest.mark.parametrize("page", PER_USER)
def test_each_group_of_users_has_a_page_that_the_index_names(page: str) -> None:
    assert f"({page}.md)" in texts()["docs/index.md"]
    assert len(texts()[f"docs/{page}.md"]) > 1000


def test_every_link_between_the_papers_leads_somewhere() -> None:
    broken = []
    for path, text in markdown().items():
        for target in LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            to = (ROOT / path).parent / file if file else ROOT / path
            known = anchors(to.read_text(encoding="utf-8")) if to.suffix == ".md" and to.is_file() else set()
            if not to.exists() or (anchor and anchor not in known):
                broken.append(f"{path}: {target}")
    assert broken == []


def test_every_page_of_the_documentation_can_be_reached_from_the_index() -> None:
    pages_there = {path for path in markdown() if path.startswith("docs/")}
    reached, waiting = set(), ["docs/index.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in pages_there:
            continue
        reached.add(path)
        for target in LINK.findall(texts()[path]):
            to = Path(os.path.normpath(Path(path).parent / target.partition("#")[0]))
            waiting.append(to.as_posix())
    assert pages_there - reached == set()


def test_every_setting_and_every_command_is_in_the_reference() -> None:
    settings, commands = (texts()[f"docs/reference/{name}.md"] for name in ("settings", "commands"))
    assert [setting.variable for setting in catalogue().values() if f"`{setting.variable}`" not in settings] == []
    assert [command for command in COMMANDS if f"## `salient {command}`" not in commands] == []


def test_every_command_in_the_papers_exists() -> None:
    """`make x` and `salient x`, wherever a paper shows them as code."""
    targets = set(re.findall(r"^([a-z-]+):", texts()["Makefile"], re.MULTILINE))
    unknown = []
    for path, text in markdown().items():
        for tool, word in re.findall(r"(?:^|`|\$ )(make|salient) ([a-z]+)", text, re.MULTILINE):
            if word not in (targets if tool == "make" else COMMANDS):
                unknown.append(f"{path}: {tool} {word}")
    assert unknown == []


def test_every_act_of_the_journal_has_words_for_people() -> None:
    """An act is written down as `note(session, "finding.confirmed", ...)`, and read on the page Journal."""
    noted = {
        node.args[1].value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("note", "_note", "journal.note")
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    }
    assert len(noted) > 10
    assert noted - set(ACTS) == set()


def test_make_help_lists_every_target() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    phony = re.search(r"^\.PHONY: (.+)$", texts()["Makefile"], re.MULTILINE)
    assert phony is not None
    assert {line.split()[1] for line in answer.stdout.splitlines()} == set(phony[1].split())


def test_the_threat_model_names_tests_that_exist_or_says_that_nothing_protects() -> None:
    page = texts()["docs/threat-model.md"]
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named, "the table names no test"
    source = "\n".join(text for path, text in texts().items() if path.startswith("tests/") and path.endswith(".py"))
    assert sorted(name for name in named if f"def {name}(" not in source) == []
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| What", "|--"))]
    assert [row for row in rows if "`test_" not in row and "not protected" not in row and "by hand" not in row] == []


def test_notice_is_current() -> None:
    """`make notice` writes it anew."""
    assert texts()["NOTICE"] == notice.written()


def test_no_run_dependency_has_a_licence_that_would_bind_the_whole() -> None:
    packages = notice.packages()
    assert len(packages) > 50
    assert [package for package in packages if notice.STRONG_COPYLEFT.search(package.licence)] == []
    assert [package.name for package in packages if package.licence == "not stated"] == []


def test_the_licence_check_tells_strong_copyleft_from_the_lesser_kind() -> None:
    for strong in ("AGPL-3.0-only", "GPL-2.0-or-later", "GNU Affero General Public License v3", "GPL v3"):
        assert notice.STRONG_COPYLEFT.search(strong)
    for fine in ("LGPL-3.0-only", "MIT", "GNU Lesser General Public License v3 (LGPLv3)", "Apache-2.0"):
        assert not notice.STRONG_COPYLEFT.search(fine)


def test_no_large_file_and_no_local_state_is_kept() -> None:
    large = {path.name for path in project_files() if path.stat().st_size > 3_000_000}
    assert large <= {"classifier.npz", "encoder.npz"}, "only what was trained may be so large"
    assert [path for path in texts() if path.startswith(("var/", ".venv/"))] == []
