"""Two pairs of eyes: which findings two people look at, what each may know, and who decides between them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Conflict, NotAllowed
from models.findings import Finding, RejectReason, Severity, Stage, Verdict
from models.operations.queueing import LEAD
from models.people import Person
from models.review import Opinion


@dataclass(frozen=True, slots=True)
class Rules:
    """Which findings two people look at, without the second knowing what the first thinks."""

    critical: bool = False
    share: float = 0.0
    """Of all other findings, drawn by lot, 0 to 1."""
    seed: str = ""
    """The lot goes by this word and the finding: whoever knows it can check the draw."""

    def two_look_at(self, found: Finding) -> bool:
        if self.critical and found.severity is Severity.CRITICAL:
            return True
        drawn = hashlib.sha256(f"{self.seed}\n{found.id}".encode()).digest()
        return int.from_bytes(drawn[:8], "big") < self.share * 2**64

    def written(self) -> dict[str, Any]:
        """As it is kept beside a bulk decision; `Rules(**written)` reads it again."""
        return asdict(self)


ONE_LOOK = Rules()
"""Nobody looks twice. The doors of the product pass the installation's own rules instead."""


@dataclass(frozen=True, slots=True)
class Thought:
    """What a person thinks of a finding."""

    verdict: Verdict
    reason: RejectReason | None = None
    remark: str = ""


def opinions(session: Session, finding_id: uuid.UUID) -> list[Opinion]:
    """Who thought what, in order. Not for somebody who is still to give an opinion."""
    return list(session.scalars(select(Opinion).where(Opinion.finding_id == finding_id).order_by(Opinion.round)))


def settles(session: Session, found: Finding, thought: Thought, *, by: Person, now: datetime, rules: Rules) -> bool:
    """Take down an opinion where two look; answers whether this one settles the finding.

    One look: it does. Two: when they agree, or when it decides between them. The finding's stage says what it now
    waits for. Raises NotAllowed for a stage that is not this person's, Conflict for a second opinion of the same one.
    """
    if found.stage in (Stage.ESCALATED, Stage.ADJUDICATION) and by.role not in LEAD:
        raise NotAllowed("This finding is with compliance: a colleague there decides it.")
    known = opinions(session, found.id)
    if not known and not rules.two_look_at(found):
        return True
    if any(one.person_id == by.id for one in known):
        raise Conflict("You have given your opinion on this finding: somebody else gives the next one.")
    found.touched_at = now
    session.add(
        Opinion(
            finding_id=found.id, round=len(known) + 1, person_id=by.id, verdict=thought.verdict,
            reject_reason=thought.reason, remark=thought.remark.strip(), signal=(found.signals or ("",))[0],
            given_at=now,
        )
    )  # fmt: skip
    session.flush()
    if not known:
        found.stage = Stage.SECOND
        return False
    if len(known) == 1 and known[0].verdict is not thought.verdict:
        found.stage = Stage.ADJUDICATION
        return False
    return True


def withdraw(session: Session, found: Finding, *, by: Person) -> bool:
    """Take the person's own last opinion back while the finding is not settled. Answers whether there was one."""
    known = opinions(session, found.id)
    if not known or known[-1].person_id != by.id:
        return False
    session.delete(known[-1])
    session.flush()
    found.stage = Stage.SECOND if len(known) == 2 else Stage.OPEN
    return True


def forget(session: Session, found: Finding) -> None:
    """Drop all opinions of a finding that is judged anew; the journal keeps that they were given."""
    for one in opinions(session, found.id):
        session.delete(one)
    session.flush()
