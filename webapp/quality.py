"""How good the screening and the reviewing are: each number with its definition and its rows; certificates."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as Plain

from models.errors import Invalid
from models.operations import certifying, importing, quality, scope
from models.operations.certifying import Scope
from models.operations.quality import Missed
from webapp import certificate_paper
from webapp.doors import now, optional_key, person, reading
from webapp.learned import learned
from webapp.supplier_choice import offered

pages = Blueprint("quality", __name__, url_prefix="/compliance")


@pages.get("/quality")
def show() -> str:
    return page()


def page(*, fault: str = "", reason: str = "") -> str:
    """The page; with what a form on it lacks, and the words that somebody wrote there."""
    looking, by = reading(), person()
    names = quality.names(looking, by=by)
    groups = quality.missed(looking, by=by)
    return render_template(
        "quality.html",
        by_signal=quality.precision_by_signal(looking, by=by, now=now()),
        by_language=quality.precision_by_language(looking, by=by, now=now()),
        agreed=quality.agreement_by_signal(looking, by=by),
        reviewers={names.get(key, "?"): value for key, value in quality.agreement_by_reviewer(looking, by=by).items()},
        groups=groups,
        estimate=estimate_of(groups),
        own=learned(),
        fault=fault,
        reason=reason,
        suppliers=offered(optional_key("supplier")),
        imports=importing.imports(looking, by=by).rows,
    )


@pages.get("/certificate.<word>")
def certificate(word: str) -> Plain:
    """What was screened and decided, for all documents, a supplier's, an import's or a period's: JSON or PDF."""
    if word not in ("json", "pdf"):
        raise Invalid("A certificate comes as PDF or as JSON.", field="word")
    asked = Scope(optional_key("supplier"), optional_key("import"), _day("since"), _day("until"))
    if asked.supplier_id is not None:
        scope.supplier(reading(), asked.supplier_id, by=person())
    if asked.import_id is not None:
        importing.import_(reading(), asked.import_id, by=person())
    if asked.since is not None and asked.until is not None and asked.until <= asked.since:
        raise Invalid("The second day must be later than the first: otherwise nothing is counted.", field="until")
    content = certifying.figures(reading(), asked, by=person(), now=now())
    content |= {"thresholds": certificate_paper.thresholds(), "missed": _certified(content)}
    text, digest = certifying.sealed(content)
    name = f"salient-certificate-{digest[:12]}.{word}"
    if word == "json":
        answer = Response(text, content_type="application/json; charset=utf-8")
    else:
        answer = Response(certificate_paper.pdf(content, digest), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Salient-SHA256"] = digest
    return answer


def estimate_of(groups: list[Missed]) -> dict[str, Any] | None:
    """How large a share of what was not flagged hides a finding, with its limits; None where nothing was looked at."""
    from screening.sampling import Stratum, estimate  # Numbers that only this page needs.

    if not any(group.looked_at for group in groups):
        return None
    return asdict(estimate([Stratum(row.passages, row.looked_at, row.missed) for row in groups]))


def _certified(content: dict[str, Any]) -> dict[str, Any] | None:
    return estimate_of([Missed(**row) for row in content["not_flagged"]])


def _day(name: str) -> datetime | None:
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), UTC)
    except ValueError:
        raise Invalid("Write the day as 2026-03-31.", field=name) from None
