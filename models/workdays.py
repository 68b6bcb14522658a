"""Days on which people work: deadlines never end on a weekend or a public holiday of the country concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

FRIDAY_AND_SATURDAY = frozenset({4, 5})
SATURDAY_AND_SUNDAY = frozenset({5, 6})

WEEKENDS: Mapping[str, frozenset[int]] = MappingProxyType(
    dict.fromkeys(("BD", "EG", "JO", "KW", "OM", "QA", "SA", "BH", "YE", "LY", "DZ"), FRIDAY_AND_SATURDAY)
)
"""Countries whose week does not end with Saturday and Sunday (Unicode CLDR, weekData), Monday counted as 0."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one country."""

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def rolled(self, day: date) -> date:
        """The day itself, or the next working day."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, working_days: int) -> date:
        """The day that lies so many working days after `day`, which itself is not counted."""
        for _ in range(working_days):
            day = self.rolled(day + timedelta(days=1))
        return day


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of all countries. A country without holidays in the file has its weekends alone."""

    holidays: Mapping[str, frozenset[date]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, country: str | None) -> Calendar:
        """The calendar of a country by its ISO 3166-1 alpha-2 code; None stands for no country in particular."""
        code = (country or "").upper()
        return Calendar(WEEKENDS.get(code, SATURDAY_AND_SUNDAY), self.holidays.get(code, frozenset()))

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Calendars:
        """From lines such as `NL 2026-12-25 Christmas`; empty lines and lines after `#` are left out.

        Raises ValueError that names the line at fault.
        """
        found: dict[str, set[date]] = {}
        for number, line in enumerate(lines, start=1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            if len(words) < 2 or len(words[0]) != 2 or not words[0].isalpha():
                raise ValueError(f"line {number}: write a country of two letters and a day, such as `NL 2026-12-25`")
            try:
                day = date.fromisoformat(words[1])
            except ValueError:
                raise ValueError(f"line {number}: `{words[1]}` is no day, such as 2026-12-25") from None
            found.setdefault(words[0].upper(), set()).add(day)
        return cls(MappingProxyType({country: frozenset(days) for country, days in found.items()}))
