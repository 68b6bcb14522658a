"""The words of plans as people read them: states, kinds, outcomes, and the label of every field that is agreed on."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from models.plan_life import PlanState, Side
from models.plan_records import Outcome
from models.plan_terms import ActionKind, Cause, Lever, Method, line_of
from models.plans import Closure, Verification

NAMES: dict[type[StrEnum], dict[Any, Any]] = {
    PlanState: {
        PlanState.DRAFT: _l("Draft"),
        PlanState.SENT: _l("With the supplier"),
        PlanState.PROPOSED: _l("Proposed by the supplier"),
        PlanState.NEGOTIATION: _l("Being negotiated"),
        PlanState.AGREED: _l("Agreed"),
        PlanState.IN_PROGRESS: _l("In progress"),
        PlanState.EVIDENCE_SUBMITTED: _l("Evidence to verify"),
        PlanState.VERIFICATION: _l("Being verified"),
        PlanState.RETURNED: _l("Sent back"),
        PlanState.PARTLY_CLOSED: _l("Partly done"),
        PlanState.CLOSED: _l("Closed"),
        PlanState.EFFECTIVE: _l("Shown to help"),
        PlanState.REOPENED: _l("Open again"),
        PlanState.DISPUTED: _l("Disputed"),
        PlanState.SUSPENDED: _l("Paused"),
    },
    Side: {Side.BUYER: _l("Buyer"), Side.SUPPLIER: _l("Supplier")},
    Cause: {
        Cause.RULES: _l("Rules missing or not followed"),
        Cause.KNOWLEDGE: _l("People did not know"),
        Cause.MEANS: _l("Too little money, staff or time"),
        Cause.SUPERVISION: _l("Supervision"),
        Cause.PAY: _l("How pay is set up"),
        Cause.AGENTS: _l("Agents or subcontractors"),
        Cause.BUYING: _l("How customers buy"),
        Cause.BUILDINGS: _l("Buildings and machines"),
        Cause.ATTITUDES: _l("Attitudes and customs"),
        Cause.OTHER: _l("Something else"),
    },
    Method: {
        Method.FIVE_WHYS: _l("Asking why, five times"),
        Method.DIAGRAM: _l("Diagram of causes"),
        Method.INTERVIEWS: _l("Talks with workers"),
        Method.RECORDS: _l("Records and figures"),
        Method.OUTSIDE: _l("Somebody from outside"),
        Method.OTHER: _l("Something else"),
    },
    ActionKind: {
        ActionKind.CORRECTIVE: _l("Repairs"),
        ActionKind.PREVENTIVE: _l("Prevents"),
        ActionKind.BUYER: _l("By the buyer"),
    },
    Lever: {
        Lever.PRICE: _l("Price"),
        Lever.LEAD_TIME: _l("Lead time"),
        Lever.COST_SHARE: _l("Share of the cost"),
        Lever.ORDERS: _l("Orders and forecasts"),
        Lever.PAYMENT: _l("Terms of payment"),
        Lever.TRAINING: _l("Training"),
        Lever.OTHER: _l("Something else"),
    },
    Verification: {
        Verification.PAPERS: _l("Papers at the desk"),
        Verification.VISIT: _l("Visit on site"),
        Verification.INTERVIEWS: _l("Talks with workers"),
        Verification.SURVEY: _l("Survey of workers"),
        Verification.DATA: _l("Figures and records"),
    },
    Closure: {Closure.DONE: _l("Done"), Closure.NO_ACTION: _l("Without action")},
    Outcome: {
        Outcome.UPHELD: _l("The supplier is right: it is no finding"),
        Outcome.PARTLY: _l("The finding stands, the plan changes"),
        Outcome.DISMISSED: _l("The finding and the plan stand"),
    },
}

LABELS: dict[str, Any] = {
    "root_cause_method": _l("How the cause was found"),
    "root_cause_category": _l("Where the cause lies"),
    "root_cause": _l("Root cause"),
    "no_action": _l("Why nothing is to be done"),
    "responsible": _l("Responsible at the supplier"),
    "people": _l("People affected"),
    "due_on": _l("To be done by"),
    "indicator": _l("What will show that it helped"),
    "target": _l("Result to be reached"),
    "effect_due_on": _l("Looked at again on"),
    "cost": _l("Cost"),
    "currency": _l("Currency"),
    "buyer_share": _l("Share of the buyer, in per cent"),
    "action.text": _l("Action"),
    "action.kind": _l("Kind"),
    "action.owner": _l("Owner"),
    "action.due_on": _l("By when"),
    "action.lever": _l("What the buyer changes"),
    "milestone.title": _l("Step"),
    "milestone.due_on": _l("By when"),
    "milestone.evidence": _l("What will show that it was taken"),
    "monitoring.what": _l("What is watched"),
    "monitoring.by_whom": _l("By whom"),
    "monitoring.how_often": _l("How often"),
    "support.name": _l("Who helps"),
    "support.help": _l("With what"),
}
"""By the name of the field; for a field of a line, with the kind of the line before it."""

HINTS: dict[str, Any] = {
    "root_cause": _l("Why could it happen? Ask until the answer is something that can be changed."),
    "no_action": _l("Only where nothing is to be done. Both sides sign the reason."),
    "responsible": _l("A name or a function."),
    "indicator": _l("Something that can be counted later, such as passports found at an unannounced visit."),
    "target": _l("For example: none, or 48 hours a week at most."),
    "currency": _l("Three letters, such as EUR."),
}


def field_word(key: str) -> str:
    """The label of a field by its key, with the number of its line: `Action 2: Owner`."""
    line = line_of(key)
    if line is None:
        return str(LABELS.get(key, key))
    kind, number = line
    first = {"action": "action.text", "milestone": "milestone.title", "monitoring": "monitoring.what",
             "support": "support.name"}[kind]  # fmt: skip
    name = f"{kind}.{key.rpartition('.')[2]}"
    return f"{LABELS[first]} {number}" if name == first else f"{LABELS[first]} {number}: {LABELS[name]}"


def label(name: str) -> str:
    """The plain label of a field, without a number: `action.owner` is `Owner`."""
    return str(LABELS[name])


def hint(name: str) -> str:
    return str(HINTS.get(name, ""))


ACTS: dict[str, Any] = {
    "plan.drafted": _l("drafted a plan"),
    "plan.written": _l("wrote in a plan"),
    "plan.proposed": _l("proposed a plan"),
    "plan.sent": _l("sent a plan to the supplier"),
    "plan.taken_back": _l("took a plan back"),
    "plan.signed": _l("signed a plan"),
    "plan.signature_withdrawn": _l("took a signature back"),
    "plan.agreed": _l("agreed to a plan"),
    "plan.dropped": _l("closed a plan without action"),
    "plan.begun": _l("began the work of a plan"),
    "plan.contained": _l("recorded what was done at once"),
    "plan.milestone_added": _l("added a step to a plan"),
    "plan.milestone_done": _l("finished a step of a plan"),
    "plan.action_done": _l("finished an action of a plan"),
    "plan.evidence_added": _l("added evidence"),
    "plan.evidence_withdrawn": _l("withdrew evidence that nobody had judged"),
    "plan.evidence_submitted": _l("submitted evidence"),
    "plan.verification_begun": _l("began to verify a plan"),
    "plan.sent_back": _l("sent evidence back"),
    "plan.closed_in_part": _l("found a plan partly done"),
    "plan.closed": _l("closed a plan"),
    "plan.effect_confirmed": _l("confirmed that a plan helped"),
    "plan.reopened": _l("opened a plan again"),
    "plan.remedy_decided": _l("decided about remedy"),
    "plan.assigned": _l("said who answers for a plan"),
    "plan.message": _l("wrote a message"),
    "plan.disputed": _l("disputed a plan"),
    "plan.dispute_settled": _l("answered a dispute"),
    "plan.suspended": _l("paused a plan"),
    "plan.resumed": _l("let a plan go on"),
    "plan.extension_asked": _l("asked for more time"),
    "plan.extension_decided": _l("answered a request for more time"),
    "plan.escalated": _l("escalated a plan"),
    "plan.looked_at": _l("looked at a critical plan"),
}
"""The acts of the journal and of a plan's own record, as they read after a name."""
