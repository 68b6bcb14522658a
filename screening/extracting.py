"""Writes down what was read out of a document besides its pages: facts, plan rows, what was filled in, its print."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.extracts import (
    SPOKEN,
    DocumentBand,
    DocumentCapRow,
    DocumentEntry,
    DocumentFact,
    DocumentPrint,
    DocumentRemark,
)
from screening.engine.caps import plan_rows
from screening.engine.results import Assertion, Reading, Screened, TableKind
from screening.engine.sketches import bands_of, sketch_of

_KEPT = frozenset({Assertion.REMEDIATED, Assertion.NEGATED})
"""What an audit says of harm that is no longer there: needed to compare it with the audit before."""
_LONGEST = 300

MOST_ENTRIES = 5000
"""Fields and rows of one document. The longest self-assessments that we know of ask some 2,000 questions."""

_LONGEST_CELL = 5000


def extract(session: Session, document_id: uuid.UUID, screened: Screened) -> None:
    """Replace what an earlier reading of this document left by what this one says."""
    for noun in (DocumentFact, DocumentCapRow, DocumentEntry, DocumentRemark, DocumentBand, DocumentPrint):
        session.execute(delete(noun).where(noun.document_id == document_id))
    reading = screened.reading
    for fact in reading.facts.found:
        value, words = fact.value[:_LONGEST], fact.words[:_LONGEST]
        session.add(
            DocumentFact(document_id=document_id, name=fact.name.value, value=value, page=fact.page, words=words)
        )
    _write_plan_rows(session, document_id, reading)
    _write_entries(session, document_id, reading)
    _write_remarks(session, document_id, screened)
    sketch = sketch_of(page.text for page in reading.pages)
    if sketch is not None:
        session.add(DocumentPrint(document_id=document_id, sketch=sketch))
        session.add_all(DocumentBand(band=band, document_id=document_id) for band in sorted(set(bands_of(sketch))))
    session.flush()


def _write_plan_rows(session: Session, document_id: uuid.UUID, reading: Reading) -> None:
    for number, row in enumerate(plan_rows(reading)):
        session.add(
            DocumentCapRow(
                document_id=document_id, number=number, page=row.page, finding=row.finding, root_cause=row.root_cause,
                corrective_action=row.corrective_action, preventive_action=row.preventive_action,
                responsible=row.responsible, due_on=row.due_date, status=row.status,
            )
        )  # fmt: skip


def _write_entries(session: Session, document_id: uuid.UUID, reading: Reading) -> None:
    """Fields of forms and rows of lists, where a supplier speaks for itself: to be offered as its answers."""
    if reading.facts.document_type not in (None, *SPOKEN):
        return
    fields = [(None, (), (name, value)) for name, value in reading.fields.items()]
    rows = [
        (table.page, table.header, row.cells)
        for table in reading.tables
        if table.kind is TableKind.OTHER and table.header
        for row in table.rows
    ]
    for number, (page, heads, cells) in enumerate([*fields, *rows][:MOST_ENTRIES]):
        session.add(
            DocumentEntry(
                document_id=document_id, number=number, page=page, heads=list(heads),
                cells=[cell[:_LONGEST_CELL] for cell in cells],
            )
        )  # fmt: skip


def _write_remarks(session: Session, document_id: uuid.UUID, screened: Screened) -> None:
    for found in screened.findings:
        judgement, passage = found.judgement, found.passage
        if judgement.flag or judgement.assertion not in _KEPT or not judgement.signals:
            continue
        session.add(
            DocumentRemark(
                document_id=document_id, page=passage.page, quote=passage.text, assertion=judgement.assertion.value,
                signals=list(judgement.signals),
            )
        )  # fmt: skip
