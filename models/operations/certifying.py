"""The figures of a screening certificate: what was read and what not, by which engine, and what people decided."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from models.agreement import agreement
from models.documents import Document, Page
from models.findings import Finding, Verdict
from models.imports import ImportEntry
from models.journal import JournalHead
from models.operations import quality
from models.operations.queueing import LEAD
from models.operations.scope import allow
from models.people import Person
from models.review import Opinion
from models.supplychain import Supplier
from models.taxonomy import SHIPPED, shipped

FORM = "salient-screening-certificate-1"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents a certificate speaks of; None leaves a part open."""

    supplier_id: uuid.UUID | None = None
    import_id: uuid.UUID | None = None
    since: datetime | None = None
    """Received at this moment or later."""
    until: datetime | None = None
    """Received before this moment."""


def figures(session: Session, scope: Scope, *, by: Person, now: datetime) -> dict[str, Any]:
    """Everything that can be counted, as plain values. Each number can be counted again from the exported rows.

    Documents that are still on the way count as unread.
    """
    allow(by, *LEAD)
    documents = _documents(scope, by)
    head = session.get(JournalHead, 1)
    groups = quality.missed(session, by=by, document_ids=documents)
    return {
        "form": FORM,
        "issued_at": now.isoformat(),
        "organisation_id": str(by.organisation_id),
        "scope": {
            "supplier_id": scope.supplier_id and str(scope.supplier_id),
            "import_id": scope.import_id and str(scope.import_id),
            "since": scope.since and scope.since.isoformat(),
            "until": scope.until and scope.until.isoformat(),
        },
        "taxonomy": {"version": shipped().version, "sha256": hashlib.sha256(SHIPPED.read_bytes()).hexdigest()},
        "documents": _of_documents(session, documents),
        "pages": _of_pages(session, documents),
        "findings": _of_findings(session, documents),
        "two_pairs_of_eyes": _of_opinions(session, documents),
        "not_flagged": [
            {"language": row.language, "band": row.band, "passages": row.passages, "looked_at": row.looked_at,
             "missed": row.missed}
            for row in groups
        ],
        "journal": {"entries": head.number if head else 0, "seal": head.seal if head else ""},
    }  # fmt: skip


def sealed(content: dict[str, Any]) -> tuple[str, str]:
    """The certificate as JSON in one fixed form, and the SHA-256 of exactly these bytes in UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()


def _documents(scope: Scope, by: Person) -> Select[uuid.UUID]:
    conditions: list[ColumnElement[bool]] = [Supplier.buyer_id == by.organisation_id]
    if scope.supplier_id is not None:
        conditions.append(Document.supplier_id == scope.supplier_id)
    if scope.import_id is not None:
        conditions.append(
            Document.id.in_(select(ImportEntry.document_id).where(ImportEntry.import_id == scope.import_id))
        )
    if scope.since is not None:
        conditions.append(Document.uploaded_at >= scope.since)
    if scope.until is not None:
        conditions.append(Document.uploaded_at < scope.until)
    return select(Document.id).join(Supplier, Supplier.id == Document.supplier_id).where(*conditions)


def _of_documents(session: Session, chosen: Select[uuid.UUID]) -> dict[str, Any]:
    own = Document.id.in_(chosen)
    states = _counted(session, select(Document.state, func.count()).where(own).group_by(Document.state))
    files, doubted = session.execute(
        select(func.count(func.distinct(Document.sha256)), func.count().filter(Document.pages_doubted > 0)).where(own)
    ).one()
    return {
        "total": sum(states.values()),
        "different_files": int(files),
        "read_in_full": states.get("screened", 0),
        "to_be_looked_at": int(doubted),
        "by_state": states,
        "unread_by_reason": _counted(
            session,
            select(Document.reason, func.count()).where(own, Document.reason.is_not(None)).group_by(Document.reason),
        ),
        "by_engine": _counted(
            session, select(Document.engine_version, func.count()).where(own).group_by(Document.engine_version)
        ),
    }


def _of_pages(session: Session, chosen: Select[uuid.UUID]) -> dict[str, Any]:
    own = Page.document_id.in_(chosen)
    states = _counted(session, select(Page.status, func.count()).where(own).group_by(Page.status))
    reasons = select(Page.reason, func.count()).where(own, Page.reason.is_not(None)).group_by(Page.reason)
    read = states.get("read", 0) + states.get("ocr", 0)
    total = sum(states.values())
    doubted = session.scalar(select(func.sum(Document.pages_doubted)).where(Document.id.in_(chosen)))
    return {"total": total, "read": read, "unread": total - read, "to_be_looked_at": int(doubted or 0),
            "by_status": states,
            "unread_by_reason": _counted(session, reasons)}  # fmt: skip


def _of_findings(session: Session, chosen: Select[uuid.UUID]) -> dict[str, Any]:
    own = Finding.document_id.in_(chosen)
    reasons = select(Finding.reject_reason, func.count()).where(own, Finding.reject_reason.is_not(None))
    people = select(func.count(func.distinct(Finding.judged_by_id))).where(own)
    rows = session.execute(
        select(Finding.severity, Finding.stage, Finding.verdict, func.count())
        .where(own).group_by(Finding.severity, Finding.stage, Finding.verdict)
    )  # fmt: skip
    tally: dict[str, dict[str, int]] = {}
    for severity, stage, verdict, count in rows:
        part = tally.setdefault(severity.value, {})
        word = verdict.value if verdict is not None else f"waiting_{stage.value}"
        part[word] = part.get(word, 0) + int(count)
    return {
        "total": sum(sum(part.values()) for part in tally.values()),
        "by_severity": tally,
        "rejected_by_reason": _counted(session, reasons.group_by(Finding.reject_reason)),
        "people_who_decided": int(session.scalar(people) or 0),
    }


def _of_opinions(session: Session, chosen: Select[uuid.UUID]) -> dict[str, Any]:
    first, second = aliased(Opinion), aliased(Opinion)
    pairs = session.execute(
        select(first.verdict, second.verdict)
        .join(second, (second.finding_id == first.finding_id) & (second.round == 2))
        .join(Finding, Finding.id == first.finding_id)
        .where(first.round == 1, Finding.document_id.in_(chosen))
    )
    found = agreement((one is Verdict.CONFIRMED, other is Verdict.CONFIRMED) for one, other in pairs)
    return {
        "findings": found.pairs,
        "same": found.same,
        "kappa": None if found.kappa is None else round(found.kappa, 4),
    }


def _counted(session: Session, query: Select[Any, int]) -> dict[str, int]:
    return {str(getattr(word, "value", word) or "none"): int(count) for word, count in session.execute(query)}
