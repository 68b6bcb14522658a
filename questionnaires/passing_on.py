"""What a supplier may do about an invitation: ask for more time, and pass the questions on to its own suppliers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.campaigns import ExtensionRequest, Invitation, SupplyLink
from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.mail import MailKind
from models.operations.scope import allow, sees
from models.people import Organisation, OrganisationKind, Person, Role
from models.supplychain import Supplier
from questionnaires import inviting, lettering, returning

LONGEST_EXTENSION = timedelta(days=120)
"""How much later than the due day a supplier may ask for."""

DEEPEST = 6
"""Tiers that a questionnaire can be passed down."""

MOST_PASSED_ON = 200
"""Suppliers that one supplier may bring in."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A supplier's own supplier, with the person who gets the letter."""

    company: str
    person: str
    email: str
    language: str


def invitation(session: Session, invitation_id: uuid.UUID, *, by: Person) -> Invitation:
    """One's own invitation. Raises NotFound for somebody else's."""
    query = select(Invitation).join(Invitation.supplier).where(Invitation.id == invitation_id, sees(by))
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def invitation_of(session: Session, submission_id: uuid.UUID, *, by: Person) -> Invitation | None:
    """The invitation that a questionnaire came with; None where it came without a campaign."""
    query = select(Invitation).join(Invitation.supplier).where(Invitation.submission_id == submission_id, sees(by))
    return session.scalar(query)


def ask_extension(
    session: Session, invitation_id: uuid.UUID, wanted_on: date, *, reason: str, by: Person, now: datetime
) -> ExtensionRequest:
    """Ask for more time. Raises Invalid for a day that makes no sense, Conflict while an earlier request waits."""
    allow(by, Role.SUPPLIER_USER)
    found = invitation(session, invitation_id, by=by)
    due = found.submission.due_on
    if not found.is_open:
        raise Conflict("Your answers are in already: there is nothing to extend.")
    if not reason.strip():
        raise Invalid("Say why you need more time, in a sentence.", field="reason")
    if wanted_on <= max(now.date(), due or now.date()):
        raise Invalid("Choose a day after the present one.", field="wanted_on")
    if due is not None and wanted_on > due + LONGEST_EXTENSION:
        raise Invalid("This is more than four months later: choose an earlier day, or talk to your customer.",
                      field="wanted_on")  # fmt: skip
    if any(row.invitation_id == found.id for row in returning.requests(session, found.campaign)):
        raise Conflict("You have asked for more time already: your customer has not answered yet.")
    asked = ExtensionRequest(
        invitation=found, wanted_on=wanted_on, reason=reason.strip()[:2000], asked_by_id=by.id, asked_at=now
    )
    session.add(asked)
    session.flush()
    starter = found.campaign.started_by
    lettering.ask(session, MailKind.EXTENSION_ASKED, found, [starter], now=now, language=starter.language)
    _note(session, "extension.asked", found, by=by, now=now, wanted_on=wanted_on)
    return asked


def extensions(session: Session, found: Invitation) -> list[ExtensionRequest]:
    """What was asked about this invitation and how it was decided, newest first."""
    query = select(ExtensionRequest).where(ExtensionRequest.invitation_id == found.id)
    return list(session.scalars(query.order_by(ExtensionRequest.asked_at.desc(), ExtensionRequest.id.desc())))


def pass_on(session: Session, invitation_id: uuid.UUID, new: Newcomer, *, by: Person, now: datetime) -> Invitation:
    """Invite one's own supplier to the same questionnaire. Its answers go to the buyer; `by` sees only how far it is.

    Raises Invalid for what is missing, Conflict where the company was invited already or the chain is too long.
    """
    allow(by, Role.SUPPLIER_USER)
    found = invitation(session, invitation_id, by=by)
    company, address = _checked(new)
    _refuse_too_many(session, found)
    supplier, is_new = _supplier(session, found, company, address, new, now=now)
    taken = select(Invitation.id).where(
        Invitation.campaign_id == found.campaign_id, Invitation.supplier_id == supplier.id
    )
    if session.scalar(taken) is not None:
        raise Conflict("This company was invited to these questions already.")
    _link(session, found.supplier_id, supplier.id, also_direct=not is_new, by=by, now=now)
    (made,) = inviting.invite_many(
        session, found.campaign, [supplier.id], by=by, now=now, due_on=found.submission.due_on, passed_on_from=found
    )
    if is_new and new.language in found.campaign.languages:
        made.language = new.language
    _note(session, "invitation.passed_on", made, by=by, now=now, passed_on_from=found.id)
    return made


