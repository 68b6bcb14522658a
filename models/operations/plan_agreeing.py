"""Agreeing on a plan: writing, proposing, comparing what two wrote at once, signing, and taking a signature back."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Conflict
from models.operations.plan_steps import BUYER, EITHER, SUPPLIER, add_message, edition, keep_edition, side_of, step
from models.operations.scope import allow
from models.people import Person
from models.plan_life import PlanAct, PlanState, Side
from models.plan_paper import missing, terms_of, write_terms
from models.plan_records import Signature
from models.plan_terms import Apart, Terms, Unchanged, cleaned
from models.plans import Plan


def write(session: Session, plan_id: uuid.UUID, terms: Terms, *, on: int, by: Person, now: datetime) -> Plan:
    """Change what is agreed on. `on` is the number of the edition that the writer had before their eyes.

    Whatever both had signed before is signed by nobody afterwards. Raises Apart with both versions when somebody
    else wrote meanwhile, Invalid with the field at fault, Conflict in a state in which nothing can be changed.
    """

    def change(found: Plan) -> None:
        _check_edition(session, found, terms, on, by=by)
        _revise(session, found, terms, by=by, now=now)

    return step(session, plan_id, "plan.written", EITHER, by=by, now=now, version=None, change=change)


def propose(
    session: Session, plan_id: uuid.UUID, terms: Terms | None = None, *, on: int, by: Person, now: datetime
) -> Plan:
    """The supplier lays its proposal before the buyer, and signs it by that.

    Where nothing was changed and the buyer has signed already, both have agreed. Raises as `write` and `sign` do.
    """

    def change(found: Plan) -> None:
        if terms is not None:
            _check_edition(session, found, terms, on, by=by)
            if cleaned(terms) != terms_of(found):
                _revise(session, found, terms, by=by, now=now)
        _put(session, found, Side.SUPPLIER, by=by, now=now)
        found.go(PlanAct.AGREE if Side.BUYER in found.signed_by() else PlanAct.PROPOSE, Side.SUPPLIER)
        _settle(found)

    return step(session, plan_id, "plan.proposed", SUPPLIER, by=by, now=now, version=None, change=change)


def send(session: Session, plan_id: uuid.UUID, *, signed: bool, by: Person, now: datetime, version: int) -> Plan:
    """Lay the plan before the supplier: `signed` with the buyer's own text, or open, for a proposal."""

    def change(found: Plan) -> None:
        if signed and Side.BUYER not in found.signed_by():
            _put(session, found, Side.BUYER, by=by, now=now)
            found.go(PlanAct.SIGN, Side.BUYER)
        found.go(PlanAct.SEND, Side.BUYER)
        found.sent_at = found.sent_at or now

    return step(session, plan_id, "plan.sent", BUYER, by=by, now=now, version=version, change=change)


def take_back(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """Take a plan back to a draft, as long as the supplier has not answered. It sees nothing of it until it is sent."""

    def change(found: Plan) -> None:
        found.go(PlanAct.TAKE_BACK, Side.BUYER)
        found.sent_at = None

    return step(session, plan_id, "plan.taken_back", BUYER, by=by, now=now, version=version, change=change)


def sign(session: Session, plan_id: uuid.UUID, *, text: str = "", by: Person, now: datetime, version: int) -> Plan:
    """Sign the present edition. When both sides have, the plan is agreed.

    Raises Invalid while something is missing, Conflict when this side has signed already.
    """
    side = side_of(by)

    def change(found: Plan) -> None:
        _put(session, found, side, by=by, now=now)
        if side.other in found.signed_by():
            found.go(PlanAct.AGREE, side)
        elif found.state is PlanState.SENT:
            found.go(PlanAct.PROPOSE, side)
        else:
            found.go(PlanAct.SIGN, side)
        _settle(found)
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, "plan.signed", EITHER, by=by, now=now, version=version, change=change)


