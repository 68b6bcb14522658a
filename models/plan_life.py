"""The life of a corrective action plan as one table: which act leads from which state to which, and whose act it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlanState(StrEnum):
    """Where a plan stands. Being overdue is no state: it follows from the day, in every state with a clock."""

    DRAFT = "draft"
    """The buyer prepares it; the supplier does not see it yet."""
    SENT = "sent"
    """With the supplier, who writes the first proposal, accepts what is there, or disputes."""
    PROPOSED = "proposed"
    """The supplier's proposal lies before the buyer."""
    NEGOTIATION = "negotiation"
    """Either side may change it; both have to sign the same edition."""
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    """The supplier says that it is done; somebody else must verify that."""
    VERIFICATION = "verification"
    RETURNED = "returned"
    """The evidence did not show it."""
    PARTLY_CLOSED = "partly_closed"
    """Some of it is shown; the rest goes on."""
    CLOSED = "closed"
    """Shown to be done. Whether it helped is looked at later."""
    EFFECTIVE = "effective"
    """A later look has shown that it helped."""
    REOPENED = "reopened"
    """The harm is back, or never went."""
    DISPUTED = "disputed"
    """The supplier says that it is not so, and the buyer must answer by a day."""
    SUSPENDED = "suspended"
    """Paused with a reason. No clock runs."""


class Side(StrEnum):
    BUYER = "buyer"
    SUPPLIER = "supplier"

    @property
    def other(self) -> Side:
        return Side.SUPPLIER if self is Side.BUYER else Side.BUYER


class PlanAct(StrEnum):
    SEND = "send"
    TAKE_BACK = "take_back"
    PROPOSE = "propose"
    REVISE = "revise"
    SIGN = "sign"
    AGREE = "agree"
    WITHDRAW = "withdraw"
    BEGIN = "begin"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    CLOSE_IN_PART = "close_in_part"
    CLOSE = "close"
    DROP = "drop"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    DISPUTE = "dispute"
    DISMISS = "dismiss"
    UPHOLD = "uphold"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"


class Onward(StrEnum):
    """Where an act leads, if not to one named state."""

    STAY = "stays"
    BACK = "back"
    """To the state in which the plan was interrupted."""


@dataclass(frozen=True, slots=True)
class Way:
    """One row of the table: `sides` may do `act` in any of `before`, which leads to `after`."""

    act: PlanAct
    sides: frozenset[Side]
    before: frozenset[PlanState]
    after: PlanState | Onward


S = PlanState
_BUYER, _SUPPLIER, _EITHER = frozenset({Side.BUYER}), frozenset({Side.SUPPLIER}), frozenset(Side)

TALKING = frozenset({S.SENT, S.PROPOSED, S.NEGOTIATION})
WORKING = frozenset({S.IN_PROGRESS, S.RETURNED, S.PARTLY_CLOSED})
"""The supplier is at work on what both have signed."""
SIGNED = WORKING | {S.AGREED, S.EVIDENCE_SUBMITTED, S.VERIFICATION}
"""States in which both sides' signatures stand under the present edition."""
ENDED = frozenset({S.CLOSED, S.EFFECTIVE})
INTERRUPTED = frozenset({S.DISPUTED, S.SUSPENDED})
OPEN = frozenset(S) - ENDED
_AGREED_OR_AT_WORK = WORKING | {S.AGREED, S.REOPENED}

