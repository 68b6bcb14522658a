"""The words for units and periods in which questionnaires count, and for the kinds of answers that they want."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from questionnaires.definition import Kind

UNITS: dict[str, object] = {
    "people": _l("people"),
    "hours": _l("hours"),
    "days": _l("days"),
    "accidents": _l("accidents"),
    "complaints": _l("complaints"),
    "meetings": _l("meetings"),
    "points": _l("points"),
    "reports": _l("reports"),
    "sites": _l("sites"),
    "spills": _l("spills"),
    "age": _l("years of age"),
}
"""The units of the library; another questionnaire's own unit is shown as it is written there."""

PERIODS: dict[str, object] = {
    "day": _l("a day"),
    "week": _l("a week"),
    "month": _l("a month"),
    "year": _l("a year"),
}

NAMES: dict[type[StrEnum], dict[str, object]] = {
    Kind: {
        Kind.YES_NO: _l("yes, no or partly"),
        Kind.SINGLE: _l("one of a list"),
        Kind.SEVERAL: _l("several of a list"),
        Kind.NUMBER: _l("number"),
        Kind.MONEY: _l("amount of money"),
        Kind.PERCENTAGE: _l("per cent"),
        Kind.DATE: _l("day"),
        Kind.TEXT: _l("words"),
        Kind.TABLE: _l("table"),
        Kind.FILE: _l("attached document"),
        Kind.REFERENCE: _l("site or person"),
        Kind.RANKING: _l("list put in order"),
        Kind.MATRIX: _l("one choice a row"),
        Kind.CONSENT: _l("consent"),
        Kind.COMPUTED: _l("worked out"),
    },
}
"""What kind of answer a question wants, for those who write or read a questionnaire."""


def measure(unit: str | None, period: str | None) -> str:
    """In what a number is counted, such as "hours a week"."""
    parts = (str(UNITS.get(unit, unit)) if unit else "", str(PERIODS.get(period, period)) if period else "")
    return " ".join(part for part in parts if part)
