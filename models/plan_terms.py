"""What both sides sign, field by field: so that two versions can be compared, merged, kept and shown side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.errors import Conflict, Invalid

Terms = Mapping[str, str]
"""Every field of a plan that is not empty, as text: `due_on`, or `action.2.owner` for the second line's owner."""

MOST_LINES = 12
"""Lines of one kind in a plan."""


class Cause(StrEnum):
    """Where a root cause lies."""

    RULES = "rules"
    KNOWLEDGE = "knowledge"
    MEANS = "means"
    SUPERVISION = "supervision"
    PAY = "pay"
    AGENTS = "agents"
    BUYING = "buying"
    BUILDINGS = "buildings"
    ATTITUDES = "attitudes"
    OTHER = "other"


class Method(StrEnum):
    """How a root cause was found."""

    FIVE_WHYS = "five_whys"
    DIAGRAM = "diagram"
    INTERVIEWS = "interviews"
    RECORDS = "records"
    OUTSIDE = "outside"
    OTHER = "other"


class ActionKind(StrEnum):
    CORRECTIVE = "corrective"
    """Repairs what was found."""
    PREVENTIVE = "preventive"
    """Keeps it from happening again."""
    BUYER = "buyer"
    """What the buyer changes in the way it buys."""


class Lever(StrEnum):
    """What a buyer can change."""

    PRICE = "price"
    LEAD_TIME = "lead_time"
    COST_SHARE = "cost_share"
    ORDERS = "orders"
    PAYMENT = "payment"
    TRAINING = "training"
    OTHER = "other"


