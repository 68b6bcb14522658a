"""Reads the days of an audit or the term of a certificate: one date, or the first and last of several."""

from __future__ import annotations

import re
from datetime import date, timedelta

from screening.engine.dates import dates_in

_LONGEST = timedelta(days=400)
_TO = (
    r"\s*(?:-|–|—|~|/|&|\+|to|and|until|till|through|tot en met|tot|t/m|en|bis|und|au|et|al|hasta|y|até|ao|e|fino al"
    r"|do|i|ila|ile|ve|đến|và|sampai|s/d|dan|至|到|和|và|ถึง|และ|إلى|حتى|و|से|तक|और|থেকে|ও|এবং)\s*"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th|\.|er|º)?"
_NAME = r"((?:de |of )?[^\W\d_]{3,12}\.?)"
_DAYS_OF_A_MONTH = re.compile(
    rf"(?<!\d){_DAY}(?:,\s*{_DAY})*{_TO}{_DAY}\s+{_NAME}(?:,| de)?\s+(\d{{4}})", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"{_NAME}\s+{_DAY}{_TO}{_DAY},?\s+(\d{{4}})", re.IGNORECASE)
_OVER_TWO_MONTHS = re.compile(rf"(?<!\d){_DAY}\s+{_NAME}{_TO}{_DAY}\s+{_NAME}(?:,| de)?\s+(\d{{4}})", re.IGNORECASE)
_NUMBERED_DAYS = re.compile(rf"(?<![\d./-])(\d{{1,2}})\.?{_TO}(\d{{1,2}})([./-])(\d{{1,2}})\3(\d{{4}})", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_CHINESE = re.compile(rf"(\d{{4}})年\s?(\d{{1,2}})月\s?(\d{{1,2}})日?{_TO}(?:(\d{{1,2}})月)?(\d{{1,2}})日")


def period_in(text: str, language: str | None) -> tuple[date, date] | None:
    """The first and last day that a short text names; the same twice for one day. None where it is not sure."""
    text = _day_first(" ".join(text.split()))
    found = dates_in(_spelt_out(text), language)
    if found is None or not 1 <= len(set(found)) <= 5:
        return None
    first, last = min(found), max(found)
    return (first, last) if last - first <= _LONGEST else None


def _day_first(text: str) -> str:
    """Dates of numbers, year first, where one of them shows which number is the day: both were written alike."""
    found = _NUMBERS.findall(text)
    firsts, seconds = [int(one) for one, _, _ in found], [int(other) for _, other, _ in found]
    if len(found) < 2 or max(firsts) > 31 or max(seconds) > 31:
        return text
    if max(firsts) > 12 and max(seconds) <= 12:
        return _NUMBERS.sub(r"\3-\2-\1", text)
    if max(seconds) > 12 and max(firsts) <= 12:
        return _NUMBERS.sub(r"\3-\1-\2", text)
    return text


def _spelt_out(text: str) -> str:
    """The text with every day's own month and year: `2-4 May 2026` becomes `2 May 2026; 4 May 2026`."""
    text = _CHINESE.sub(lambda m: f"{m[1]}年{m[2]}月{m[3]}日; {m[1]}年{m[4] or m[2]}月{m[5]}日", text)
    text = _OVER_TWO_MONTHS.sub(lambda m: f"{m[1]} {m[2]} {m[5]}; {m[3]} {m[4]} {m[5]}", text)
    text = _DAYS_OF_A_MONTH.sub(lambda m: f"{m[1]} {m[4]} {m[5]}; {m[3]} {m[4]} {m[5]}", text)
    text = _MONTH_FIRST.sub(lambda m: f"{m[1]} {m[2]}, {m[4]}; {m[1]} {m[3]}, {m[4]}", text)
    return _NUMBERED_DAYS.sub(lambda m: f"{m[1]}{m[3]}{m[4]}{m[3]}{m[5]}; {m[2]}{m[3]}{m[4]}{m[3]}{m[5]}", text)
