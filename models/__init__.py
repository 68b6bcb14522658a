"""The domain: the nouns as tables, and in `operations` the verbs. Knows SQLAlchemy and the standard library only."""

from models import documents, findings, journal, people, plans, supplychain, work
from models.base import Base

__all__ = ["Base", "documents", "findings", "journal", "people", "plans", "supplychain", "work"]
