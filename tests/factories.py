"""Making what a test needs: `make_x(session, **what_matters)`; everything that is not said is sensible."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from models.bulk import BulkDecision, BulkState
from models.campaigns import Campaign, Invitation
from models.discussion import AnswerEvidence, AskedBack
from models.documents import Document, DocumentState, Page, PageStatus
from models.findings import Finding, FindingSignal, RejectReason, Severity, Verdict
from models.issuings import Issuing, IssuingState
from models.mail import Mail, MailKind
from models.own_classifiers import ClassifierState, OwnClassifier
from models.people import Organisation, OrganisationKind, Person, Role
from models.plan_life import ENDED, INTERRUPTED, SIGNED, Side
from models.plan_paper import write_terms
from models.plan_records import Dispute, Edition
from models.plans import Closure, Plan, PlanState, Verification
from models.review import Asking
from models.samples import PassageSample
from models.submissions import Submission
from models.supplychain import Site, Supplier
from models.trainings import Training
from models.work import Work, WorkKind
from questionnaires import issuing

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
_number = itertools.count(1)
Row = TypeVar("Row")


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_organisation(
    session: Session, *, kind: OrganisationKind = OrganisationKind.BUYER, name: str = ""
) -> Organisation:
    name = name or f"Organisation {next(_number)}"
    return _add(session, Organisation(kind=kind, name=name, created_at=NOON))


def make_person(
    session: Session,
    *,
    role: Role = Role.REVIEWER,
    organisation: Organisation | None = None,
    email: str = "",
    password_hash: str = "",
    disabled_at: datetime | None = None,
) -> Person:
    if organisation is None:
        kind = OrganisationKind.SUPPLIER if role is Role.SUPPLIER_USER else OrganisationKind.BUYER
        organisation = make_organisation(session, kind=kind)
    number = next(_number)
    person = Person(
        organisation=organisation,
        role=role,
        name=f"Person {number}",
        email=email or f"person{number}@example.org",
        password_hash=password_hash,
        language="en",
        created_at=NOON,
        disabled_at=disabled_at,
    )
    return _add(session, person)


def make_supplier(
    session: Session, *, buyer: Organisation | None = None, organisation: Organisation | None = None
) -> Supplier:
    buyer = buyer or make_organisation(session)
    organisation = organisation or make_organisation(session, kind=OrganisationKind.SUPPLIER)
    return _add(session, Supplier(buyer=buyer, organisation=organisation, created_at=NOON))


def make_site(session: Session, *, organisation: Organisation, country: str = "IN") -> Site:
    name = f"Site {next(_number)}"
    return _add(session, Site(organisation_id=organisation.id, name=name, country=country, place="", created_at=NOON))


def make_document(
    session: Session,
    *,
    supplier: Supplier | None = None,
    by: Person | None = None,
    state: DocumentState = DocumentState.RECEIVED,
    pages: int = 1,
    name: str = "audit.pdf",
    uploaded_at: datetime = NOON,
) -> Document:
    """A document with its work; a document that has ended has its pages too."""
    supplier = supplier or make_supplier(session)
    by = by or make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
    fully_read = state is DocumentState.SCREENED
    document = Document(
        supplier=supplier,
        uploaded_by_id=by.id,
        uploaded_at=uploaded_at,
        name=name,
        sha256=hashlib.sha256(str(next(_number)).encode()).hexdigest(),
        size=1000,
        state=state,
        reason=None if fully_read or not state.is_final else "broken",
        pages=pages if state.is_final else 0,
        pages_read=pages if fully_read else 0,
        languages=["en"] if fully_read else [],
    )
    _add(session, document)
    if fully_read:
        for number in range(1, pages + 1):
            _add(session, Page(document_id=document.id, number=number, status=PageStatus.READ, text="A page.",
                               width=595.0, height=842.0))  # fmt: skip
    work = _add(session, Work(kind=WorkKind.SCREEN, document_id=document.id, asked_at=uploaded_at))
    if state is DocumentState.READING:
        work.claim(uploaded_at)
    elif state is DocumentState.SET_ASIDE:
        work.give_up("failed_repeatedly", uploaded_at)
    elif state.is_final:
        work.finish(uploaded_at)
    session.flush()
    return document


def make_finding(
    session: Session,
    *,
    document: Document | None = None,
    signals: tuple[str, ...] = ("FL.DOC",),
    severity: Severity = Severity.HIGH,
    score: float = 0.8,
    page_number: int = 1,
    quote: str = "The passports of the workers are kept in the office safe.",
) -> Finding:
    document = document or make_document(session, state=DocumentState.SCREENED)
    page = next(page for page in document.page_list if page.number == page_number)
    start = next(_number) * 100
    finding = Finding(
        supplier=document.supplier,
        document=document,
        page=page,
        buyer_id=document.supplier.buyer_id,
        page_number=page_number,
        start=start,
        end=start + len(quote),
        quote=quote,
        before="",
        boxes=[[72.0, 100.0, 400.0, 112.0]],
        assertion="finding_confirmed",
        severity=severity,
        severity_rank=severity.rank,
        score=score,
        language="en",
        explanation={"rules": ["FL.DOC: passports ... kept"], "words": [], "assertion": "", "note": ""},
        engine_version="test",
        raised_at=NOON,
    )
    finding.signal_list = [FindingSignal(signal=signal, place=place) for place, signal in enumerate(signals)]
    return _add(session, finding)


def make_plan(
    session: Session,
    *,
    finding: Finding | None = None,
    by: Person | None = None,
    state: PlanState = PlanState.DRAFT,
    severity: Severity = Severity.HIGH,
    due_on: date = date(2026, 4, 1),
    supplier_person: Person | None = None,
    steps: tuple[tuple[str, date], ...] = (),
) -> Plan:
    """A plan with an action, a cause and an indicator, in any state, with the signatures that the state needs."""
    finding = finding or make_finding(session, severity=severity)
    supplier = finding.supplier
    by = by or make_person(session, organisation=supplier.buyer)
    if finding.verdict is None:
        finding.confirm(by=by, remark="", at=NOON)
    plan = Plan(
        supplier=supplier, state=state, severity=finding.severity, opened_by_id=by.id, opened_at=NOON,
        accountable_id=by.id, agree_by=due_on, sent_at=None if state is PlanState.DRAFT else NOON,
        state_before=PlanState.SENT if state in INTERRUPTED else None,
    )  # fmt: skip
    plan.findings = [finding]
    paper = PAPER | {"due_on": due_on.isoformat()}
    for number, (title, day) in enumerate(steps, start=1):
        paper |= {f"milestone.{number}.title": title, f"milestone.{number}.due_on": day.isoformat()}
        paper[f"milestone.{number}.evidence"] = "A photograph"
    terms = write_terms(plan, paper)
    if state in SIGNED:
        other = supplier_person or make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        plan.buyer_signed_by_id, plan.supplier_signed_by_id, plan.began_at = by.id, other.id, NOON
        if state in (PlanState.EVIDENCE_SUBMITTED, PlanState.VERIFICATION):
            plan.evidence_by_id, plan.evidence_at, plan.verify_by = other.id, NOON, due_on
    if state is PlanState.VERIFICATION:
        plan.verifier_id, plan.verification = by.id, Verification.PAPERS
    if state in ENDED:
        second = make_person(session, organisation=supplier.buyer)
        plan.closed_by_id, plan.closed_at, plan.closure_reason = second.id, NOON, "Seen on site."
        plan.closed_as, plan.remedy_decided_by_id = Closure.DONE, second.id
        plan.evidence_at = NOON
    if state is PlanState.EFFECTIVE:
        plan.effect_by_id, plan.effect_on, plan.effect_result = second.id, TODAY, "No passport is kept."
    _add(session, plan)
    plan.set_clock(due_on)
    session.add(Edition(plan_id=plan.id, number=1, side=Side.BUYER, written_by_id=by.id, written_at=NOON, terms=terms))
    if state is PlanState.DISPUTED:
        other = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        session.add(
            Dispute(plan_id=plan.id, raised_by_id=other.id, raised_at=NOON, text="Not so.", answer_due_on=due_on)
        )
    session.flush()
    return plan


PAPER = {
    "root_cause": "Nobody told the night guard that keeping papers is forbidden.",
    "responsible": "Head of personnel",
    "indicator": "Passports found in the office at an unannounced visit",
    "effect_due_on": "2026-07-01",
    "action.1.kind": "corrective",
    "action.1.text": "Return every passport to its owner and give each worker a locker with a key.",
    "action.1.owner": "Head of personnel",
}
"""What a plan needs so that both sides may sign it, besides its day."""


def make_submission(
    session: Session, *, supplier: Supplier | None = None, by: Person | None = None, name: str = "entry"
) -> Submission:
    """A questionnaire of the library before a supplier, with a paper and a question put back at its first question."""
    supplier = supplier or make_supplier(session)
    by = by or make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
    row = issuing.publish_shipped(session, name, now=NOON)
    made = issuing.issue(session, row.id, supplier.id, by=by, now=NOON, due_on=TODAY, period="2026")
    document = make_document(session, supplier=supplier)
    _add(session, AnswerEvidence(submission_id=made.id, question="activity", document=document, reason="",
                                 attached_by_id=document.uploaded_by_id, attached_at=NOON))  # fmt: skip
    _add(session, AskedBack(submission_id=made.id, question="activity", text="Which kind?", reply="",
                            asked_by_id=by.id, asked_at=NOON))  # fmt: skip
    return made


def make_issuing(session: Session, submission: Submission, *, by: Person) -> Issuing:
    """A questionnaire that was on its way to two suppliers when somebody stopped it."""
    return _add(
        session,
        Issuing(
            buyer_id=submission.supplier.buyer_id, questionnaire=submission.questionnaire, due_on=date(2026, 4, 1),
            prefilled={}, total=2, begun_by_id=by.id, begun_at=NOON, moved_at=NOON, state=IssuingState.STOPPED,
        ),
    )  # fmt: skip


def make_invitation(session: Session, submission: Submission, *, by: Person, to: Person) -> tuple[Invitation, Mail]:
    """A campaign with this one submission in it, and the letter that went with it."""
    campaign = Campaign(
        buyer_id=submission.supplier.buyer_id, questionnaire=submission.questionnaire, name=f"Campaign {next(_number)}",
        period="", due_on=date(2026, 4, 1), languages=["en", "nl"], remind_days=[14, 3], started_by_id=by.id,
        started_at=NOON,
    )  # fmt: skip
    invitation = Invitation(
        campaign=campaign, supplier=submission.supplier, submission=submission, language="en", invited_by_id=by.id,
        invited_at=NOON, reminders=0,
    )  # fmt: skip
    session.add_all([campaign, invitation])
    session.flush()
    mail = Mail(
        kind=MailKind.INVITATION,
        person_id=to.id,
        invitation_id=invitation.id,
        language="en",
        asked_at=NOON,
        due_at=NOON,
    )
    return invitation, _add(session, mail)


def make_training(session: Session, plan: Plan, *, by: Person) -> Training:
    """A training that was planned with a plan."""
    return _add(
        session,
        Training(
            supplier=plan.supplier, plan_id=plan.id, signal="FL.DOC", title="Papers stay with their owners",
            planned_on=TODAY, added_by_id=by.id, added_at=NOON,
        ),
    )  # fmt: skip


def make_classifier(
    session: Session,
    *,
    by: Person,
    state: ClassifierState = ClassifierState.FORMER,
    kept: dict[str, object] | None = None,
) -> OwnClassifier:
    """A classifier of the person's organisation, with a name for its files and nothing in them."""
    made = OwnClassifier(
        buyer_id=by.organisation_id, asked_by_id=by.id, asked_at=NOON, state=state, ended_at=NOON,
        version="abc123def456",
        files_sha256=hashlib.sha256(str(next(_number)).encode()).hexdigest(), kept=kept or {},
    )  # fmt: skip
    return _add(session, made)


def make_desk_things(session: Session, finding: Finding, *, by: Person) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A decision about many with nothing in it, a question to the supplier, and a sample: their keys."""
    bulk = BulkDecision(
        buyer_id=finding.buyer_id, by_id=by.id, verdict=Verdict.REJECTED, reject_reason=RejectReason.POLICY, total=0,
        state=BulkState.DONE, asked_at=NOON, moved_at=NOON, ended_at=NOON,
    )  # fmt: skip
    asking = Asking(
        finding_id=finding.id, supplier_id=finding.supplier_id, text="Who keeps the key?", asked_by_id=by.id,
        asked_at=NOON, answer="",
    )  # fmt: skip
    sample = PassageSample(
        buyer_id=finding.buyer_id, document_id=finding.document_id, page_id=finding.page_id, page_number=1, start=0,
        end=20, quote="Papers are in the safe.", language="en", score=0.03, band="0.01-0.05", group_size=50,
        group_kept=1, lot=7, engine_version="test", drawn_at=NOON,
    )  # fmt: skip
    session.add_all([bulk, asking, sample])
    session.flush()
    return bulk.id, asking.id, sample.id
