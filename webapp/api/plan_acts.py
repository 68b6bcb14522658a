"""Every act on a plan that is one call: the same names, the same operations and the same rules as on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.findings import RejectReason
from models.operations import plan_agreeing, plan_disputes, plan_verifying, plan_working
from models.people import Person
from models.plan_records import Outcome
from models.plans import Verification
from webapp.api.door import Call, Door, Version
from webapp.api.plan_shapes import PlanShape
from webapp.api.plans import show_plan
from webapp.api.shapes import said
from webapp.doors import now, policy


@dataclass(frozen=True, slots=True)
class Sending:
    """How the plan is sent."""

    signed: bool = field(default=False, metadata=said("Signed by the buyer, or open for the supplier's proposal."))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to the other side."""

    text: str


@dataclass(frozen=True, slots=True)
class WordsIfAny:
    """What is said to the other side, if anything."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason, which stays in the record."""

    reason: str


@dataclass(frozen=True, slots=True)
class Containment:
    """What was done at once, so that people are safe."""

    text: str
    on: date = field(metadata=said("The day on which it was done, today at the latest."))


@dataclass(frozen=True, slots=True)
class TakingUp:
    """How it is looked at whether it is done."""

    how: Verification


@dataclass(frozen=True, slots=True)
class Effect:
    """What was seen at a later look, measured against the indicator."""

    result: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Whether the people concerned are owed a remedy, and why."""

    needed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who answers for the plan at the buyer."""

    person: UUID


@dataclass(frozen=True, slots=True)
class Objection:
    """What is not right."""

    text: str
    finding: UUID | None = field(
        default=None, metadata=said("The finding that it is about; left out for the plan as a whole.")
    )


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an objection came to."""

    outcome: Outcome
    answer: str
    why: RejectReason | None = field(
        default=None, metadata=said("What it is, if it is no finding. Needed for `upheld`, which overturns it.")
    )


@dataclass(frozen=True, slots=True)
class MoreTime:
    """A request for more time."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class TimeDecision:
    """The answer to a request for more time."""

    granted: bool
    answer: str = field(default="", metadata=said("Needed where it is refused."))


Do = Callable[[Session, UUID, Any, dict[str, Any]], object]
"""Carries out an act: on this plan, with this body, and with `by`, `now` and, where it is needed, `version`."""


def _act(name: str, says: str, do: Do, takes: type[Any] | None = None, *, version: bool = True) -> Door:
    def act(session: Session, by: Person, call: Call) -> None:
        how: dict[str, Any] = {"by": by, "now": now()}
        do(session, call.id("plan_id"), call.body, how | {"version": call.version} if version else how)

    return Door(
        name=f"{name}_plan", method="POST", path=f"/plans/<uuid:plan_id>/{name.replace('_', '-')}",
        beside=f"plan_acts.{name}", group="Acts on plans", says=says, gives=PlanShape, show=show_plan, act=act,
        takes=takes, version=Version.NEEDED if version else Version.NONE,
    )  # fmt: skip


DOORS = (
    _act("send", "Lay the plan before the supplier.",
         lambda s, key, body, how: plan_agreeing.send(s, key, signed=body.signed, **how), Sending),
    _act("take_back", "Take it back to a draft, as long as the supplier has not answered.",
         lambda s, key, _body, how: plan_agreeing.take_back(s, key, **how)),
    _act("sign", "Sign the present edition for your side. When both have, it is agreed.",
         lambda s, key, body, how: plan_agreeing.sign(s, key, text=body.text, **how), WordsIfAny),
    _act("withdraw", "Take your side's signature back, as long as work has not begun.",
         lambda s, key, _body, how: plan_agreeing.withdraw(s, key, **how)),
    _act("drop", "Close it because nothing is to be done. A critical one needs a second person.",
         lambda s, key, body, how: plan_agreeing.drop(s, key, reason=body.reason, **how), Why),
    _act("begin", "Begin with what both have signed. For suppliers.",
         lambda s, key, _body, how: plan_working.begin(s, key, **how)),
    _act("contain", "Say what was done at once, so that people are safe.",
         lambda s, key, body, how: plan_working.contain(s, key, text=body.text, on=body.on, **how), Containment,
         version=False),
    _act("submit", "Say that it is done, and what shows it. For suppliers.",
         lambda s, key, body, how: plan_verifying.submit_evidence(s, key, text=body.text, policy=policy(), **how),
         Words),
    _act("take_up", "Begin to verify. Nobody verifies their own evidence.",
         lambda s, key, body, how: plan_verifying.take_up(s, key, how=body.how, **how), TakingUp),
    _act("send_back", "Say what is missing in the evidence.",
         lambda s, key, body, how: plan_verifying.send_back(s, key, text=body.text, **how), Words),
    _act("close_in_part", "Some of it is shown; say what is left.",
         lambda s, key, body, how: plan_verifying.close_in_part(s, key, text=body.text, **how), Words),
    _act("close", "Settle that it is done. A critical one needs a second person and a decision about remedy.",
         lambda s, key, body, how: plan_verifying.close(s, key, reason=body.reason, **how), Why),
    _act("confirm_effect", "Settle, on the agreed day or later, that it helped.",
         lambda s, key, body, how: plan_verifying.confirm_effect(s, key, result=body.result, **how), Effect),
    _act("reopen", "The harm is back, or never went.",
         lambda s, key, body, how: plan_verifying.reopen(s, key, text=body.text, policy=policy(), **how), Words),
    _act("decide_remedy", "Decide whether the people concerned are owed a remedy.",
         lambda s, key, body, how: plan_working.decide_remedy(
             s, key, needed=body.needed, reason=body.reason, **how), Remedy, version=False),
    _act("assign", "Say who answers for it at the buyer.",
         lambda s, key, body, how: plan_working.assign(s, key, body.person, **how), Assignment, version=False),
    _act("say", "Write to the other side.",
         lambda s, key, body, how: plan_working.say(s, key, text=body.text, **how), Words, version=False),
    _act("dispute", "Object, with what is not right. The buyer must answer by a day. For suppliers.",
         lambda s, key, body, how: plan_disputes.dispute(
             s, key, text=body.text, finding_id=body.finding, policy=policy(), **how), Objection),
    _act("settle", "Answer the objection.",
         lambda s, key, body, how: plan_disputes.settle(
             s, key, outcome=body.outcome, answer=body.answer, why=body.why, policy=policy(), **how), Settlement),
    _act("suspend", "Pause all clocks.",
         lambda s, key, body, how: plan_disputes.suspend(s, key, reason=body.reason, **how), Why),
    _act("resume", "Go on where it stood; every day moves on by the length of the pause.",
         lambda s, key, _body, how: plan_disputes.resume(s, key, **how)),
    _act("ask_extension", "Ask for more time. For suppliers.",
         lambda s, key, body, how: plan_disputes.ask_extension(
             s, key, until=body.until, reason=body.reason, **how), MoreTime, version=False),
    _act("decide_extension", "Grant or refuse more time.",
         lambda s, key, body, how: plan_disputes.decide_extension(
             s, key, granted=body.granted, answer=body.answer, **how), TimeDecision),
    _act("escalate", "Lift it to the next rung.",
         lambda s, key, body, how: plan_disputes.escalate(s, key, reason=body.reason, **how), Why),
)  # fmt: skip
