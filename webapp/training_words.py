"""Words to begin with when help is planned: for each category of signals what could be taught, and what to count."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from models.trainings import HelpKind, HelpState

NAMES: dict[type[StrEnum], dict[Any, Any]] = {
    HelpKind: {
        HelpKind.TRAINING: _l("Training"),
        HelpKind.COACHING: _l("Coaching on site"),
        HelpKind.OUTSIDE: _l("Help from outside"),
    },
    HelpState: {
        HelpState.PROPOSED: _l("Proposed"),
        HelpState.PLANNED: _l("Planned"),
        HelpState.HELD: _l("Held"),
        HelpState.DECLINED: _l("Not needed"),
    },
}

BEGINNINGS: dict[str, tuple[Any, Any]] = {
    "FL": (
        _l("Hiring without fees, and papers that stay with their owners"),
        _l("People who hold their own passport, in per cent"),
    ),
    "CL": (
        _l("Checking age, and what to do when a child is found"),
        _l("Files with a checked age, in per cent"),
    ),
    "FOA": (
        _l("The right to organise, and how to talk with representatives"),
        _l("People who know who represents them, in per cent"),
    ),
    "EQ": (
        _l("Hiring, pay and promotion without discrimination"),
        _l("Decisions with written reasons, in per cent"),
    ),
    "VH": (
        _l("Leading without shouting, threats or violence"),
        _l("People who say that they are treated with respect, in per cent"),
    ),
    "WG": (
        _l("How pay is worked out, and how a pay slip reads"),
        _l("People who can explain their pay slip, in per cent"),
    ),
    "HR": (_l("Planning orders within the legal hours"), _l("Hours of overtime a week, on average")),
    "OSH": (_l("Risks at the own workplace, and the right to stop"), _l("Accidents in three months")),
    "EMP": (
        _l("Contracts that people can read, and work through others"),
        _l("People with a contract of their own, in per cent"),
    ),
    "LAND": (_l("Asking a community first, and listening"), _l("Complaints about land in three months")),
    "SEC": (_l("Guards who protect people"), _l("Incidents with guards in three months")),
    "ENV": (_l("Water, waste and substances that harm people"), _l("Measurements within the limits, in per cent")),
    "PRIV": (
        _l("What may be known about people at work, and what not"),
        _l("Cameras and lists with a written reason, in per cent"),
    ),
    "GRV": (
        _l("Complaints: heard, answered and without revenge"),
        _l("People who know where to complain, in per cent"),
    ),
    "INT": (_l("Open books: why records must be true"), _l("Records that agree with each other, in per cent")),
    "BUY": (_l("Buying so that the law can be kept"), _l("Orders changed after they were placed, in per cent")),
    "GOV": (_l("Who is responsible for what, and how it is checked"), _l("Tasks with a person and a day, in per cent")),
}
"""By category: a title, and what could be counted before and after. Our own words."""


def title(signal: str) -> str:
    """What a training for the signal could be called; empty for no signal."""
    return str(BEGINNINGS[signal.partition(".")[0]][0]) if signal else ""


def measure(signal: str) -> str:
    return str(BEGINNINGS[signal.partition(".")[0]][1]) if signal else ""
