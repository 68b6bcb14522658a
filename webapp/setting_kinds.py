"""How the text of an environment variable becomes a value, and what is known of a setting besides its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

W = TypeVar("W", bound=StrEnum)


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of one setting besides its value: enough to read it and to print its documentation."""

    variable: str
    parse: Callable[[str], Any]
    meaning: str
    shown_default: str | None = None
    """How the default reads in the documentation, where the plain value would not be understood."""
    secret: bool = False


def about(
    variable: str, parse: Callable[[str], Any], meaning: str, *, shown_default: str | None = None, secret: bool = False
) -> dict[str, About]:
    """The metadata of a field of `Settings`."""
    return {"about": About(variable, parse, meaning, shown_default, secret)}


def whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError(f"must be a whole number from {least} to {most}") from None
        if not least <= value <= most:
            raise ValueError(f"must be from {least} to {most}")
        return value

    return parse


def switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("must be yes or no")
    return words[text.lower()]


def word(kind: type[W]) -> Callable[[str], W]:
    def parse(text: str) -> W:
        try:
            return kind(text.lower())
        except ValueError:
            raise ValueError(f"must be one of {', '.join(kind)}") from None

    return parse


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def address(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text.startswith(schemes):
            raise ValueError(f"must begin with {' or '.join(schemes)}")
        return text

    return parse