def withdraw(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """Take one's side's signature back, as long as work has not begun. It stays visible that it was given."""
    side = side_of(by)

    def change(found: Plan) -> None:
        if side not in found.signed_by():
            raise Conflict("Your side has not signed this edition: there is no signature to take back.")
        found.go(PlanAct.WITHDRAW, side)
        found.put_signature(side, None)
        row = _signature(session, found, side)
        if row is not None:
            row.withdrawn_by_id, row.withdrawn_at = by.id, now

    return step(session, plan_id, "plan.signature_withdrawn", EITHER, by=by, now=now, version=version, change=change)


def drop(session: Session, plan_id: uuid.UUID, *, reason: str, by: Person, now: datetime, version: int) -> Plan:
    """Close a plan on which no work has begun, because nothing is to be done, with the reason.

    Raises as closing does: a critical plan needs a second person and a decision about remedy.
    """
    return step(
        session, plan_id, "plan.dropped", BUYER, by=by, now=now, version=version,
        change=lambda found: found.close(PlanAct.DROP, by=by, reason=reason, at=now),
    )  # fmt: skip


def difference(session: Session, found: Plan, terms: Terms, *, on: int, by: Person) -> Apart:
    """Both versions side by side, for whoever has to choose."""
    allow(by, *EITHER)
    known = edition(session, found.id, on, by=by)
    return Apart({} if known is None else known.terms, terms_of(found), terms)


def agree_anew(session: Session, found: Plan, terms: Terms, *, supplier: Person, buyer: Person, now: datetime) -> None:
    """A new edition to which both sides have consented, each by an act of its own: asking for it, and granting it."""
    kept = write_terms(found, terms)
    found.edition += 1
    found.buyer_signed_by_id, found.supplier_signed_by_id = buyer.id, supplier.id
    keep_edition(session, found, kept, Side.BUYER, by=buyer, now=now)
    for side, person in ((Side.SUPPLIER, supplier), (Side.BUYER, buyer)):
        session.add(
            Signature(plan_id=found.id, edition=found.edition, side=side, signed_by_id=person.id, signed_at=now)
        )
    session.flush()


def begin_anew(session: Session, found: Plan, *, by: Person, now: datetime) -> None:
    """The same words under a new number: what both had signed before is history, and has to be signed anew."""
    found.edition += 1
    found.unsign()
    session.flush()
    keep_edition(session, found, terms_of(found), side_of(by), by=by, now=now)


def change_terms(session: Session, found: Plan, terms: Terms, side: Side, *, by: Person, now: datetime) -> None:
    """Write a new edition, which nobody has signed."""
    kept = write_terms(found, terms)
    found.edition += 1
    found.unsign()
    session.flush()
    keep_edition(session, found, kept, side, by=by, now=now)


def _check_edition(session: Session, found: Plan, terms: Terms, on: int, *, by: Person) -> None:
    if on == found.edition:
        return
    known = edition(session, found.id, on, by=by)
    theirs, mine = terms_of(found), cleaned(terms)
    if mine != theirs:
        raise Apart({} if known is None else known.terms, theirs, mine)


def _revise(session: Session, found: Plan, terms: Terms, *, by: Person, now: datetime) -> None:
    side = side_of(by)
    found.go(PlanAct.REVISE, side)
    if cleaned(terms) == terms_of(found):
        raise Unchanged
    change_terms(session, found, terms, side, by=by, now=now)


def _put(session: Session, found: Plan, side: Side, *, by: Person, now: datetime) -> None:
    if side in found.signed_by():
        raise Conflict("Your side has signed this edition already.")
    for gap in missing(terms_of(found), found.severity, now.date()):
        raise gap
    found.put_signature(side, by.id)
    session.add(Signature(plan_id=found.id, edition=found.edition, side=side, signed_by_id=by.id, signed_at=now))
    session.flush()


def _settle(found: Plan) -> None:
    """The day that both have just signed counts as it is printed."""
    if found.state is PlanState.AGREED:
        found.paused_days = 0


def _signature(session: Session, found: Plan, side: Side) -> Signature | None:
    return session.scalar(
        select(Signature).where(
            Signature.plan_id == found.id,
            Signature.edition == found.edition,
            Signature.side == side,
            Signature.withdrawn_at.is_(None),
        )
    )
