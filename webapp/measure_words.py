"""The words for units and periods in which questionnaires count."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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


def measure(unit: str | None, period: str | None) -> str:
    """In what a number is counted, such as "hours a week"."""
    parts = (str(UNITS.get(unit, unit)) if unit else "", str(PERIODS.get(period, period)) if period else "")
    return " ".join(part for part in parts if part)
