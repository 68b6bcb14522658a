"""The description of the API for programs, OpenAPI 3.1, worked out from the doors and their shapes."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import Any

from models.people import Role
from webapp.api.door import Door, Version
from webapp.api.problems import KINDS
from webapp.api.shapes import Json, described, hints_of, schema_of, written

VERSION = "1.0.0"
"""Of the API, not of the product. What would break a caller makes a new address, `/api/v2`."""

ABOUT = (
    "The same operations as on the pages of Salient, for programs. Every call acts for one person, in that person's "
    "role: the table that rules the pages rules it too. Errors are problem details (RFC 9457) with the sentences of "
    "the pages, in English or Dutch by Accept-Language."
)

_PART = re.compile(r"<(?:(\w+):)?(\w+)>")

_PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "enum": [f"urn:salient:problem:{kind}" for kind in KINDS.values()]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "field": {"type": "string", "description": "The field at fault."},
        "base": {"type": "object", "description": "The terms from which yours were written."},
        "theirs": {"type": "object", "description": "What somebody else wrote meanwhile."},
        "mine": {"type": "object", "description": "What you sent."},
        "missing": {
            "type": "array",
            "description": "The questions that stand in the way of submitting.",
            "items": {
                "type": "object",
                "properties": {"question": {"type": "string"}, "lack": {"type": "string"}},
                "required": ["question", "lack"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


def document(doors: tuple[Door, ...]) -> Json:
    """The whole description."""
    known: dict[str, Json] = {"Problem": _PROBLEM}
    paths: dict[str, Json] = {}
    for door in doors:
        paths.setdefault(path_of(door), {})[door.method.lower()] = _operation(door, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Salient", "version": VERSION, "description": ABOUT, "license": _LICENCE},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(door.group for door in doors)],
        "paths": paths,
        "components": {
            "schemas": known,
            "responses": {"Problem": _problem_response()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _TOKEN}},
        },
    }


_LICENCE = {"name": "Apache 2.0", "identifier": "Apache-2.0"}
_TOKEN = "An API token, made on the page API. It is shown once, never goes into an address, and ends on a day."


def path_of(door: Door) -> str:
    """The path as OpenAPI writes it: `/plans/{plan_id}`."""
    return _PART.sub(r"{\2}", door.path)


def roles_of(door: Door) -> list[str]:
    """Whose tokens may call it, by the table of access."""
    from webapp.access import TABLE, Outcome

    return [role.value for role in Role if TABLE[door.endpoint].expected(role) is Outcome.OPEN]


def _operation(door: Door, known: dict[str, Json]) -> Json:
    made: dict[str, Json] = {
        "operationId": door.name,
        "tags": [door.group],
        "summary": door.says,
        "x-roles": roles_of(door),
        "parameters": [*_in_path(door), *_in_query(door, known), *_in_header(door)],
        "responses": {
            **{str(status): _given(door, known) for status in statuses_of(door)},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    body = _body(door, known)
    return made if body is None else made | {"requestBody": body}


def statuses_of(door: Door) -> list[int]:
    """What it answers when all goes well. The same bytes sent again make no new document."""
    return [200, 201] if door.receive is not None and door.status == 201 else [door.status]


def _given(door: Door, known: dict[str, Json]) -> Json:
    return {
        "description": "Done." if door.writes else "Found.",
        "headers": {"ETag": {"schema": {"type": "string"}, "description": "Changes with the thing."}},
        "content": {"application/json": {"schema": schema_of(door.gives, known)}},
    }


def _in_path(door: Door) -> list[Json]:
    found = []
    for kind, name in _PART.findall(door.path):
        schema = {"type": "string", "format": "uuid"} if kind == "uuid" else {"type": "string"}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _in_query(door: Door, known: dict[str, Json]) -> list[Json]:
    if door.asks is None:
        return []
    hints, found = hints_of(door.asks), []
    for entry in fields(door.asks):
        schema = described(hints[entry.name], entry, known)
        about = schema.pop("description", "")
        if entry.default is not MISSING and entry.default not in (None, ""):
            schema["default"] = written(entry.default)
        found.append({"name": entry.name, "in": "query", "required": False, "schema": schema, "description": about})
    return found


def _in_header(door: Door) -> list[Json]:
    found: list[Json] = []
    if door.writes:
        about = "A key of your own, new for each call: sent again with it, the call does nothing new. Kept for a week."
        found.append(_header("Idempotency-Key", about, needed=False, most=128))
    if door.version is not Version.NONE:
        about = "The ETag that you have seen. Where the thing has moved on, the answer is 412 and nothing was done."
        found.append(_header("If-Match", about, needed=door.version is Version.NEEDED))
    return found


def _header(name: str, about: str, *, needed: bool, most: int | None = None) -> Json:
    schema: dict[str, Json] = {"type": "string"}
    if most is not None:
        schema["maxLength"] = most
    return {"name": name, "in": "header", "required": needed, "schema": schema, "description": about}


def _body(door: Door, known: dict[str, Json]) -> Json | None:
    if door.receive is not None:
        shown: dict[str, Any] = {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}
        shown |= {name: {"type": "string", "format": "uuid", "description": about} for name, about in door.form.items()}
        schema: Json = {"type": "object", "properties": shown, "required": ["file"]}
        return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    if door.takes is None:
        return None
    needed = any(entry.default is MISSING for entry in fields(door.takes))
    return {"required": needed, "content": {"application/json": {"schema": schema_of(door.takes, known)}}}


def _problem_response() -> Json:
    return {
        "description": "It went wrong, and nothing was half done.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
