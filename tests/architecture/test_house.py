"""How the code is written: layers, sizes, first sentences, and what may not stand anywhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

from tests.architecture.files import ROOT, Module, modules, texts

LONGEST = 300
"""Lines of a module."""

LONGER_FOR_A_REASON = ("models/migrations/versions/",)
"""A migration makes all tables of its part in one step and is never edited again: nobody has to find a rule in it."""

UNSAFE = frozenset({"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"})
"""Modules whose loading of a file can run code that stands in it."""

TELLING = frozenset(
    {"name", "email", "quote", "before", "text", "answer", "remark", "password", "filename", "title", "message", "body"}
)
"""Fields that may hold a person's name or words, or those of a document: they stay out of the logs."""

# Put together from halves, so that this file does not name what it forbids.
REGISTRIES = tuple(
    "".join(halves)
    for halves in [
        ("pypi", ".org"),
        ("python", "hosted"),
        ("conda", ".anaconda"),
        ("registry", ".npm"),
        ("simple", "-index"),
    ]
)
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:home|Users|root|work)/\w")


def test_the_arrows_between_the_packages_point_the_right_way() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_module_has_more_than_300_lines() -> None:
    long = [module.name for module in modules() if len(module.source.splitlines()) > LONGEST]
    assert [name for name in long if not name.startswith(LONGER_FOR_A_REASON)] == []


def test_every_module_opens_with_a_sentence() -> None:
    without = []
    for module in modules():
        first = (ast.get_docstring(module.tree) or "").strip().split("\n\n")[0].rstrip()
        is_sentence = (first[:1].isupper() or first.startswith("`")) and first.endswith((".", ":"))
        if module.source.strip() and not is_sentence:
            without.append(module.name)
    assert without == []


def test_every_public_class_and_function_of_the_operations_says_what_it_promises() -> None:
    silent = [
        f"{module.name}: {node.name}"
        for module in modules()
        if module.name.startswith("models/operations/")
        for node in module.tree.body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_")
        if ast.get_docstring(node) is None and len(node.body) > 2
    ]
    assert silent == []


def test_no_file_names_a_package_registry() -> None:
    named = [path for path, text in texts().items() if any(registry in text for registry in REGISTRIES)]
    assert named == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {path: match[0] for path, text in texts().items() for match in [MACHINE_PATH.search(text)] if match}
    assert found == {}


def test_nothing_is_left_for_later_in_a_comment() -> None:
    words = re.compile(r"#.*\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert [path for path, text in texts().items() if path.endswith(".py") and words.search(text)] == []


def test_nothing_is_loaded_that_could_run_code() -> None:
    found = [f"{module.name}:{line} {what}" for module in modules() for line, what in _unsafe(module)]
    assert found == []


def test_logs_hold_a_constant_event_and_no_words_of_people_or_documents() -> None:
    found = [f"{module.name}:{line} {what}" for module in modules() for line, what in _talkative(module)]
    assert found == []


def test_the_checks_above_notice_what_they_look_for() -> None:
    bad = """
import joblib
from pickle import loads
import numpy, yaml
numpy.load("x", allow_pickle=True)
yaml.load(text)
log.info(f"read {name}")
log.warning("Could not read the file")
log.info("document_read", extra={"name": 1})
log.info("document_read", extra={"id": person.email})
log.error("failed", error)
"""
    good = """
import numpy, yaml
numpy.load("x", allow_pickle=False)
yaml.safe_load(text)
log.info("read" if done else "refused", extra={"document_id": str(document.id), "seconds": 1.0, **ids})
"""
    wrong, right = (Module(ROOT, source) for source in (bad, good))
    assert [line for line, _ in _unsafe(wrong)] == [2, 3, 5, 6]
    assert [line for line, _ in _talkative(wrong)] == [7, 8, 9, 10, 11]
    assert [*_unsafe(right), *_talkative(right)] == []
    assert MACHINE_PATH.search("in " + "/ho" + "me/anna/x")
    assert not MACHINE_PATH.search("GET /people/home/x and ~/work/a")


def _unsafe(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for name in {alias.name.partition(".")[0] for alias in node.names} & UNSAFE:
                yield node.lineno, name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in UNSAFE:
            yield node.lineno, str(node.module)
        elif isinstance(node, ast.Call):
            if any(word.arg == "allow_pickle" and not _is(word.value, value=False) for word in node.keywords):
                yield node.lineno, "allow_pickle"
            if ast.unparse(node.func) in ("yaml.load", "yaml.unsafe_load", "yaml.full_load"):
                yield node.lineno, "yaml.load"


def _talkative(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        levels = ("debug", "info", "warning", "error", "exception", "critical")
        if node.func.attr not in levels or ast.unparse(node.func.value) not in ("log", "logger", "logging"):
            continue
        events = _choices(node.args[0]) if len(node.args) == 1 else []
        if not events or not all(re.fullmatch(r"[a-z]+(_[a-z]+)*", event) for event in events):
            yield node.lineno, "the event is not one constant word"
        yield from ((node.lineno, told) for word in node.keywords if word.arg == "extra" for told in _told(word.value))


def _choices(event: ast.expr) -> list[str]:
    """The words that an event may be: one constant, or one of two."""
    if isinstance(event, ast.IfExp):
        return [*_choices(event.body), *_choices(event.orelse)]
    return [str(event.value) if isinstance(event, ast.Constant) else ""]


def _told(extra: ast.expr) -> Iterator[str]:
    """What of a log line's fields would tell too much: by the key, or by the attribute that is put in."""
    if not isinstance(extra, ast.Dict):
        return
    for key, value in zip(extra.keys, extra.values, strict=True):
        if isinstance(key, ast.Constant) and key.value in TELLING:
            yield str(key.value)
        elif isinstance(value, ast.Attribute) and value.attr in TELLING:
            yield ast.unparse(value)


def _is(node: ast.expr, *, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
