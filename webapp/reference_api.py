"""The reference page of the API, written from its doors: every call with what it takes and gives, and who may."""

from __future__ import annotations

from typing import Any

from webapp.api.door import Door, Version
from webapp.api.doors import DOORS
from webapp.api.openapi import document, path_of, roles_of
from webapp.api.problems import KINDS
from webapp.api.shapes import Listed


def api_page() -> str:
    """The page, in Markdown."""
    made = document(DOORS)
    schemas: dict[str, Any] = made["components"]["schemas"]
    parts = [
        "# API\n\n"
        "Every call of the API under `/api/v1`. [The API](../api.md) explains how to begin; the same in a form for "
        "programs (OpenAPI 3.1) is served at `/api/v1/openapi.json`. *key*: takes `Idempotency-Key`. *version*: "
        "takes `If-Match`, and where it is **bold** needs it. This page is written by `make docs`.\n"
    ]
    for group in dict.fromkeys(door.group for door in DOORS):
        parts.append(
            f"\n## {group}\n\n| call | what it does | takes | gives | headers | roles |\n|---|---|---|---|---|---|\n"
        )
        parts += [_row(door) for door in DOORS if door.group == group]
        parts += [_queries(door, made) for door in DOORS if door.group == group and door.asks is not None]
    parts.append("\n## Shapes\n")
    parts += [_shape(name, schemas[name]) for name in schemas if name != "Problem"]
    parts.append("\n## Problems\n\n| status | `type` |\n|---|---|\n")
    parts += [f"| {status} | `urn:salient:problem:{kind}` |\n" for status, kind in KINDS.items()]
    return "".join(parts)


def _row(door: Door) -> str:
    takes = "a form with a file" if door.receive is not None else _link(door.takes) if door.takes else ""
    cells = [f"`{door.method} {path_of(door)}`", door.says, takes, _link(door.gives), _headers(door)]
    return "| " + " | ".join([*cells, ", ".join(roles_of(door))]) + " |\n"


def _headers(door: Door) -> str:
    found = ["key"] if door.writes else []
    if door.version is not Version.NONE:
        found.append("**version**" if door.version is Version.NEEDED else "version")
    return ", ".join(found)


def _link(shape: Any) -> str:
    name = shape.name if isinstance(shape, Listed) else shape.__name__
    return f"[{name}](#{name.lower()})"


def _queries(door: Door, made: Any) -> str:
    operation = made["paths"][path_of(door)][door.method.lower()]
    rows = [row for row in operation["parameters"] if row["in"] == "query"]
    lines = [f"\n`{door.method} {path_of(door)}` can be asked for:\n\n| field | form | meaning |\n|---|---|---|\n"]
    lines += [f"| `{row['name']}` | {_form(row['schema'])} | {row['description']} |\n" for row in rows]
    return "".join(lines)


def _shape(name: str, schema: Any) -> str:
    lines = [f"\n### {name}\n\n{schema['description']}\n\n| field | form | meaning |\n|---|---|---|\n"]
    for field, about in schema["properties"].items():
        needed = "" if field in schema["required"] else " (may be left out)"
        lines.append(f"| `{field}`{needed} | {_form(about)} | {about.get('description', '')} |\n")
    return "".join(lines)


def _form(schema: Any) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_form(part) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_form(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {_form(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type") or "any value")
