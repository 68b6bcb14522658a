"""What a list of findings can be narrowed by: read from the address, offered on the page, carried along."""

from __future__ import annotations

from flask import request

from models.findings import Severity, Stage
from models.operations.triage import QueueFilter
from models.taxonomy import shipped
from webapp.documents import known
from webapp.doors import optional_key, written
from webapp.supplier_choice import offered
from webapp.words import DOCUMENT_TYPES

FILTERS = ("severity", "signal", "supplier", "language", "assertion", "document", "type", "stage", "source", "q")
"""What a queue can be narrowed by; each travels along in the address from finding to finding."""

LANGUAGES_SHOWN = ("en", "nl", "de", "fr", "es", "pt", "it", "pl", "tr", "zh", "vi", "id", "hi", "bn", "th", "ar")
"""Those that the engine has learned. Written out, because the web process does not load the engine."""

STAGES = (Stage.OPEN, Stage.SECOND, Stage.ADJUDICATION, Stage.ASKED, Stage.ESCALATED)
SOURCES = ("document", "answer")


def filters_asked() -> QueueFilter:
    """The filter in the address of the page; what is not a known word is left out."""
    taxonomy = shipped()
    codes = {row.id for row in taxonomy.categories} | set(taxonomy.signals)
    source = _one_of("source", SOURCES)
    return QueueFilter(
        severity=known(Severity, "severity"),
        signal=_one_of("signal", codes),
        supplier_id=optional_key("supplier"),
        document_id=optional_key("document"),
        language=_one_of("language", LANGUAGES_SHOWN),
        assertion=_one_of("assertion", taxonomy.assertions),
        document_type=_one_of("type", DOCUMENT_TYPES),
        stage=known(Stage, "stage"),
        from_answers=None if source is None else source == "answer",
        words=written("q", limit=200) or None,
    )


def choices() -> dict[str, object]:
    """What the filters of a list of findings offer."""
    return {
        "assertions": flags(),
        "languages_shown": LANGUAGES_SHOWN,
        "suppliers": offered(optional_key("supplier")),
        "document_types": tuple(DOCUMENT_TYPES),
        "stages": STAGES,
    }


def flags() -> list[str]:
    """The assertions that a finding can carry: only the first five raise a flag."""
    return list(shipped().assertions)[:5]


def asked() -> dict[str, str]:
    """The filter as it stands in the address, to be carried along."""
    return {name: request.args[name].replace("\x00", "")[:200] for name in FILTERS if request.args.get(name)}


def _one_of(name: str, words: object) -> str | None:
    value = request.args.get(name, "")
    return value if value and value in words else None  # type: ignore[operator]
