"""Writes the numbers of a spreadsheet as people see them: a date is stored as days since 1900 (ECMA-376, 18.17.4.1)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_FIRST_DAY, _FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  A sheet has no time zone.
_LAST_SERIAL = 2_958_465
"""The last day of the year 9999."""
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_NUMBERS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that are dates or times in every file (ECMA-376, 18.8.30)."""
_LONGEST_NUMBER = 40


def is_date_number(code: str | None) -> bool:
    """Whether a built-in number format is a date."""
    return code is not None and code.isdecimal() and len(code) < 5 and int(code) in _DATE_NUMBERS


def is_date_code(code: str) -> bool:
    """Whether a number format of the file's own shows dates: it has letters of days, months, years or hours."""
    bare = _QUOTED.sub("", code).lower()
    return bare != "general" and any(letter in bare for letter in "dmyhs")


def written(value: str, *, is_date: bool = False, from_1904: bool = False) -> str:
    """A stored number as text: dates as in ISO 8601, whole numbers without a point, others in fifteen digits."""
    try:
        number = float(value) if len(value) <= _LONGEST_NUMBER else None
    except ValueError:
        return value
    if number is None or number != number or abs(number) == float("inf"):
        return value
    if is_date and 0 <= number <= _LAST_SERIAL:
        return _as_date(number, from_1904=from_1904)
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"


def _as_date(number: float, *, from_1904: bool) -> str:
    if number < 1:
        return (_FIRST_DAY + timedelta(days=number)).strftime("%H:%M")
    try:
        moment = (_FIRST_DAY_1904 if from_1904 else _FIRST_DAY) + timedelta(seconds=round(number * 86400))
    except OverflowError:
        return f"{number:g}"
    return moment.date().isoformat() if number == int(number) else moment.strftime("%Y-%m-%d %H:%M")
