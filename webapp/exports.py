"""Taking everything along: findings and documents as CSV for people and JSON Lines for machines, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as Plain

from models import cells
from models.db import Database
from models.documents import Document
from models.extracts import DocumentFact
from models.findings import Finding
from models.operations import knowing, labelling, receiving, triage
from models.operations.knowing import Same
from models.operations.receiving import DocumentFilter
from models.operations.triage import Position, QueueFilter
from models.people import Person
from models.taxonomy import shipped
from webapp.compliance import filters_asked
from webapp.documents import filters_asked as document_filters_asked
from webapp.doors import close_reading, house, person

pages = Blueprint("exports", __name__, url_prefix="/exports")

AT_ONCE = 500
"""Rows that are held in memory at a time."""

Record = dict[str, Any]


@pages.get("/findings.<word>")
def findings(word: str) -> Plain:
    """Every finding that the filters leave, in the queue's order."""
    records = _findings(house().runtime.database, filters_asked(), person())
    return _streamed("findings", word, records, FINDING_FIELDS)


@pages.get("/documents.<word>")
def documents(word: str) -> Plain:
    """Every document that the filters leave, newest first."""
    records = _documents(house().runtime.database, document_filters_asked(), person())
    return _streamed("documents", word, records, DOCUMENT_FIELDS)


@pages.get("/labels.jsonl")
def labels() -> Plain:
    """Every passage that people have settled, as rows from which `salient train` learns."""
    return _streamed("labels", "jsonl", _labels(house().runtime.database, person()), LABEL_FIELDS)


LABEL_FIELDS = ("id", "text", "labels", "doc", "severity", "language", "is_finding", "why", "disputed")


def _labels(database: Database, by: Person) -> Iterator[Record]:
    after = None
    while True:
        with database.reading() as session:
            rows = list(labelling.labels(session, by=by, after=after))
        if not rows:
            return
        for row in rows:
            yield {
                "id": str(row.finding_id), "text": row.quote, "labels": list(row.signals) if row.is_finding else [],
                "doc": str(row.document_id or row.finding_id), "severity": row.severity.value,
                "language": row.language, "is_finding": row.is_finding, "why": row.reason, "disputed": row.outcome,
            }  # fmt: skip
        after = rows[-1].finding_id


def _streamed(name: str, word: str, records: Iterator[Record], fields: tuple[str, ...]) -> Plain:
    forms = {"csv": ("text/csv; charset=utf-8", _csv), "jsonl": ("application/jsonl; charset=utf-8", _jsonl)}
    if word not in forms:
        abort(404)
    kind, form = forms[word]
    close_reading()
    answer = Response(form(records, fields), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="salient-{name}.{word}"'
    return answer


def _csv(records: Iterable[Record], fields: tuple[str, ...]) -> Iterator[str]:
    yield "\ufeff" + cells.row(fields)  # The mark tells spreadsheets that this is UTF-8.
    for record in records:
        yield cells.row([_cell(record[name]) for name in fields])


def _jsonl(records: Iterable[Record], fields: tuple[str, ...]) -> Iterator[str]:
    for record in records:
        yield json.dumps({name: record[name] for name in fields}, ensure_ascii=False, default=_plain) + "\n"


def _findings(database: Database, filters: QueueFilter, by: Person) -> Iterator[Record]:
    after, more = None, True
    while more:
        with database.reading() as session:
            listed = triage.queue(session, by=by, filters=filters, after=after, limit=AT_ONCE)
            records = [_finding(row) for row in listed.rows]
        yield from records
        more = listed.more
        after = Position.of(listed.rows[-1]) if listed.rows else None


def _documents(database: Database, filters: DocumentFilter, by: Person) -> Iterator[Record]:
    after, more = None, True
    while more:
        with database.reading() as session:
            listed = receiving.documents(session, by=by, filters=filters, after=after, limit=AT_ONCE)
            copies = knowing.same_as_each(session, listed.rows, by=by)
            facts = knowing.facts_of_each(session, [row.id for row in listed.rows])
            records = [_document(row, copies.get(row.id, ()), facts.get(row.id, [])) for row in listed.rows]
        yield from records
        more = listed.more
        after = listed.rows[-1].id if listed.rows else None


FINDING_FIELDS = (
    "finding_id", "document_id", "file", "sha256", "supplier", "page", "answer_id", "quote", "other_quote", "before",
    "signals", "signal_names", "categories", "assertion", "severity", "score", "people", "language", "in_table",
    "engine_version", "raised_at", "verdict", "reject_reason", "remark", "judged_at",
)  # fmt: skip


def _finding(row: Finding) -> Record:
    names = [shipped().signals[code].name.en if code in shipped().signals else code for code in row.signals]
    document = row.document
    return {
        "finding_id": str(row.id), "document_id": document and str(document.id), "file": document and document.name,
        "sha256": document and document.sha256, "supplier": row.supplier.name, "page": row.page_number,
        "answer_id": row.answer_id and str(row.answer_id), "quote": row.quote, "other_quote": row.other_quote,
        "before": row.before, "signals": list(row.signals), "signal_names": names,
        "categories": sorted({code.split(".")[0] for code in row.signals}), "assertion": row.assertion,
        "severity": row.severity.value, "score": row.score, "people": row.people, "language": row.language,
        "in_table": row.in_table, "engine_version": row.engine_version, "raised_at": row.raised_at,
        "verdict": row.verdict, "reject_reason": row.reject_reason, "remark": row.remark, "judged_at": row.judged_at,
    }  # fmt: skip


DOCUMENT_FIELDS = (
    "document_id", "file", "sha256", "size", "supplier", "state", "reason", "pages", "pages_read", "languages",
    "document_type", "scheme", "audit_date", "supplier_name", "uploaded_at", "screened_at", "engine_version",
    "same_as", "facts", "pages_doubted",
)  # fmt: skip


def _document(row: Document, copies: Sequence[Same], facts: Sequence[DocumentFact]) -> Record:
    return {
        "document_id": str(row.id), "file": row.name, "sha256": row.sha256, "size": row.size,
        "supplier": row.supplier.name, "state": row.state.value, "reason": row.reason, "pages": row.pages,
        "pages_read": row.pages_read, "languages": row.languages, "document_type": row.document_type,
        "scheme": row.scheme, "audit_date": row.audit_date, "supplier_name": row.supplier_name,
        "uploaded_at": row.uploaded_at, "screened_at": row.screened_at, "engine_version": row.engine_version,
        "same_as": [str(same.document.id) for same in copies],
        "facts": [{"name": fact.name, "value": fact.value, "page": fact.page, "words": fact.words} for fact in facts],
        "pages_doubted": row.pages_doubted,
    }  # fmt: skip


def _cell(value: Any) -> cells.Cell:
    if isinstance(value, list):
        return " | ".join(f"{part['name']}: {part['value']}" if isinstance(part, dict) else str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, int | float | str) else _plain(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
