"""How templates write what belongs to plans: terms in words, labels of fields, gaps, the picture of steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import format_decimal, gettext
from markupsafe import Markup

from models.errors import DomainError
from models.plan_records import Outcome
from models.plan_terms import Kind, field_of
from models.plans import Plan, Verification
from webapp import plan_words


def term_word(value: str, key: str) -> str:
    """A term as people read it: days and numbers in their language, words of lists by their names."""
    from webapp.show import day

    field = field_of(key)
    if not value:
        return ""
    if field.kind is Kind.DATE:
        return day(date.fromisoformat(value))
    if field.kind is Kind.WHOLE:
        return str(format_decimal(int(value)))
    if field.words is not None:
        return str(plan_words.NAMES[field.words][field.words(value)])
    return value


def is_text(key: str) -> bool:
    return field_of(key).kind is Kind.TEXT


def sentence(fault: DomainError) -> str:
    return str(gettext(str(fault)))


def verification_word(word: str) -> str:
    return str(plan_words.NAMES[Verification][Verification(word)])


def outcome_word(word: str) -> str:
    return str(plan_words.NAMES[Outcome][Outcome(word)])


def number(value: float) -> str:
    """A result as people of the language write it: `12,5`."""
    return str(format_decimal(value))


def gantt(plan: Plan, today: date) -> Markup:
    from webapp.plan_pictures import gantt as drawn

    return drawn(plan, today)


FILTERS: dict[str, Callable[..., Any]] = {
    "term_word": term_word,
    "is_text": is_text,
    "sentence": sentence,
    "field_word": plan_words.field_word,
    "label_word": plan_words.label,
    "field_hint": plan_words.hint,
    "verification_word": verification_word,
    "outcome_word": outcome_word,
    "gantt": gantt,
    "number": number,
}
