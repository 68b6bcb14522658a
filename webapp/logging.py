"""What is logged: one line an event, a constant name and ids; never names, addresses of people, or texts."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from webapp.settings import Settings

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LONGEST = 200
_QUIET = ("rq.worker", "rq.job", "rq", "pdfminer", "botocore", "boto3", "urllib3", "s3transfer", "fontTools", "fpdf")
"""Libraries whose words may quote what they work on, a document or an address."""


class Formatter(logging.Formatter):
    """One line an event: for machines as JSON, for people as words. Control characters cannot start a new line."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in _OWN}
        if record.exc_info and record.exc_info[1] is not None:
            extra |= trace(record.exc_info[1])
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = clean(record.getMessage())
        if self._as_json:
            head = {"at": moment, "level": record.levelname.lower(), "event": event, "process": record.process}
            return json.dumps(head | {key: _plain(value) for key, value in extra.items()}, ensure_ascii=True)
        words = " ".join(f"{key}={_plain(value)}" for key, value in extra.items())
        return f"{moment[11:19]} {record.levelname.lower():7} {event} {words}".rstrip()


def trace(error: BaseException) -> dict[str, str]:
    """The kind of an error and where it arose, without its text: that may quote a document."""
    places = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    return {"error": type(error).__name__, "where": " > ".join(places[-4:])}


def clean(text: str) -> str:
    """The text on one line, without control characters, and not too long to be read."""
    kept = "".join(letter if letter.isprintable() else "?" for letter in text)
    return kept if len(kept) <= _LONGEST else f"{kept[:_LONGEST]}..."


def set_up(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send every log of this process to standard error in our form. Called once, by whoever starts a process."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Formatter(as_json=settings.is_production))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sys.excepthook = _crashed


def _crashed(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """What nobody expected ends the process with one line like any other, without the words of the error."""
    if issubclass(kind, Exception):
        logging.getLogger("webapp").critical("crashed", extra=trace(error))
    else:
        sys.__excepthook__(kind, error, at)


def _plain(value: object) -> str | int | float | bool | None:
    return value if value is None or isinstance(value, int | float | bool) else clean(str(value))
