"""A log has one line an event, holds no words of documents, and cannot be forged."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from webapp.logging import Formatter, set_up
from webapp.settings import Environment, Settings


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    root = logging.getLogger()
    before, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    sys.excepthook = hook
    root.handlers[:] = before
    root.setLevel(level)


def written(*, production: bool, log: str = "webapp.trial") -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    environment = Environment.PRODUCTION if production else Environment.DEVELOPMENT
    set_up(Settings(environment=environment), stream=stream)
    return logging.getLogger(log), stream


def test_production_logs_one_json_object_a_line() -> None:
    log, stream = written(production=True)
    log.info("document_screened", extra={"document_id": "42", "pages": 3})
    entry = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert (entry["event"], entry["document_id"], entry["pages"], entry["level"]) == (
        "document_screened",
        "42",
        3,
        "info",
    )


@pytest.mark.parametrize("production", [True, False])
def test_line_breaks_and_terminal_codes_cannot_forge_a_line(*, production: bool) -> None:
    log, stream = written(production=production)
    log.warning("odd", extra={"value": "a\r\n12:00:00 info forged\x1b[2J\u2028x"})
    assert stream.getvalue().count("\n") == 1
    for code in "\r\x1b\u2028":
        assert code not in stream.getvalue()


def test_an_error_leaves_its_kind_and_place_but_not_its_words() -> None:
    log, stream = written(production=True)
    try:
        int("The passports of Ali Khan were kept")
    except ValueError:
        log.exception("job_failed")
    entry = json.loads(stream.getvalue())
    assert entry["error"] == "ValueError"
    assert "test_logging.py" in entry["where"]
    assert "Ali" not in stream.getvalue()


def test_a_crash_of_the_process_is_one_line_without_the_words_of_the_error() -> None:
    _, stream = written(production=True)
    error = RuntimeError("The passports of Ali Khan were kept")
    sys.excepthook(RuntimeError, error, None)
    assert json.loads(stream.getvalue()) | {"at": "", "process": 0} == {
        "at": "", "process": 0, "level": "critical", "event": "crashed", "error": "RuntimeError", "where": "",
    }  # fmt: skip


def test_a_very_long_value_is_cut() -> None:
    log, stream = written(production=False)
    log.info("long", extra={"value": "x" * 100_000})
    assert len(stream.getvalue()) < 400


def test_libraries_that_may_quote_a_document_are_silent() -> None:
    log, stream = written(production=False, log="pdfminer.psparser")
    log.error("passport of Ali Khan")
    assert stream.getvalue() == ""


def test_development_logs_words_for_people() -> None:
    record = logging.makeLogRecord({"msg": "worker_ready", "levelname": "INFO", "number": 2})
    assert Formatter(as_json=False).format(record).endswith("info    worker_ready number=2")
