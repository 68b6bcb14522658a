"""Carries plans between the tables of the first version and those of the full life, both ways and with their data."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]
Rows = dict[str, list[Row]]

OLD = ("plan_message", "milestone", "plan_finding", "plan")
"""The tables of the first version that are made anew, in the order in which they can be dropped."""

UP = {"draft": "draft", "sent": "sent", "agreed": "in_progress", "evidence_submitted": "evidence_submitted",
      "disputed": "disputed", "closed": "closed"}  # fmt: skip
DOWN = {"draft": "draft", "sent": "sent", "proposed": "sent", "negotiation": "sent", "reopened": "sent",
        "agreed": "agreed", "in_progress": "agreed", "returned": "agreed", "partly_closed": "agreed",
        "evidence_submitted": "evidence_submitted", "verification": "evidence_submitted", "disputed": "disputed",
        "closed": "closed", "effective": "closed"}  # fmt: skip
SIGNED = ("in_progress", "evidence_submitted")


def read(connection: sa.Connection, name: str) -> list[Row]:
    """Every row of a table, with keys, days and moments as Python has them."""
    columns = [column["name"] for column in sa.inspect(connection).get_columns(name)]
    table = sa.table(name, *(sa.column(column, _type(column)) for column in columns))
    return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def upwards(connection: sa.Connection) -> Rows:
    """The rows of the new tables, made of those of the old ones and of what the journal knows about them."""
    told = _journal(connection)
    old = {name: read(connection, name) for name in OLD}
    steps = _by_plan(old["milestone"])
    words = _by_plan(old["plan_message"])
    new: Rows = {name: [] for name in ("plan", "plan_action", "milestone", "plan_edition", "plan_signature",
                                       "plan_dispute")}  # fmt: skip
    new["plan_finding"], new["plan_message"] = old["plan_finding"], old["plan_message"]
    for row in old["plan"]:
        lines = sorted(steps.get(row["id"], []), key=lambda step: (step["due_on"], str(step["id"])))
        new["milestone"] += [step | {"line": number} for number, step in enumerate(lines, start=1)]
        _plan_up(row, told.get(str(row["id"]), {}), lines, words.get(row["id"], []), new)
    return new


def downwards(connection: sa.Connection) -> Rows:
    """The rows of the old tables. What they have no place for stays behind; every action is kept as text."""
    plans, actions = read(connection, "plan"), _by_plan(read(connection, "plan_action"))
    made: Rows = {"plan": [_plan_down(row, actions.get(row["id"], [])) for row in plans]}
    fields = ("id", "plan_id", "title", "due_on", "evidence", "done_at", "done_by_id")
    made["milestone"] = [{name: row[name] for name in fields} for row in read(connection, "milestone")]
    made["plan_finding"], made["plan_message"] = read(connection, "plan_finding"), read(connection, "plan_message")
    return made


def _plan_up(row: Row, told: Mapping[str, Row], steps: list[Row], words: list[Row], new: Rows) -> None:
    state, before = UP[row["state"]], None
    buyer, supplier = _signers(row, told)
    if state == "disputed":
        before = UP.get(_before(told.get("plan.disputed")), "sent")
    if (state in SIGNED or before in SIGNED) and supplier is None:
        state, before = ("negotiation", None) if state in SIGNED else (state, "negotiation")
    signs = {"buyer": buyer if state not in ("draft", "closed") else None,
             "supplier": supplier if state in SIGNED or before in SIGNED else None}  # fmt: skip
    agree_by = row["due_on"] or row["opened_at"].date() + timedelta(days=30)
    answered = row["answered_at"] or row["opened_at"]
    evidence = state == "evidence_submitted"
    verify_by = answered.date() + timedelta(days=14) if evidence else None
    answer_due = answered.date() + timedelta(days=7)
    clock = {"in_progress": row["due_on"], "evidence_submitted": verify_by, "disputed": answer_due, "closed": None}
    was_done = _before(told.get("plan.closed")) != "disputed"
    new["plan"].append({
        "id": row["id"], "supplier_id": row["supplier_id"], "state": state, "state_before": before,
        "severity": row["severity"], "country": None, "edition": 1, "version": row["version"],
        "root_cause_method": None, "root_cause_category": None, "root_cause": "", "no_action": "",
        "responsible": row["responsible"], "people": None, "due_on": row["due_on"], "indicator": "", "target": "",
        "effect_due_on": None, "cost": None, "currency": "", "buyer_share": None,
        "opened_by_id": row["opened_by_id"], "opened_at": row["opened_at"],
        "sent_at": None if state == "draft" else _moment(told.get("plan.sent")) or row["opened_at"],
        "accountable_id": row["opened_by_id"], "agree_by": agree_by, "containment": "", "containment_due_at": None,
        "contained_on": None, "contained_by_id": None, "buyer_signed_by_id": signs["buyer"],
        "supplier_signed_by_id": signs["supplier"], "began_at": answered if signs["supplier"] else None,
        "evidence_by_id": row["answered_by_id"] if evidence else None, "evidence_at": answered if evidence else None,
        "verify_by": verify_by, "verifier_id": None, "verification": None, "remedy_decided_by_id": None,
        "closed_by_id": row["closed_by_id"], "closed_at": row["closed_at"],
        "closed_as": None if state != "closed" else "done" if was_done else "no_action",
        "closed_before_remedy": state == "closed", "closure_reason": row["closure_reason"], "effect_on": None,
        "effect_by_id": None, "effect_result": "", "paused_days": 0, "clock_on": clock.get(state, agree_by),
        "level": 0, "repeats_id": None,
    })  # fmt: skip
    if row["action"]:
        new["plan_action"].append({
            "id": uuid.uuid4(), "plan_id": row["id"], "line": 1, "text": row["action"], "kind": "corrective",
            "owner": row["responsible"], "due_on": None, "lever": None, "done_at": None, "done_by_id": None,
        })  # fmt: skip
    new["plan_edition"].append({
        "id": uuid.uuid4(), "plan_id": row["id"], "number": 1, "side": "buyer", "written_by_id": row["opened_by_id"],
        "written_at": row["opened_at"], "terms": _terms(row, steps),
    })  # fmt: skip
    new["plan_signature"] += [
        {"id": uuid.uuid4(), "plan_id": row["id"], "edition": 1, "side": side, "signed_by_id": person,
         "signed_at": answered if side == "supplier" else _moment(told.get("plan.sent")) or row["opened_at"],
         "withdrawn_by_id": None, "withdrawn_at": None}
        for side, person in signs.items() if person is not None
    ]  # fmt: skip
    if state == "disputed":
        raiser = row["answered_by_id"] or supplier or row["opened_by_id"]
        said = [message["text"] for message in words if message["written_by_id"] == raiser]
        new["plan_dispute"].append({
            "id": uuid.uuid4(), "plan_id": row["id"], "finding_id": None, "raised_by_id": raiser,
            "raised_at": answered, "text": said[-1] if said else "See the conversation.",
            "answer_due_on": answer_due, "outcome": None, "answer": "", "settled_by_id": None, "settled_at": None,
        })  # fmt: skip


def _plan_down(row: Row, actions: list[Row]) -> Row:
    written = "\n".join(action["text"] for action in sorted(actions, key=lambda action: action["line"]))
    written = written or row["no_action"]
    state = DOWN[row["state_before"] if row["state"] == "suspended" else row["state"]]
    if state == "sent" and not (written and row["due_on"]):
        state = "draft"
    if state != "draft":
        written = written or row["closure_reason"] or "See the conversation."
    return {
        "id": row["id"], "supplier_id": row["supplier_id"], "state": state, "severity": row["severity"],
        "action": written, "responsible": row["responsible"], "due_on": row["due_on"] or row["agree_by"],
        "opened_by_id": row["opened_by_id"], "opened_at": row["opened_at"],
        "answered_by_id": row["evidence_by_id"] or row["supplier_signed_by_id"], "answered_at": row["evidence_at"],
        "closed_by_id": row["closed_by_id"], "closed_at": row["closed_at"],
        "closure_reason": row["closure_reason"], "version": row["version"],
    }  # fmt: skip


def _signers(row: Row, told: Mapping[str, Row]) -> tuple[Any, Any]:
    """Who laid the plan before the supplier, and who agreed to it: that was each side's consent until now."""
    buyer = told["plan.sent"]["actor_id"] if "plan.sent" in told else row["opened_by_id"]
    supplier = told["plan.agreed"]["actor_id"] if "plan.agreed" in told else row["answered_by_id"]
    return buyer, supplier


