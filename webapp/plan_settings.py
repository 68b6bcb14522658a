"""The settings about plans: deadlines by severity, the clocks of both sides, the ladder, and public holidays."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.plan_policy import DEFAULT, Policy, Term
from models.severity import Severity
from models.workdays import Calendars
from webapp.setting_kinds import about, whole

if TYPE_CHECKING:
    from webapp.settings import Settings

Days = tuple[tuple[str, int, int], ...]
"""For each severity: days to agree on the plan, and days to finish it."""

USUAL: Days = tuple((word.value, term.to_agree, term.to_finish) for word, term in DEFAULT.terms.items())

_PART = re.compile(r"([a-z]+) ?[ :] ?(\d{1,4}) ?/ ?(\d{1,4})")


def plan_days(text: str) -> Days:
    """From `critical 3/14, high 7/30 ...`. Severities that are not named keep their days."""
    found = {entry[0]: entry for entry in USUAL}
    for part in text.split(","):
        match = _PART.fullmatch(part.strip().lower())
        if match is None or match[1] not in found or int(match[2]) > int(match[3]):
            raise ValueError("must be written as `critical 3/14, high 7/30`: days to agree on it, and to finish it")
        found[match[1]] = (match[1], int(match[2]), int(match[3]))
    return tuple(found.values())


def ladder(text: str) -> tuple[int, ...]:
    """From `3, 10, 20`: days overdue for each rung, one to three of them, each later than the one before."""
    try:
        rungs = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ValueError("must be whole numbers of days, separated by commas") from None
    if not 1 <= len(rungs) <= 3 or list(rungs) != sorted(set(rungs)) or rungs[0] < 0:
        raise ValueError("must be one to three numbers of days, each larger than the one before")
    return rungs


def holidays(text: str) -> Path:
    """A file that can be read as holidays; read once to say at the start what is wrong with it."""
    path = Path(text).expanduser().absolute()
    try:
        Calendars.parse(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise ValueError("must name a text file that can be read") from None
    return path


PLAN_DAYS = about(
    "SALIENT_PLAN_DAYS",
    plan_days,
    "For each severity, in how many days both sides should have agreed on a plan, and in how many it should be done.",
    shown_default="`critical 3/14, high 7/30, medium 14/90, low 30/180`",
)
CONTAINMENT = about(
    "SALIENT_CONTAINMENT_HOURS", whole(1, 720), "In how many hours people must be safe after a critical finding."
)
DISPUTE = about("SALIENT_DISPUTE_DAYS", whole(1, 60), "In how many working days a dispute must be answered.")
VERIFY = about("SALIENT_VERIFY_DAYS", whole(1, 120), "In how many working days submitted evidence must be verified.")
EFFECT = about(
    "SALIENT_EFFECT_DAYS",
    whole(1, 730),
    "How many days after its completion a plan is looked at again, to see whether it helped.",
)
LADDER = about(
    "SALIENT_ESCALATE_AFTER",
    ladder,
    "After how many days overdue a plan climbs to the first, second and third level.",
    shown_default="`3, 10, 20`",
)
REMIND = about(
    "SALIENT_REMIND_DAYS",
    whole(1, 60),
    "Within how many days a plan counts as due soon, in the daily letter about what waits.",
)
HOLIDAYS = about(
    "SALIENT_HOLIDAYS",
    holidays,
    "A text file of public holidays, one a line, such as `NL 2026-12-25`; no deadline ends on one.",
    shown_default="none: weekends alone are left out",
)


def policy_of(settings: Settings) -> Policy:
    """The rules about time that these settings make."""
    return _policy(
        settings.plan_days, settings.containment_hours, settings.dispute_days, settings.verify_days,
        settings.effect_days, settings.escalate_after, settings.remind_days, settings.holidays,
    )  # fmt: skip


@cache
def _policy(
    days: Days,
    containment_hours: int,
    dispute_days: int,
    verify_days: int,
    effect_days: int,
    escalate_after: tuple[int, ...],
    remind_days: int,
    file: Path | None,
) -> Policy:
    calendars = Calendars() if file is None else Calendars.parse(file.read_text(encoding="utf-8").splitlines())
    terms = MappingProxyType({Severity(word): Term(agree, finish) for word, agree, finish in days})
    return Policy(
        terms, containment_hours, dispute_days, verify_days, effect_days, escalate_after, remind_days, calendars
    )
