"""What is held about a person, packed: one file for programs, and tables that open in any spreadsheet."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from models import cells
from models.operations import own_data
from models.operations.own_data import Part
from models.people import Person
from webapp import words

IN_MEMORY = 1 << 20
"""Bytes of the package that are held in memory; a larger one is written to a file that has no name."""


def packed(session: Session, *, by: Person, now: datetime) -> IO[bytes]:
    """A ZIP file, ready to be read from its beginning: `data.json`, and each list as a CSV file beside it."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  The answer closes it.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("about.txt", _about(now))
        with package.open("data.json", "w") as file:
            for text in _json(session, by, now):
                file.write(text.encode())
        with package.open("account.csv", "w") as file:
            _table(file, ("field", "value"), own_data.account(by).items())
        for part in own_data.parts(session, by=by):
            with package.open(f"{part.name}.csv", "w") as file:
                _table(file, *_in_words(part))
    out.seek(0)
    return out


def _json(session: Session, by: Person, now: datetime) -> Iterator[str]:
    """The whole as one object, written row by row."""
    head = {"made_at": now, "account": own_data.account(by)}
    yield _text(head)[:-1]
    for part in own_data.parts(session, by=by):
        yield f",\n{_text(part.name)}: ["
        comma = ""
        for row in part.rows:
            yield f"{comma}\n{_text(dict(zip(part.fields, row, strict=True)))}"
            comma = ","
        yield "]"
    yield "}\n"


def _in_words(part: Part) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    """The acts get a column that people can read."""
    if part.name != "acts":
        return part.fields, iter(part.rows)
    return (*part.fields, "in_words"), ((*row, words.act(row[2])) for row in part.rows)


def _table(file: IO[bytes], fields: tuple[str, ...], rows: Any) -> None:
    file.write(("\ufeff" + cells.row(fields)).encode())  # The mark tells Excel that it is UTF-8.
    for row in rows:
        file.write(cells.row([_cell(value) for value in row]).encode())


def _cell(value: Any) -> cells.Cell:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, list | dict):
        return _text(value)
    return _plain(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value.value if isinstance(value, Enum) else value)


def _about(now: datetime) -> str:
    """What each file holds, in the reader's language."""
    lines = [
        _("What Salient holds about you, as of %(moment)s (UTC).", moment=now.strftime("%Y-%m-%d %H:%M")),
        "",
        _("data.json: all of it in one file, for programs. The tables hold the same for people:"),
        "",
        "account.csv: " + _("your name, address, role, language and what you chose"),
        "roles.csv: " + _("how your role came to be"),
        "log_ins.csv: " + _("where you are logged in: since when, and when it was last used"),
        "tokens.csv: " + _("tokens that act for you, without their secrets"),
        "letters.csv: " + _("which letters were sent to you, and when; their words are kept nowhere"),
        "acts.csv: " + _("what you did, from the journal"),
        "written.csv: " + _("messages, remarks, replies and reasons in your words"),
        "answers.csv: " + _("answers that you gave in questionnaires, with each change"),
        "documents.csv: " + _("documents that you sent; the files themselves are on their pages"),
        "decisions.csv: " + _("what you decided about findings"),
        "",
        _("Nothing that others wrote is in here, and no other person is named by Salient. "
          "If something about you is wrong, tell your administrator."),
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"