def _terms(row: Row, steps: list[Row]) -> dict[str, str]:
    terms = {"responsible": row["responsible"], "due_on": row["due_on"].isoformat() if row["due_on"] else ""}
    if row["action"]:
        terms |= {"action.1.text": row["action"], "action.1.kind": "corrective", "action.1.owner": row["responsible"]}
    for number, step in enumerate(steps, start=1):
        terms |= {f"milestone.{number}.title": step["title"], f"milestone.{number}.evidence": step["evidence"]}
        terms[f"milestone.{number}.due_on"] = step["due_on"].isoformat()
    return {key: text for key, text in terms.items() if text}


def _journal(connection: sa.Connection) -> dict[str, dict[str, Row]]:
    """The latest entry of each act for each plan."""
    acts = ("plan.sent", "plan.agreed", "plan.disputed", "plan.closed")
    table = sa.table(
        "journal", sa.column("number", sa.Integer()), sa.column("at", sa.DateTime(timezone=True)),
        sa.column("actor_id", sa.Uuid()), sa.column("act"), sa.column("thing_id"), sa.column("detail"),
    )  # fmt: skip
    told: dict[str, dict[str, Row]] = {}
    query = sa.select(table).where(table.c.act.in_(acts)).order_by(table.c.number)
    for row in connection.execute(query).mappings():
        told.setdefault(row["thing_id"], {})[row["act"]] = dict(row)
    return told


def _before(entry: Row | None) -> str:
    states = json.loads(entry["detail"]).get("state", []) if entry else []
    return str(states[0]) if states else ""


def _moment(entry: Row | None) -> Any:
    return None if entry is None else entry["at"]


def _by_plan(rows: list[Row]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row["plan_id"], []).append(row)
    return found


def _type(column: str) -> sa.types.TypeEngine[Any]:
    if column == "id" or column.endswith("_id"):
        return sa.Uuid()
    if column.endswith("_at"):
        return sa.DateTime(timezone=True)
    if column.endswith(("_on", "_by")):
        return sa.Date()
    return sa.types.NullType()