def passed_on(session: Session, found: Invitation) -> list[Invitation]:
    """Those whom this supplier invited, by name."""
    rows = session.scalars(select(Invitation).where(Invitation.passed_on_from_id == found.id))
    return sorted(rows, key=lambda row: (row.supplier.name.casefold(), row.id))


def _checked(new: Newcomer) -> tuple[str, str]:
    company, address = " ".join(new.company.split()), new.email.strip().lower()
    if not 0 < len(company) <= 200:
        raise Invalid("Give the company's name, of at most 200 characters.", field="company")
    if not new.person.strip():
        raise Invalid("Give the person's name.", field="person")
    if "@" not in address or len(address) > 254:
        raise Invalid("Give a complete e-mail address.", field="email")
    return company, address


def _refuse_too_many(session: Session, found: Invitation) -> None:
    if not found.is_open:
        raise Conflict("Your answers are in already: recall them before you pass the questions on.")
    if found.campaign.closed_at is not None:  # No letter leaves any more, and without one nobody new comes in.
        raise Conflict("Your customer has ended this round: nobody more is invited. Talk to your customer.")
    count = session.scalar(select(func.count()).where(Invitation.passed_on_from_id == found.id)) or 0
    if count >= MOST_PASSED_ON:
        raise Conflict("You have passed these questions on to as many companies as one can: talk to your customer.")
    depth, above = 1, found.passed_on_from_id
    while above is not None and depth < DEEPEST:
        depth, above = depth + 1, session.get_one(Invitation, above).passed_on_from_id
    if depth >= DEEPEST:
        raise Conflict("These questions were passed down as far as they can be: talk to your customer.")


def _supplier(
    session: Session, found: Invitation, company: str, address: str, new: Newcomer, *, now: datetime
) -> tuple[Supplier, bool]:
    """The relation of the buyer with this company, made where there is none; and whether it was made."""
    buyer_id = found.campaign.buyer_id
    person = session.scalar(select(Person).where(Person.email == address))
    if person is not None and (person.role is not Role.SUPPLIER_USER or not person.is_active):
        raise Invalid("This address cannot be invited: choose another person of the company.", field="email")
    if person is not None and person.organisation_id == found.supplier.organisation_id:
        raise Invalid("This is an address of your own company.", field="email")
    organisation = person.organisation if person is not None else _newcomer(session, company, address, new, now)
    known = session.scalar(
        select(Supplier).where(Supplier.buyer_id == buyer_id, Supplier.organisation_id == organisation.id)
    )
    if known is not None:
        return known, False
    made = Supplier(buyer_id=buyer_id, organisation=organisation, created_at=now)
    session.add(made)
    session.flush()
    return made, True


def _newcomer(session: Session, company: str, address: str, new: Newcomer, now: datetime) -> Organisation:
    """A company with its first person, who has no password: the letter's link lets them in."""
    organisation = Organisation(kind=OrganisationKind.SUPPLIER, name=company, created_at=now)
    person = Person(
        organisation=organisation, role=Role.SUPPLIER_USER, name=new.person.strip()[:200], email=address,
        password_hash="", language=new.language, created_at=now,
    )  # fmt: skip
    session.add_all([organisation, person])
    session.flush()
    return organisation


def _link(
    session: Session, customer_id: uuid.UUID, supplier_id: uuid.UUID, *, also_direct: bool, by: Person, now: datetime
) -> None:
    links = select(SupplyLink).where(SupplyLink.supplier_id == supplier_id)
    known = list(session.scalars(links))
    if any(link.customer_id == customer_id for link in known):
        return
    was_indirect = bool(known) and not any(link.also_direct for link in known)
    session.add(
        SupplyLink(
            customer_id=customer_id, supplier_id=supplier_id, also_direct=also_direct and not was_indirect,
            made_by_id=by.id, made_at=now,
        )
    )  # fmt: skip


def _note(session: Session, act: str, found: Invitation, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.campaign.buyer_id, actor_id=by.id, at=now, **detail)
