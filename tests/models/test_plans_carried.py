"""Plans of the first version are carried into the full life with their days, names and words, and back again."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from models import migrations
from models.db import Database
from tests.factories import NOON, make_person, make_supplier

DUE = date(2026, 4, 1)
STATES = ("draft", "sent", "agreed", "disputed", "evidence_submitted", "closed")


def test_plans_of_every_old_state_are_carried_up_and_down(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        buyer, second = (make_person(session, organisation=supplier.buyer) for _ in range(2))
        seller = make_person(session, organisation=supplier.organisation)
        people = {"opener": buyer.id, "second": second.id, "seller": seller.id, "supplier": supplier.id}
    migrations.downgrade(database.engine, "0003")
    ids = {state: uuid.uuid4() for state in STATES}
    with database.engine.begin() as connection:
        for state, key in ids.items():
            _old_plan(connection, key, state, people)
        _told(connection, ids, people)
    migrations.upgrade(database.engine)
    _check_new(database, ids, people)
    migrations.downgrade(database.engine, "0003")
    with database.engine.connect() as connection:
        rows = {
            row["id"]: row for row in _rows(connection, "plan", ("id", "state", "action", "due_on", "closed_by_id"))
        }
        steps = _rows(connection, "milestone", ("plan_id", "title", "due_on"))
    assert {state: rows[key]["state"] for state, key in ids.items()} == {state: state for state in STATES}
    assert all(rows[key]["action"] == "Return the passports." and rows[key]["due_on"] == DUE for key in ids.values())
    assert rows[ids["closed"]]["closed_by_id"] == people["second"]
    assert {(row["plan_id"], row["title"], row["due_on"]) for row in steps} == {
        (key, "Lockers", DUE) for key in ids.values()
    }
    migrations.upgrade(database.engine)


def _check_new(database: Database, ids: dict[str, uuid.UUID], people: dict[str, uuid.UUID]) -> None:
    names = ("id", "state", "state_before", "buyer_signed_by_id", "supplier_signed_by_id", "evidence_by_id", "due_on",
             "closed_before_remedy", "closed_as", "clock_on", "edition")  # fmt: skip
    with database.engine.connect() as connection:
        rows = {row["id"]: row for row in _rows(connection, "plan", names)}
        actions = _rows(connection, "plan_action", ("plan_id", "text", "owner", "kind"))
        disputes = _rows(connection, "plan_dispute", ("plan_id", "raised_by_id", "text"))
        messages = _rows(connection, "plan_message", ("plan_id", "text"))
        editions = _rows(connection, "plan_edition", ("plan_id", "terms"))
    new = {state: rows[key]["state"] for state, key in ids.items()}
    assert new == {state: "in_progress" if state == "agreed" else state for state in STATES}
    for state in ("agreed", "evidence_submitted"):
        row = rows[ids[state]]
        signed = (row["buyer_signed_by_id"], row["supplier_signed_by_id"])
        assert signed == (people["second"], people["seller"]), "who sent it and who agreed have signed"
    assert rows[ids["draft"]]["buyer_signed_by_id"] is None
    assert rows[ids["evidence_submitted"]]["evidence_by_id"] == people["seller"]
    assert rows[ids["disputed"]]["state_before"] == "in_progress"
    assert (rows[ids["closed"]]["closed_as"], bool(rows[ids["closed"]]["closed_before_remedy"])) == ("done", True)
    assert {row["due_on"] for row in rows.values()} == {DUE}
    assert {(row["text"], row["owner"], row["kind"]) for row in actions} == {
        ("Return the passports.", "Head of personnel", "corrective")
    }
    assert len(actions) == len(editions) == len(STATES)
    assert {(row["plan_id"], row["raised_by_id"], row["text"]) for row in disputes} == {
        (ids["disputed"], people["seller"], "It is not so.")
    }
    assert len(messages) == len(STATES)


def _old_plan(connection: sa.Connection, key: uuid.UUID, state: str, people: dict[str, uuid.UUID]) -> None:
    answered = state not in ("draft", "sent")
    _insert(connection, "plan", {
        "id": key, "supplier_id": people["supplier"], "state": state, "severity": "critical",
        "action": "Return the passports.", "responsible": "Head of personnel", "due_on": DUE,
        "opened_by_id": people["opener"], "opened_at": NOON,
        "answered_by_id": people["seller"] if answered else None, "answered_at": NOON if answered else None,
        "closed_by_id": people["second"] if state == "closed" else None,
        "closed_at": NOON if state == "closed" else None,
        "closure_reason": "Seen." if state == "closed" else "", "version": 3,
    })  # fmt: skip
    _insert(connection, "milestone", {
        "id": uuid.uuid4(), "plan_id": key, "title": "Lockers", "due_on": DUE, "evidence": "", "done_at": None,
        "done_by_id": None,
    })  # fmt: skip
    _insert(connection, "plan_message", {
        "id": uuid.uuid4(), "plan_id": key, "written_by_id": people["seller"], "written_at": NOON,
        "text": "It is not so.",
    })  # fmt: skip


def _told(connection: sa.Connection, ids: dict[str, uuid.UUID], people: dict[str, uuid.UUID]) -> None:
    """What the journal of the first version knew: who sent, who agreed, and from where it was disputed."""
    acts = [(state, "plan.sent", "second", ["draft", "sent"]) for state in STATES if state != "draft"]
    acts += [(state, "plan.agreed", "seller", ["sent", "agreed"]) for state in STATES[2:]]
    acts.append(("disputed", "plan.disputed", "seller", ["agreed", "disputed"]))
    acts.append(("closed", "plan.closed", "second", ["evidence_submitted", "closed"]))
    for number, (state, act, who, states) in enumerate(acts, start=1000):
        _insert(connection, "journal", {
            "number": number, "at": datetime(2026, 3, 1, tzinfo=UTC), "organisation_id": None,
            "actor_id": people[who], "act": act, "thing_id": str(ids[state]),
            "detail": json.dumps({"state": states}), "previous": "0", "seal": str(number),
        })  # fmt: skip


def _type(name: str) -> Any:
    if name == "id" or (name.endswith("_id") and name != "thing_id"):
        return sa.Uuid()
    if name.endswith("_at") or name == "at":
        return sa.DateTime(timezone=True)
    return sa.Date() if name.endswith("_on") else None


def _insert(connection: sa.Connection, table: str, values: dict[str, Any]) -> None:
    columns = [sa.column(name, _type(name)) for name in values]
    connection.execute(sa.insert(sa.table(table, *columns)).values(values))


def _rows(connection: sa.Connection, table: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = [sa.column(name, _type(name)) for name in names]
    return [dict(row) for row in connection.execute(sa.select(*columns).select_from(sa.table(table))).mappings()]
