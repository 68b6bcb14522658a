"""How long everything about a plan may take: the deadlines by severity, the clocks of both sides, the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from models.severity import Severity
from models.workdays import Calendars


@dataclass(frozen=True, slots=True)
class Term:
    """Calendar days from the day on which the finding was confirmed. Each is moved on to the next working day."""

    to_agree: int
    """Until both sides should have signed."""
    to_finish: int


TERMS: Mapping[Severity, Term] = MappingProxyType(
    {
        Severity.CRITICAL: Term(3, 14),
        Severity.HIGH: Term(7, 30),
        Severity.MEDIUM: Term(14, 90),
        Severity.LOW: Term(30, 180),
    }
)
"""Our own proposal, no scheme's. Each customer may set others, and each plan may agree on others."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one installation about time."""

    terms: Mapping[Severity, Term] = field(default_factory=lambda: TERMS)
    containment_hours: int = 24
    """Until people are safe, for a critical finding. Runs through nights and weekends."""
    dispute_days: int = 5
    """Working days in which the buyer must answer a dispute."""
    verify_days: int = 10
    """Working days in which the buyer must verify what was submitted."""
    effect_days: int = 90
    """Calendar days after the completion until it is looked at whether it helped."""
    escalate_after: tuple[int, ...] = (3, 10, 20)
    """Days overdue at which a plan climbs to the first, second, third level."""
    remind_days: int = 7
    """Within so many days a plan counts as due soon, in the daily letter about what waits."""
    calendars: Calendars = field(default_factory=Calendars)

    def agree_by(self, severity: Severity, country: str | None, today: date) -> date:
        return self._rolled(country, today + timedelta(days=self.terms[severity].to_agree))

    def finish_by(self, severity: Severity, country: str | None, today: date) -> date:
        return self._rolled(country, today + timedelta(days=self.terms[severity].to_finish))

    def contain_by(self, severity: Severity, now: datetime) -> datetime | None:
        """Until when immediate danger must be over; None below critical."""
        return now + timedelta(hours=self.containment_hours) if severity is Severity.CRITICAL else None

    def answer_by(self, today: date) -> date:
        """The buyer's clock for a dispute, on the working days of no country in particular."""
        return self.calendars.of(None).after(today, self.dispute_days)

    def verify_by(self, today: date) -> date:
        return self.calendars.of(None).after(today, self.verify_days)

    def check_effect_on(self, finished: date) -> date:
        return self._rolled(None, finished + timedelta(days=self.effect_days))

    def level(self, days_late: int) -> int:
        """The rung of the ladder for a plan that is so many days overdue; 0 for none yet."""
        return sum(days_late >= rung for rung in self.escalate_after)

    def _rolled(self, country: str | None, day: date) -> date:
        return self.calendars.of(country).rolled(day)


DEFAULT = Policy()
