"""Pictures of pages: drawn by workers, kept in the vault, shown to those who may see the document."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models.base import LARGEST_NUMBER
from models.db import later
from models.documents import Document, Page
from models.errors import NotFound
from models.findings import Finding
from models.operations.planning import visible
from models.operations.scope import reads, sees
from models.people import Person
from models.plan_parts import PlanFinding
from models.plans import Plan
from models.review import Asking

JOB = "draw_pages"


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A page that somebody will want to look at and that has no picture yet."""

    page_id: uuid.UUID
    number: int
    sha256: str
    """Of the document's file."""


def page(session: Session, document_id: uuid.UUID, number: int, *, by: Person) -> Page:
    """A page of a document that the person may read, or that was shown in a plan or a question. Raises NotFound."""
    if number > LARGEST_NUMBER:
        raise NotFound()
    found = session.scalar(
        select(Page)
        .join(Page.document)
        .join(Document.supplier)
        .where(Page.document_id == document_id, Page.number == number)
        .where(or_(reads(by), and_(sees(by), Page.id.in_(_shown_pages(by)))))
    )
    if found is None:
        raise NotFound()
    return found


def _shown_pages(by: Person) -> Select[uuid.UUID | None]:
    """The pages of passages that both sides look at together: in a plan that was sent, or in a question."""
    in_plans = select(PlanFinding.finding_id).join(Plan, Plan.id == PlanFinding.plan_id).where(*visible(by))
    asked = select(Asking.finding_id).where(Asking.withdrawn_at.is_(None))
    return select(Finding.page_id).where(or_(Finding.id.in_(in_plans), Finding.id.in_(asked)))


def ask(session: Session, document_id: uuid.UUID) -> None:
    """Ask for the pictures that are missing; rung again as often as somebody looks and finds none."""
    later(session, JOB, document_id=document_id)


def undrawn(session: Session, document_id: uuid.UUID, *, limit: int = 200) -> list[Undrawn]:
    """The pages with findings that have no picture yet, in reading order. Pages without a size have none ever."""
    query = (
        select(Page.id, Page.number, Document.sha256)
        .join(Document, Document.id == Page.document_id)
        .where(Page.document_id == document_id, Page.picture_sha256.is_(None), Page.width > 0)
        .where(Page.id.in_(select(Finding.page_id).where(Finding.document_id == document_id)))
        .order_by(Page.number)
        .limit(limit)
    )
    return [Undrawn(row.id, row.number, row.sha256) for row in session.execute(query)]


def keep(session: Session, page_id: uuid.UUID, picture_sha256: str) -> None:
    """Remember where the picture of a page is. A page that is gone meanwhile needs none."""
    found = session.get(Page, page_id)
    if found is not None:
        found.picture_sha256 = picture_sha256
