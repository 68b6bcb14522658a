"""Every noun at once, for whoever needs all tables: the migrations, and tests of the whole schema."""

from models import (
    campaigns,
    discussion,
    documents,
    extracts,
    findings,
    imports,
    journal,
    mail,
    members,
    people,
    plans,
    submissions,
    supplychain,
    work,
)
from models.base import Base

__all__ = [
    "Base",
    "campaigns",
    "discussion",
    "documents",
    "extracts",
    "findings",
    "imports",
    "journal",
    "mail",
    "members",
    "people",
    "plans",
    "submissions",
    "supplychain",
    "work",
]
