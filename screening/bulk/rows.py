"""Turns a screened document into the rows of the result files, field by field as the contract names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from screening.engine.caps import PlanRow, plan_rows
from screening.engine.reasons import Reason
from screening.engine.results import Finding, Page, Reading, Screened, State, Table
from screening.engine.sketches import sketch_of

Row = dict[str, Any]


def record(name: str, sha256: str, screened: Screened, seconds: float) -> Row:
    """All rows of one document, by result file; passages hold flagged and unflagged ones alike."""
    reading = screened.reading
    return {
        "documents": [_document(name, sha256, reading, seconds)],
        "pages": [_page(name, page) for page in reading.pages],
        "passages": sorted(
            (_finding(name, finding, screened.engine_version) for finding in screened.findings), key=_place
        ),
        "tables": [_table(name, table) for table in reading.tables],
        "caps": [_cap(name, row) for row in plan_rows(reading)],
        "forms": [{"file": name, "fields": dict(sorted(reading.fields.items()))}] if reading.fields else [],
    }


def together(records: Sequence[Row]) -> Row:
    """The rows of a document and of those inside it as one record; the first is the document itself."""
    return {name: [row for record in records for row in record[name]] for name in records[0]}


def unread(name: str, state: State, reason: Reason, *, sha256: str = "", seconds: float = 0.0) -> Row:
    """The rows of a document that never reached the engine."""
    return record(name, sha256, Screened(Reading(state, reason), (), ""), seconds)


def _document(name: str, sha256: str, reading: Reading, seconds: float) -> Row:
    facts = reading.facts
    languages = Counter(page.language for page in reading.pages if page.language is not None)
    sketch = sketch_of(page.text for page in reading.pages)
    return {
        "file": name,
        "sha256": sha256,
        "state": reading.state.value,
        "reason": None if reading.reason is None else reading.reason.value,
        "pages": len(reading.pages),
        "pages_read": reading.pages_read,
        "languages": sorted(languages, key=lambda code: (-languages[code], code)),
        "document_type": facts.document_type,
        "scheme": facts.scheme,
        "audit_date": None if facts.audit_date is None else facts.audit_date.isoformat(),
        "supplier_name": facts.supplier_name,
        "facts": [
            {"name": fact.name.value, "value": fact.value, "page": fact.page, "words": fact.words}
            for fact in facts.found
        ],
        "sketch": None if sketch is None else sketch.hex(),
        "seconds": round(seconds, 3),
    }


def _page(name: str, page: Page) -> Row:
    return {
        "file": name,
        "page": page.number,
        "status": page.status.value,
        "chars": len(page.text),
        "language": page.language,
        "hidden_text": page.hidden_text,
        "doubts": [doubt.value for doubt in page.doubts],
        "confidence": page.confidence,
        "reason": None if page.reason is None else page.reason.value,
    }


def _table(name: str, table: Table) -> Row:
    return {
        "file": name,
        "page": table.page,
        "kind": table.kind.value,
        "header": list(table.header),
        "rows": [list(row.cells) for row in table.rows],
    }


def _cap(name: str, row: PlanRow) -> Row:
    return {
        "file": name,
        "page": row.page,
        "finding": row.finding,
        "root_cause": row.root_cause,
        "corrective_action": row.corrective_action,
        "preventive_action": row.preventive_action,
        "responsible": row.responsible,
        "due_date": None if row.due_date is None else row.due_date.isoformat(),
        "status": row.status,
    }


def _finding(name: str, finding: Finding, version: str) -> Row:
    passage, judgement, why = finding.passage, finding.judgement, finding.judgement.explanation
    return {
        "file": name,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "quote": passage.text,
        "before": passage.before,
        "boxes": [list(box) for box in finding.boxes],
        "signals": list(judgement.signals),
        "categories": list(judgement.categories),
        "assertion": judgement.assertion.value,
        "flag": judgement.flag,
        "severity": judgement.severity,
        "score": round(judgement.score, 4),
        "people": judgement.people,
        "language": judgement.language or passage.language,
        "in_table": passage.in_table,
        "explanation": {"rules": why.rules, "words": why.words, "assertion": why.assertion, "note": why.note},
        "engine_version": version,
    }


def _place(row: Row) -> tuple[int, int, int, str]:
    return row["page"], row["start"], row["end"], row["quote"]