LIFE: tuple[Way, ...] = (
    Way(PlanAct.SEND, _BUYER, frozenset({S.DRAFT}), S.SENT),
    Way(PlanAct.TAKE_BACK, _BUYER, frozenset({S.SENT}), S.DRAFT),
    Way(PlanAct.PROPOSE, _SUPPLIER, TALKING | {S.REOPENED}, S.PROPOSED),
    Way(PlanAct.REVISE, _BUYER, frozenset({S.DRAFT}), Onward.STAY),
    Way(PlanAct.REVISE, _SUPPLIER, frozenset({S.SENT}), Onward.STAY),
    Way(PlanAct.REVISE, _EITHER, _AGREED_OR_AT_WORK | {S.PROPOSED, S.NEGOTIATION}, S.NEGOTIATION),
    Way(PlanAct.SIGN, _BUYER, frozenset({S.DRAFT}), Onward.STAY),
    Way(PlanAct.SIGN, _EITHER, frozenset({S.PROPOSED, S.NEGOTIATION}), Onward.STAY),
    Way(PlanAct.AGREE, _EITHER, TALKING, S.AGREED),
    Way(PlanAct.WITHDRAW, _EITHER, frozenset({S.PROPOSED, S.NEGOTIATION, S.AGREED}), S.NEGOTIATION),
    Way(PlanAct.BEGIN, _SUPPLIER, frozenset({S.AGREED}), S.IN_PROGRESS),
    Way(PlanAct.SUBMIT, _SUPPLIER, WORKING, S.EVIDENCE_SUBMITTED),
    Way(PlanAct.VERIFY, _BUYER, frozenset({S.EVIDENCE_SUBMITTED}), S.VERIFICATION),
    Way(PlanAct.RETURN, _BUYER, frozenset({S.VERIFICATION}), S.RETURNED),
    Way(PlanAct.CLOSE_IN_PART, _BUYER, frozenset({S.VERIFICATION}), S.PARTLY_CLOSED),
    Way(PlanAct.CLOSE, _BUYER, frozenset({S.VERIFICATION}), S.CLOSED),
    Way(PlanAct.DROP, _BUYER, TALKING | {S.DRAFT}, S.CLOSED),
    Way(PlanAct.CONFIRM, _BUYER, frozenset({S.CLOSED}), S.EFFECTIVE),
    Way(PlanAct.REOPEN, _BUYER, ENDED, S.REOPENED),
    Way(PlanAct.DISPUTE, _SUPPLIER, TALKING | _AGREED_OR_AT_WORK, S.DISPUTED),
    Way(PlanAct.DISMISS, _BUYER, frozenset({S.DISPUTED}), Onward.BACK),
    Way(PlanAct.UPHOLD, _BUYER, frozenset({S.DISPUTED}), S.NEGOTIATION),
    Way(PlanAct.SUSPEND, _BUYER, TALKING | _AGREED_OR_AT_WORK | {S.EVIDENCE_SUBMITTED, S.VERIFICATION}, S.SUSPENDED),
    Way(PlanAct.RESUME, _BUYER, frozenset({S.SUSPENDED}), Onward.BACK),
    Way(PlanAct.EXTEND, _BUYER, WORKING | {S.AGREED}, Onward.STAY),
)
"""The whole life. What stands in no row cannot happen; the further rules of an act are in `models.plans`."""

WAITS_FOR: dict[PlanState, frozenset[Side]] = {
    S.DRAFT: _BUYER,
    S.SENT: _SUPPLIER,
    S.PROPOSED: _BUYER,
    S.NEGOTIATION: _EITHER,
    S.AGREED: _SUPPLIER,
    S.IN_PROGRESS: _SUPPLIER,
    S.EVIDENCE_SUBMITTED: _BUYER,
    S.VERIFICATION: _BUYER,
    S.RETURNED: _SUPPLIER,
    S.PARTLY_CLOSED: _SUPPLIER,
    S.CLOSED: _BUYER,
    S.EFFECTIVE: frozenset(),
    S.REOPENED: _SUPPLIER,
    S.DISPUTED: _BUYER,
    S.SUSPENDED: frozenset(),
}
"""Whose turn it is in each state."""


def way(act: PlanAct, side: Side, state: PlanState) -> Way | None:
    """The row of the table for this act; None where it cannot be done."""
    return next((row for row in LIFE if row.act is act and side in row.sides and state in row.before), None)


def possible(side: Side, state: PlanState) -> frozenset[PlanAct]:
    """Every act that the table allows this side in this state."""
    return frozenset(row.act for row in LIFE if side in row.sides and state in row.before)


def as_table() -> str:
    """The life as a table in Markdown, for the decision page; a test keeps the page current."""
    order = list(PlanState)
    lines = ["| act | by | from | to |", "|---|---|---|---|"]
    for row in LIFE:
        sides = " or ".join(side.value for side in Side if side in row.sides)
        before = ", ".join(state.value for state in sorted(row.before, key=order.index))
        lines.append(f"| {row.act.value} | {sides} | {before} | {row.after.value} |")
    return "\n".join(lines) + "\n"
