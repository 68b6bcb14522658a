"""What came of reviewers' visits: how long each answer took, and whether what the server said is what it kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select

from models.db import Database
from models.findings import Finding
from models.journal import Entry, JournalHead

REFUSED = (403, 409)
"""Somebody was first, or the two before disagree and compliance decides by now."""


@dataclass(slots=True)
class Visits:
    """What the reviewers of one process met."""

    times: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Of each kind of request: milliseconds by the clock, and of processor time of the thread that answered."""
    said: list[tuple[str, str, int]] = field(default_factory=list)
    """Finding, person and status of each decision."""

    def add(self, other: Visits) -> None:
        for name, rows in other.times.items():
            self.times.setdefault(name, []).extend(rows)
        self.said += other.said


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of one kind of request."""

    requests: int
    p50: float
    p95: float
    cpu50: float
    cpu95: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a round of visits."""

    figures: dict[str, Figure]
    decided: int
    """Decisions to which the server said yes."""
    refused: int
    """Decisions to which it said that somebody was first."""
    kept: int
    """Findings that have a verdict more than before."""
    noted: int
    """Entries of the journal about findings."""
    lost: int
    double: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the records stood before the visits."""

    head: int
    verdicts: int

    @classmethod
    def now(cls, database: Database) -> Standing:
        with database.reading() as session:
            head = session.scalars(select(JournalHead.number)).one()
            return cls(head, session.scalar(select(func.count()).where(Finding.verdict.is_not(None))) or 0)


def outcome(database: Database, before: Standing, visits: Visits) -> Outcome:
    """Hold what the server said against what it kept."""
    yes = [(finding, person) for finding, person, status in visits.said if status == 200]
    with database.reading() as session:
        entries = session.execute(
            select(Entry.thing_id, Entry.actor_id, Entry.act).where(Entry.number > before.head)
        ).all()
    kept = Standing.now(database).verdicts - before.verdicts
    acts = [(row.thing_id, str(row.actor_id)) for row in entries if row.act.startswith("finding.")]
    settled = [row.thing_id for row in entries if row.act in ("finding.rejected", "finding.confirmed")]
    return Outcome(
        figures={name: figure(visits.times[name]) for name in sorted(visits.times)},
        decided=len(yes),
        refused=sum(status in REFUSED for _, _, status in visits.said),
        kept=kept,
        noted=len(acts),
        lost=len(set(yes) - set(acts)) + abs(kept - len(set(settled))),
        double=len(settled) - len(set(settled)) + len(acts) - len(set(acts)),
    )


def _part(values: list[float], share: float) -> float:
    """The value below which this share of them lies, of what was measured (no value in between is made up)."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


def figure(times: list[tuple[float, float]]) -> Figure:
    """The figure of these milliseconds by the clock and of processor time."""
    clock, busy = [row[0] for row in times], [row[1] for row in times]
    return Figure(len(times), _part(clock, 0.5), _part(clock, 0.95), _part(busy, 0.5), _part(busy, 0.95))
