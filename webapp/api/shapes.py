"""What the API takes and gives, as classes: written as JSON, read from JSON, and described as JSON Schema."""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from models.errors import Invalid

T = TypeVar("T")
Json = Any
"""What `json.loads` gives."""

LONGEST = 8000
"""Characters of a text, where a field says nothing else: as in the forms of the pages."""

_PLAIN: dict[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def said(about: str, *, most: int | None = None) -> dict[str, Any]:
    """The metadata of a field: its meaning, and the longest text or list, or the greatest number."""
    return {"about": about, "most": most}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of one kind is called, and what is in it; its pages are turned with `next`."""

    of: type[Any]

    @property
    def name(self) -> str:
        return f"{self.of.__name__}List"


def written(value: Any) -> Json:
    """The value as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: written(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, list | tuple):
        return [written(each) for each in value]
    if isinstance(value, dict):
        return {str(key): written(each) for key, each in value.items()}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, UUID | date | datetime):
        return value.isoformat() if isinstance(value, date) else str(value)
    return value


def read(kind: type[T], data: Json, *, from_text: bool = False) -> T:
    """The value of this class in the JSON. `from_text`: all values are texts, as in the query of an address.

    Raises Invalid with the field at fault: a field that is not known, one that is missing, or of another form.
    """
    if not isinstance(data, dict):
        raise Invalid("Send a JSON object.")
    hints = hints_of(kind)
    for name in data:
        if name not in hints:
            raise Invalid("There is no field of this name here.", field=str(name)[:100])
    given: dict[str, Any] = {}
    for entry in fields(kind):  # type: ignore[arg-type]  # Every kind here is a dataclass.
        if entry.name in data:
            given[entry.name] = _value(hints[entry.name], data[entry.name], entry, from_text=from_text)
        elif entry.default is MISSING and entry.default_factory is MISSING:
            raise Invalid("This field is missing.", field=entry.name)
    return kind(**given)


def schema_of(hint: Any, known: dict[str, Json]) -> Json:
    """The JSON Schema of a type. Classes are put into `known` by their name, and referred to."""
    if isinstance(hint, Listed):
        return _list_schema(hint, known)
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if part is type(None) else schema_of(part, known) for part in parts]}
    if origin in (list, tuple):
        return {"type": "array", "items": schema_of(parts[0], known)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(parts[1], known)}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [word.value for word in hint]}
    return _class_schema(hint, known)


def hints_of(kind: type[Any]) -> dict[str, Any]:
    """The types of the fields of a class."""
    return {name: hint for name, hint in get_type_hints(kind).items() if not name.startswith("_")}


def sentence_of(kind: type[Any]) -> str:
    """The first paragraph of what a class says about itself, on one line."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split())


def _class_schema(kind: type[Any], known: dict[str, Json]) -> Json:
    if kind.__name__ not in known:
        known[kind.__name__] = {}  # So that a class that holds its own kind does not turn in circles.
        hints = hints_of(kind)
        needed = [entry.name for entry in fields(kind) if entry.default is MISSING]
        known[kind.__name__] = {
            "type": "object",
            "description": sentence_of(kind),
            "properties": {entry.name: described(hints[entry.name], entry, known) for entry in fields(kind)},
            "required": needed,
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def described(hint: Any, entry: Field[Any], known: dict[str, Json]) -> Json:
    """The schema of one field with its meaning and its bound."""
    made, about, most = schema_of(hint, known), entry.metadata.get("about"), entry.metadata.get("most")
    if most is not None:
        made[_BOUNDS.get(made.get("type"), "maximum")] = most
    if about:
        made["description"] = about
    return made


_BOUNDS = {"string": "maxLength", "array": "maxItems"}


def _list_schema(listed: Listed, known: dict[str, Json]) -> Json:
    known[listed.name] = {
        "type": "object",
        "description": f"A page of a list. {sentence_of(listed.of)}",
        "properties": {
            "items": {"type": "array", "items": schema_of(listed.of, known)},
            "next": {
                "anyOf": [{"type": "string"}, {"type": "null"}],
                "description": "Ask for the page after this one with `after` set to it; null on the last page.",
            },
        },
        "required": ["items", "next"],
        "additionalProperties": False,
    }
    return {"$ref": f"#/components/schemas/{listed.name}"}


def _value(hint: Any, value: Json, entry: Field[Any], *, from_text: bool) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _value(next(part for part in parts if part is not type(None)), value, entry, from_text=from_text)
    if hint is Any:
        return value
    if origin in (list, tuple):
        if not isinstance(value, list) or len(value) > (entry.metadata.get("most") or 1000):
            raise _of_another_form(entry)
        return tuple(_value(parts[0], each, entry, from_text=False) for each in value)
    if origin is dict:
        if not isinstance(value, dict) or len(value) > 1000:
            raise _of_another_form(entry)
        return {_text(name, entry): _value(parts[1], each, entry, from_text=False) for name, each in value.items()}
    if from_text and hint in (int, bool):
        value = _from_text(hint, str(value), entry)
    return _single(hint, value, entry)


def _single(hint: Any, value: Json, entry: Field[Any]) -> Any:
    if hint is str:
        return _text(value, entry)
    if hint in (int, bool):
        if type(value) is not hint or (hint is int and abs(value) > (entry.metadata.get("most") or 2**31 - 1)):
            raise _of_another_form(entry)
        return value
    if hint is float:
        if type(value) not in (int, float) or not -1e300 < value < 1e300:
            raise _of_another_form(entry)
        return float(value)
    if not isinstance(value, str):
        raise _of_another_form(entry)
    try:
        return hint(value) if hint is UUID or issubclass(hint, StrEnum) else hint.fromisoformat(value)
    except ValueError:
        raise _of_another_form(entry) from None


def _text(value: Json, entry: Field[Any]) -> str:
    if not isinstance(value, str):
        raise _of_another_form(entry)
    text = value.replace("\x00", "").strip()
    if len(text) > (entry.metadata.get("most") or LONGEST):
        raise Invalid("This text is too long: shorten it.", field=entry.name)
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise _of_another_form(entry)
    return text


def _from_text(hint: Any, text: str, entry: Field[Any]) -> Json:
    if hint is bool and text in ("true", "false"):
        return text == "true"
    if hint is int and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise _of_another_form(entry)


def _of_another_form(entry: Field[Any]) -> Invalid:
    return Invalid("This field does not have the form that the documentation names.", field=entry.name)
