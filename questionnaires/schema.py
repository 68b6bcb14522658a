"""The JSON Schema of a definition file, made from the code, so that editors help whoever writes a questionnaire."""

from __future__ import annotations

import types
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from questionnaires.definition import Choice, Kind, Question, Questionnaire, Section, Words

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NOT_IN_THE_FILE = frozenset({"line", "lines", "languages"})
_NEEDED = {
    Questionnaire: ("id", "version", "title", "sections"),
    Section: ("id", "title", "questions"),
    Question: ("id", "label"),
    Choice: ("id", "label"),
}
_PARTS = {Section: "section", Question: "question", Choice: "choice"}

MEANING = {
    "id": "Small letters, digits and underscores. It keeps its meaning for ever: other rules and old answers name it.",
    "version": "What was published stays as it was: a change gets a new version.",
    "title": "In English. Translations stand beside, in <name>.<language>.yaml.",
    "intro": "What the person reads before the section's first question.",
    "sections": "The pages of the questionnaire.",
    "questions": "In the order in which they are asked.",
    "kind": "What kind of answer the question wants; a text where nothing is said.",
    "label": "The question, in English.",
    "why": "Why it is asked, in one sentence for the person who answers.",
    "help": "How to answer it.",
    "evidence": "What documents would help. Never required for admitting a problem.",
    "refs": "Signals (FL.DOC), conventions (ILO C029), principles (UNGP 15).",
    "sensitivity": "Who may read the answer beside those who review it.",
    "relevant": "A rule. Asked only when it is known to be true.",
    "required": "Whether it must be answered before the questionnaire is submitted.",
    "required_if": "A rule. When it is known to be true, the question must be answered.",
    "constraint": "A rule. An answer is refused when it is known to be false; `message` then says what to do.",
    "admits": "A rule, true when the answer admits a problem: the person is asked for a plan, and never for proof.",
    "message": "What the person reads when the constraint refuses the answer.",
    "choices": "What can be chosen.",
    "rows": "Of a matrix: what the choices are given for.",
    "columns": "Of a table: a question a column.",
    "minimum": "The least number that makes sense.",
    "maximum": "The greatest number that makes sense.",
    "unit": "Such as people, hours or EUR.",
    "period": "day, week, month or year, where a number is counted per period.",
    "reference_to": "site or person of the answering company.",
    "value": "Of a computed question: the rule that works it out.",
    "when": "A rule. The choice is offered only when it holds.",
}
"""What each field is for, as an editor shows it. The tests hold it against the code."""

_KIND_NEEDS = {
    "choices": [kind for kind in Kind if kind.has_choices],
    "rows": [Kind.MATRIX],
    "columns": [Kind.TABLE],
    "value": [Kind.COMPUTED],
    "reference_to": [Kind.REFERENCE],
}


def schema() -> dict[str, Any]:
    """The schema of a definition file, as draft 2020-12. What only rules can tell is left to `checking.check`."""
    parts = {name: _part(part) for part, name in _PARTS.items()}
    parts["question"]["allOf"] = [_kind_rule(field, kinds) for field, kinds in _KIND_NEEDS.items()]
    parts["question"]["allOf"].append({"if": {"required": ["constraint"]}, "then": {"required": ["message"]}})
    parts["question"]["properties"]["reference_to"]["enum"] = ["site", "person"]
    return {"$schema": DIALECT, "title": "A questionnaire of Salient", **_part(Questionnaire), "$defs": parts}


def _part(part: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(part)
    names = [field.name for field in fields(part) if field.name not in _NOT_IN_THE_FILE]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(_NEEDED[part]),
        "properties": {name: {"description": MEANING[name], **_type(name, hints[name])} for name in names},
    }


def _type(name: str, hint: Any) -> dict[str, Any]:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        (part, _) = get_args(hint)
        least = {"minItems": 1} if name in ("sections", "questions") else {}
        items = {"type": "string"} if part is str else {"$ref": f"#/$defs/{_PARTS[part]}"}
        return {"type": "array", "items": items, **least}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [word.value for word in hint]}
    if name == "id":
        return {"type": "string", "minLength": 1}
    plain: dict[Any, str] = {bool: "boolean", Decimal: "number", str: "string", Words: "string"}
    return {"type": plain[hint]}


def _kind_rule(field: str, kinds: list[Kind]) -> dict[str, Any]:
    """The kinds that need a field, and no other may have it. A text is a text where no kind is said."""
    of_kind = {"properties": {"kind": {"enum": [kind.value for kind in kinds]}}, "required": ["kind"]}
    return {"if": of_kind, "then": {"required": [field]}, "else": {"not": {"required": [field]}}}
