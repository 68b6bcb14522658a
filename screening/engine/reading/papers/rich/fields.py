"""Fields of a rich text that show what stands nowhere else in it: ticked boxes, choices, signs told by number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from screening.engine.reading.papers import looks

_SYMBOL = re.compile(
    r"\s*SYMBOL\s+(0x[0-9a-f]{1,4}|[0-9]{1,5})\b(?:.*?\\f\s*\"?([^\"\\]{1,60}))?", re.IGNORECASE | re.DOTALL
)
_LONGEST = 2000
_TICK, _LIST = 1, 2
_UNDECIDED = 25
"""What a result says where nobody has chosen: the first choice counts (RTF 1.9, form fields)."""
_MOST_CHOICES = 500


@dataclass(slots=True)
class Form:
    """A field to be filled in, as it is being read."""

    kind: int = 0
    result: int = _UNDECIDED
    first: int = 0
    choices: list[str] = field(default_factory=list)

    def note(self, word: bytes, number: int | None) -> None:
        """Take a control word of the field."""
        told = 0 if number is None else number
        if word == b"fftype":
            self.kind = told
        elif word == b"ffres":
            self.result = told
        elif word == b"ffdefres":
            self.first = told

    def choose(self, text: str) -> None:
        if len(self.choices) < _MOST_CHOICES:
            self.choices.append(text.strip())

    @property
    def shown(self) -> str:
        """What people see of it; empty for a field of words, which stand in the text."""
        chosen = self.first if self.result == _UNDECIDED else self.result
        if self.kind == _TICK:
            return "☒" if chosen == 1 else "☐"
        return self.choices[chosen] if self.kind == _LIST and 0 <= chosen < len(self.choices) else ""


def sign_of(instruction: str) -> str:
    """The sign that a field shows by its number; empty where it is another field."""
    found = _SYMBOL.match(instruction[:_LONGEST])
    if found is None:
        return ""
    number = int(found[1], 16 if "x" in found[1].lower() else 10)
    return looks.sign_of(number & 0xFF, (found[2] or "").strip())
