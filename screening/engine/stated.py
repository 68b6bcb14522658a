"""What a document may say about itself: the names of these facts, and the shape in which they are handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FactName(StrEnum):
    """What a document may say about itself, in the order in which it is shown."""

    DOCUMENT_TYPE = "document_type"
    """`audit`, `self_assessment`, `cap`, `statement`, `certificate`, `contract` or `other`."""
    SCHEME = "scheme"
    SUPPLIER = "supplier"
    SITE = "site"
    AUDIT_START = "audit_start"
    AUDIT_END = "audit_end"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    AUDITOR = "auditor"
    AUDIT_FIRM = "audit_firm"
    ANNOUNCEMENT = "announcement"
    """`announced`, `semi_announced` or `unannounced`."""
    WORKERS = "workers"
    WORKERS_WOMEN = "workers_women"
    WORKERS_MEN = "workers_men"
    INTERVIEWS = "interviews"
    INTERVIEWS_INDIVIDUAL = "interviews_individual"
    INTERVIEWS_GROUP = "interviews_group"
    INTERVIEWS_WOMEN = "interviews_women"
    INTERVIEWS_MEN = "interviews_men"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a document says about itself, and where."""

    name: FactName
    value: str
    """A word of a closed list, an ISO date, a whole number, or a name as printed."""
    page: int
    words: str
    """As printed, with its label."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the document says about itself, each thing once; what it does not say is not there."""

    found: tuple[Fact, ...] = ()

    def of(self, name: FactName) -> Fact | None:
        return next((fact for fact in self.found if fact.name is name), None)

    def value(self, name: FactName) -> str | None:
        fact = self.of(name)
        return None if fact is None else fact.value

    @property
    def document_type(self) -> str | None:
        return self.value(FactName.DOCUMENT_TYPE)

    @property
    def scheme(self) -> str | None:
        return self.value(FactName.SCHEME)

    @property
    def audit_date(self) -> date | None:
        """The first day of the audit."""
        day = self.value(FactName.AUDIT_START)
        return None if day is None else date.fromisoformat(day)

    @property
    def supplier_name(self) -> str | None:
        """The supplier as printed, or the site where only that is named."""
        return self.value(FactName.SUPPLIER) or self.value(FactName.SITE)
