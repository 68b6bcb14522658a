"""What a row of the table of access says: who may open a page, and what its address may name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.people import Role


class Thing(StrEnum):
    """What the address of a page may name, and so what may belong to somebody else."""

    DOCUMENT = "document"
    PAGE = "page"
    FINDING = "finding"
    PLAN = "plan"
    TRAINING = "training"
    MILESTONE = "milestone"
    ACTION = "action"
    PERSON = "person"
    IMPORT = "import"
    SUBMISSION = "submission"
    CAMPAIGN = "campaign"
    ISSUING = "issuing"
    MAIL = "mail"
    BULK = "bulk"
    ASKING = "asking"
    SAMPLE = "sample"
    SUPPLIER = "supplier"
    TOKEN = "token"
    HOOK = "hook"
    DELIVERY = "delivery"
    QUESTIONNAIRE = "questionnaire"
    CLASSIFIER = "classifier"


class Outcome(StrEnum):
    OPEN = "open"
    """The page answers, by success or by its own rules (a stale form, a missing field)."""
    LOG_IN = "log_in"
    """Sent to the log-in page, or told to log in (401) where no page was asked for."""
    FORBIDDEN = "forbidden"
    """403: the role never may."""
    ABSENT = "absent"
    """404, with the same words whether the thing is somebody else's or does not exist."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open one endpoint. `roles` None opens it to strangers; `thing` is what its address names."""

    roles: frozenset[Role] | None
    thing: Thing | None = None
    lasts: bool = True
    """Whether looking keeps a log-in alive; False for what a page asks by itself while nobody is there."""

    def expected(self, role: Role | None, *, own: bool = True) -> Outcome:
        """What a person in this role meets; `own` says whether the thing is theirs to see. None is a stranger."""
        if self.roles is None:
            return Outcome.OPEN
        if role is None:
            return Outcome.LOG_IN
        if role not in self.roles:
            return Outcome.FORBIDDEN
        return Outcome.OPEN if own or self.thing is None else Outcome.ABSENT


ANYBODY = None
EVERYONE = frozenset(Role)
SUPPLIER = frozenset({Role.SUPPLIER_USER})
BUYER = frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN})
SENDERS = frozenset({Role.SUPPLIER_USER, Role.COMPLIANCE, Role.ADMIN})
LEAD = frozenset({Role.COMPLIANCE, Role.ADMIN})
COMPLIANCE = frozenset({Role.COMPLIANCE})
ADMIN = frozenset({Role.ADMIN})
KEYHOLDERS = ADMIN | SUPPLIER
"""Who makes tokens: an administrator for colleagues, a supplier's user for itself."""
