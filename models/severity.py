"""How grave a finding is, and how much of what is hard to read one person is asked to read on a day.

Settings speak of both before there is a database, and are read by every command: so this loads nothing.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How grave, most severe first (UNGP 14: scale, scope, irremediability)."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the most severe; kept beside the word so that a queue can be ordered by an index."""
        return list(Severity).index(self)


PER_DAY = 30
"""So many hard passages a person opens on one day by default. A setting: our own proposal, no scheme's."""
