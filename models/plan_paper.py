"""The paper that both sides sign: reading it off a plan as terms, and writing changed terms back into the plan."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from models.errors import Conflict, Invalid
from models.findings import Severity
from models.plan_parts import Action, Milestone, Monitoring, Support
from models.plan_terms import HEAD, LINES, ActionKind, Terms, cleaned, numbers, read
from models.plans import Plan

ROWS: dict[str, type[Any]] = {"action": Action, "milestone": Milestone, "monitoring": Monitoring, "support": Support}


def terms_of(plan: Plan) -> dict[str, str]:
    """Everything that is agreed on, as it stands now."""
    terms = {field.name: _text(getattr(plan, field.name)) for field in HEAD}
    for kind, fields in LINES.items():
        for row in rows_of(plan, kind):
            terms |= {f"{kind}.{row.line}.{field.name}": _text(getattr(row, field.name)) for field in fields}
    return {key: text for key, text in terms.items() if text}


def rows_of(plan: Plan, kind: str) -> list[Any]:
    """The lines of a kind, in their order."""
    found: dict[str, list[Any]] = {
        "action": plan.actions,
        "milestone": plan.milestones,
        "monitoring": plan.monitoring,
        "support": plan.support,
    }
    return found[kind]


def write_terms(plan: Plan, raw: Terms) -> dict[str, str]:
    """Put the terms into the plan and answer them as they are kept.

    Raises Invalid that names the field, Conflict where a line goes that was done already. Nothing is half written.
    """
    terms = cleaned(raw)
    for number in numbers(terms, "action"):
        terms.setdefault(f"action.{number}.kind", ActionKind.CORRECTIVE.value)
    _check_days(terms)
    for kind in ("action", "milestone"):
        _check_done(plan, kind, terms)
    for field in HEAD:
        text = terms.get(field.name)
        setattr(plan, field.name, field.empty if text is None else read(field, text, field.name))
    for kind in LINES:
        _write_lines(plan, kind, terms)
    return terms


def missing(terms: Terms, severity: Severity, today: date) -> list[Invalid]:
    """Why nobody can sign this yet: one sentence a gap, each with its field. Empty when it is complete."""
    corrective = [number for number in numbers(terms, "action") if terms.get(f"action.{number}.kind") == "corrective"]
    gaps = list(_gaps_of_lines(terms))
    if not corrective and not terms.get("no_action"):
        gaps.insert(0, Invalid("Say what is to be done, or why nothing is to be done.", field="action.1.text"))
    if corrective and not terms.get("root_cause"):
        gaps.append(Invalid("Say what caused it: otherwise it comes back.", field="root_cause"))
    if not terms.get("due_on"):
        gaps.append(Invalid("Give the day by which it is to be done.", field="due_on"))
    elif date.fromisoformat(terms["due_on"]) < today:
        gaps.append(Invalid("The due date has passed already: choose a later day.", field="due_on"))
    if corrective and severity in (Severity.CRITICAL, Severity.HIGH):
        if not terms.get("indicator"):
            gaps.append(Invalid("Say what will show, later, that it helped the people concerned.", field="indicator"))
        if not terms.get("effect_due_on"):
            gaps.append(Invalid("Give the day on which you look whether it helped.", field="effect_due_on"))
    return gaps


def _gaps_of_lines(terms: Terms) -> list[Invalid]:
    gaps = []
    for number in numbers(terms, "action"):
        if not terms.get(f"action.{number}.owner"):
            gaps.append(Invalid("Name who does this: a person or a function.", field=f"action.{number}.owner"))
    for number in numbers(terms, "milestone"):
        if not terms.get(f"milestone.{number}.evidence"):
            gaps.append(Invalid("Say what will show that this step was taken.", field=f"milestone.{number}.evidence"))
    return gaps


def _write_lines(plan: Plan, kind: str, terms: Terms) -> None:
    rows, wanted = rows_of(plan, kind), numbers(terms, kind)
    for row in [row for row in rows if row.line not in wanted]:
        rows.remove(row)
    known = {row.line: row for row in rows}
    for number in wanted:
        row = known.get(number)
        if row is None:
            row = ROWS[kind](line=number)
            rows.append(row)
        for field in LINES[kind]:
            text = terms.get(f"{kind}.{number}.{field.name}")
            setattr(row, field.name, field.empty if text is None else read(field, text, field.name))


def _check_days(terms: Terms) -> None:
    due = terms.get("due_on", "")
    for number in numbers(terms, "milestone"):
        if f"milestone.{number}.due_on" not in terms:
            raise Invalid("Give the step a day.", field=f"milestone.{number}.due_on")
    for key, text in terms.items():
        if key.endswith(".due_on") and due and text > due:
            raise Invalid("A step cannot be due later than its plan.", field=key)
    if due and terms.get("effect_due_on", due) < due:
        raise Invalid("Whether it helped can only be seen after it is done: choose a later day.", field="effect_due_on")
    if terms.get("cost") and not terms.get("currency"):
        raise Invalid("Name the currency by its three letters, such as EUR.", field="currency")


def _check_done(plan: Plan, kind: str, terms: Terms) -> None:
    """What was done stays in the plan, with its day."""
    kept = numbers(terms, kind)
    for row in rows_of(plan, kind):
        if row.done_at is not None and row.line not in kept:
            raise Conflict("A line that was done already stays in the plan.")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else str(value)