class Kind(StrEnum):
    TEXT = "text"
    LINE = "line"
    DATE = "date"
    WHOLE = "whole"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is agreed on. `longest` is in characters, or the largest number for a whole one."""

    name: str
    kind: Kind
    longest: int = 0
    words: type[StrEnum] | None = None

    @property
    def empty(self) -> str | None:
        """What a row holds where nothing is said."""
        return "" if self.kind in (Kind.TEXT, Kind.LINE) else None


HEAD: tuple[Field, ...] = (
    Field("root_cause_method", Kind.WORD, words=Method),
    Field("root_cause_category", Kind.WORD, words=Cause),
    Field("root_cause", Kind.TEXT, 8000),
    Field("no_action", Kind.TEXT, 8000),
    Field("responsible", Kind.LINE, 200),
    Field("people", Kind.WHOLE, 10_000_000),
    Field("due_on", Kind.DATE),
    Field("indicator", Kind.LINE, 500),
    Field("target", Kind.LINE, 300),
    Field("effect_due_on", Kind.DATE),
    Field("cost", Kind.WHOLE, 2_000_000_000),
    Field("currency", Kind.LINE, 3),
    Field("buyer_share", Kind.WHOLE, 100),
)
LINES: dict[str, tuple[Field, ...]] = {
    "action": (
        Field("text", Kind.TEXT, 4000),
        Field("kind", Kind.WORD, words=ActionKind),
        Field("owner", Kind.LINE, 200),
        Field("due_on", Kind.DATE),
        Field("lever", Kind.WORD, words=Lever),
    ),
    "milestone": (Field("title", Kind.LINE, 300), Field("due_on", Kind.DATE), Field("evidence", Kind.TEXT, 2000)),
    "monitoring": (
        Field("what", Kind.LINE, 500),
        Field("by_whom", Kind.LINE, 200),
        Field("how_often", Kind.LINE, 200),
    ),
    "support": (Field("name", Kind.LINE, 200), Field("help", Kind.LINE, 500)),
}
"""The kinds of lines. The first field of each says what the line is; a line without it is no line."""

_BREAKS = re.compile(r"\s*[\r\n]\s*")
"""A line stays one, however it was typed, so that lists and workbooks can show it as one."""
_KEY = re.compile(r"([a-z]+)\.([1-9][0-9]{0,3})\.([a-z_]+)")


def field_of(key: str) -> Field:
    """The field behind a key. Raises Invalid for a key that no plan has."""
    found = _KEY.fullmatch(key)
    fields = HEAD if found is None else LINES.get(found[1], ())
    name = key if found is None else found[3]
    for field in fields:
        if field.name == name:
            return field
    raise Invalid("This field is not part of a plan.", field=key)


def line_of(key: str) -> tuple[str, int] | None:
    """Kind and number of the line that a key belongs to; None for a field of the head."""
    found = _KEY.fullmatch(key)
    return None if found is None else (found[1], int(found[2]))


def numbers(terms: Terms, kind: str) -> list[int]:
    """The numbers of the lines of a kind, in order."""
    return sorted({line[1] for key in terms if (line := line_of(key)) is not None and line[0] == kind})


def cleaned(raw: Mapping[str, str]) -> dict[str, str]:
    """Terms as they are kept: trimmed, empty ones left out, lines without their first field left out.

    Raises Invalid with the key of the field for what is too long, no day, no number or no known word.
    """
    terms = {key: checked(field_of(key), text.strip(), key) for key, text in raw.items() if text.strip()}
    for kind, fields in LINES.items():
        for number in numbers(terms, kind):
            if f"{kind}.{number}.{fields[0].name}" not in terms:
                for field in fields:
                    terms.pop(f"{kind}.{number}.{field.name}", None)
        if len(numbers(terms, kind)) > MOST_LINES:
            raise Invalid("A plan has room for twelve lines of a kind: put some together.", field=f"{kind}.1.text")
    return terms


def checked(field: Field, text: str, key: str) -> str:
    """The text in the form in which it is kept. Raises Invalid."""
    value = read(field, text, key)
    return value.isoformat() if isinstance(value, date) else str(value)


def read(field: Field, text: str, key: str) -> Any:
    """The value that the text stands for: a date, a whole number, a known word, or the text itself."""
    if field.kind is Kind.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Invalid("Write the day as year-month-day, such as 2026-03-31.", field=key) from None
    if field.kind is Kind.WHOLE:
        if not (text.isascii() and text.isdigit() and len(text) < 15 and int(text) <= field.longest):
            raise Invalid("Write a whole number here, without dots or commas.", field=key)
        return int(text)
    if field.words is not None:
        if text not in set(field.words):
            raise Invalid("Choose one of the words of the list.", field=key)
        return field.words(text)
    if len(text) > field.longest:
        raise Invalid("This text is too long: shorten it.", field=key)
    return _BREAKS.sub(" ", text) if field.kind is Kind.LINE else text


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two people ended up apart. Empty means that the field was left empty or taken out."""

    key: str
    base: str
    """What stood there when `mine` was begun."""
    theirs: str
    mine: str

    @property
    def is_contested(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.theirs != self.base and self.mine != self.base


class Unchanged(Conflict):
    """What was written is what stood there already: there is nothing to keep."""

    def __init__(self) -> None:
        super().__init__("Nothing was changed.")


class Apart(Conflict):
    """Somebody else changed the plan meanwhile. Carries both versions, so that nothing is lost and a person chooses."""

    def __init__(self, base: Terms, theirs: Terms, mine: Terms) -> None:
        super().__init__("Somebody else changed the plan while you wrote: look at both versions and choose.")
        self.base, self.theirs = dict(base), dict(theirs)
        self.mine = apart(base, theirs, mine)


def compare(base: Terms, theirs: Terms, mine: Terms) -> tuple[Difference, ...]:
    """Every field in which `mine` and `theirs` differ, in the order of the form."""
    keys = sorted({*base, *theirs, *mine}, key=order)
    rows = (Difference(key, base.get(key, ""), theirs.get(key, ""), mine.get(key, "")) for key in keys)
    return tuple(row for row in rows if row.theirs != row.mine)


def apart(base: Terms, theirs: Terms, mine: Terms) -> dict[str, str]:
    """`mine`, with lines that both added under one number moved to a number of their own, so that none is lost."""
    result = dict(mine)
    for kind in LINES:
        taken = {*numbers(base, kind), *numbers(theirs, kind), *numbers(mine, kind)}
        fresh = set(numbers(theirs, kind)) & set(numbers(mine, kind)) - set(numbers(base, kind))
        for number in sorted(fresh):
            if _line(theirs, kind, number) == _line(mine, kind, number):
                continue
            free = max(taken) + 1
            taken.add(free)
            for field in LINES[kind]:
                text = result.pop(f"{kind}.{number}.{field.name}", None)
                if text is not None:
                    result[f"{kind}.{free}.{field.name}"] = text
    return result


def merged(base: Terms, theirs: Terms, mine: Terms) -> dict[str, str]:
    """What only one side changed, as it changed it; where both did, `mine`: the person then chooses."""
    result = dict(theirs)
    for row in compare(base, theirs, mine):
        if row.mine != row.base:
            result[row.key] = row.mine
    return {key: text for key, text in result.items() if text}


def order(key: str) -> tuple[int, int, int, str]:
    """The place of a key in the form."""
    line = line_of(key)
    if line is None:
        return (0, 0, _place(HEAD, key), key)
    kinds = list(LINES)
    if line[0] not in kinds:
        return (9, 0, 0, key)
    return (1 + kinds.index(line[0]), line[1], _place(LINES[line[0]], key.rpartition(".")[2]), key)


def _place(fields: tuple[Field, ...], name: str) -> int:
    return next((place for place, field in enumerate(fields) if field.name == name), 99)


def _line(terms: Terms, kind: str, number: int) -> dict[str, str]:
    return {field.name: terms.get(f"{kind}.{number}.{field.name}", "") for field in LINES[kind]}
