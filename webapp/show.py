"""How pages write dates, sizes and names: filters and functions for all templates."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Flask, request, url_for
from flask_babel import format_date, format_datetime, format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from models import masking
from models.documents import DocumentState
from models.findings import RejectReason, Severity, Stage
from models.operations import caring
from models.operations.naming import Offered
from models.people import Role
from webapp import access, door_words, plan_show, words
from webapp.around import around
from webapp.cautions import cautions
from webapp.choosing import signal_choices
from webapp.doors import today
from webapp.language import LANGUAGES, current
from webapp.plain_words import in_plain_words

STATIC = Path(__file__).with_name("static")


def set_up(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(
        pieces=masking.pieces, masked=masking.masked,
        day=day, moment=moment, size=size, percent=percent, whole=whole, advice=words.advice, doubt=words.doubt,
        word=words.name,
        severity_word=words.severity, assertion_word=words.assertion, signal_word=words.signal,
        **plan_show.FILTERS,
        why_not_taken=door_words.why,
        language_word=words.language, type_word=words.document_type, act_word=words.act, likelihood=words.likelihood,
    )  # fmt: skip
    app.jinja_env.globals.update(
        around=around, signal_choices=signal_choices,
        asset=asset, may=access.may, languages=LANGUAGES, language=current, days_until=days_until,
        reject_keys=reject_keys,
        reason_options=reason_options, in_plain_words=in_plain_words, cautions=cautions, here=here,
        severity_options=severity_options, supplier_options=supplier_options,
        assertion_options=assertion_options, language_options=language_options,
        role_options=role_options, state_options=state_options,
        type_options=type_options, stage_options=stage_options, is_hard=caring.is_hard,
        next_page=next_page, filter_asked=asked,
    )  # fmt: skip


def day(value: date | None) -> str:
    return "" if value is None else str(format_date(value, "d MMM y"))


def moment(value: datetime | None) -> str:
    """A point in time in UTC; the page's script shows the reader's own time where it can."""
    return "" if value is None else f"{format_datetime(value, 'd MMM y, HH:mm')} UTC"


def size(value: int) -> str:
    """Bytes in the unit that people use for files."""
    if value < 1024 * 1024:
        return f"{format_decimal(max(1, round(value / 1024)))} kB"
    return f"{format_decimal(round(value / 1024 / 1024, 1))} MB"


def percent(value: float) -> str:
    return str(format_percent(value, "#0%"))


def whole(value: int) -> str:
    return str(format_decimal(value))


def days_until(value: date | None) -> str:
    """How far off a due date is, in words."""
    if value is None:
        return ""
    left = (value - today()).days
    if left == 0:
        return str(_("due today"))
    if left > 0:
        return str(ngettext("%(num)d day left", "%(num)d days left", left))
    return str(ngettext("%(num)d day late", "%(num)d days late", -left))


def reject_keys() -> list[tuple[int, RejectReason]]:
    """The reasons for a rejection with the digit that chooses each."""
    return list(enumerate(RejectReason, start=1))


Options = list[tuple[str, str]]
"""The values of a choice with the words that people read."""


def reason_options() -> Options:
    """The reasons for a rejection of many at once."""
    return [(reason.value, words.name(reason)) for reason in RejectReason]


def severity_options() -> Options:
    return [(word.value, words.severity(word.value)) for word in Severity]


def supplier_options(suppliers: Offered) -> Options:
    return [(str(row.id), row.name) for row in suppliers.rows]


def assertion_options(assertions: list[str]) -> Options:
    return [(word, words.assertion(word)) for word in assertions]


def language_options(codes: tuple[str, ...]) -> Options:
    return sorted(((code, words.language(code)) for code in codes), key=lambda pair: pair[1])


def role_options(roles: list[Role]) -> Options:
    return [(role.value, words.name(role)) for role in roles]


def type_options(types: tuple[str, ...]) -> Options:
    return [(word, words.document_type(word)) for word in types]


def stage_options(stages: tuple[Stage, ...]) -> Options:
    return [(stage.value, words.name(stage)) for stage in stages]


def state_options() -> Options:
    return [(state.value, words.name(state)) for state in DocumentState]


CARRIED = frozenset(
    {
        "severity",
        "signal",
        "supplier",
        "language",
        "assertion",
        "document",
        "type",
        "stage",
        "source",
        "q",
        "verdict",
        "state",
        "name",
        "unread",
        "overdue",
        "turn",
        "repeats",
        "all",
    }
)
"""What a list can be narrowed by. Nothing else of an address is carried into a link."""


def asked() -> dict[str, str]:
    """The filter of this page, as it stands in its address."""
    return {name: value for name, value in request.args.items() if value and name in CARRIED}


def next_page(last: UUID, **more: str | None) -> dict[str, str]:
    """The query of this page, going on behind the last row."""
    return asked() | {"after": str(last)} | {name: value for name, value in more.items() if value is not None}


def here() -> str:
    """The path and query of this page, for forms that come back to it."""
    return request.full_path.rstrip("?")


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
