"""What went wrong with a call, as RFC 9457 describes it, with the same sentences as on the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response, request
from flask_babel import lazy_gettext as _l

from models.errors import DomainError, Invalid
from models.plan_terms import Apart
from questionnaires.answering import Incomplete, OtherAnswer
from webapp.api.shapes import Json, written

PREFIX = "/api/"

KINDS: dict[int, str] = {
    400: "unreadable",
    401: "no-token",
    403: "not-allowed",
    404: "not-found",
    405: "not-this-way",
    409: "conflict",
    412: "stale",
    413: "too-large",
    415: "not-this-kind",
    422: "invalid",
    428: "version-needed",
    429: "too-often",
    500: "broken",
    503: "closed",
    507: "no-room",
}
"""Every kind of problem by its status: the end of `type`, `urn:salient:problem:...`."""

SENTENCES: dict[int, object] = {
    400: _l("This call cannot be read: compare it with the documentation."),
    401: _l("Send a token that is in force, as the header Authorization: Bearer and the token."),
    405: _l("This address does not answer to this method: compare it with the documentation."),
    428: _l("Say which version you have seen: send its ETag as If-Match."),
}
"""Where the sentence of the pages speaks of forms and log-ins, one that speaks of calls."""


def is_call() -> bool:
    """Whether this request came in by the second door."""
    return request.path.startswith(PREFIX)


def problem(
    status: int,
    title: str,
    sentence: str,
    *,
    error: DomainError | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a call that went wrong."""
    told: dict[str, Json] = {
        "type": f"urn:salient:problem:{KINDS.get(status, 'broken')}",
        "title": title,
        "status": status,
        "detail": str(SENTENCES.get(status, sentence)) if error is None else sentence,
    }
    told |= _more(error)
    made = Response(json.dumps(told, ensure_ascii=False), status, content_type="application/problem+json")
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="salient"'
    made.headers.extend(dict(headers or {}))
    return made


def _more(error: DomainError | None) -> dict[str, Json]:
    """What a program needs to go on: the field at fault, what is missing, or both versions."""
    if isinstance(error, Apart):
        return {"base": error.base, "theirs": error.theirs, "mine": error.mine}
    if isinstance(error, OtherAnswer):
        theirs = error.theirs
        return {
            "field": error.question.id,
            "theirs": written({"value": theirs.value, "version": theirs.version, "reason": theirs.reason}),
        }
    if isinstance(error, Incomplete):
        return {"missing": [{"question": row.question.id, "lack": row.lack.value} for row in error.missing]}
    if isinstance(error, Invalid) and error.field is not None:
        return {"field": error.field}
    return {}
