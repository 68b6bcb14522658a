"""Every noun at once, for whoever needs all tables: the migrations, and tests of the whole schema."""

from models import documents, extracts, findings, imports, journal, people, plans, supplychain, work
from models.base import Base

__all__ = ["Base", "documents", "extracts", "findings", "imports", "journal", "people", "plans", "supplychain", "work"]
