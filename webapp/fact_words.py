"""The words that people read for what a document says about itself."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l

from webapp.show import day

ANNOUNCEMENTS: dict[str, object] = {
    "announced": _l("Announced"),
    "semi_announced": _l("Semi-announced"),
    "unannounced": _l("Unannounced"),
}


def announcement(word: str) -> str:
    return str(ANNOUNCEMENTS.get(word, word))


def iso_day(text: str) -> str:
    """A stored day as people of the page's language write it."""
    return day(date.fromisoformat(text))
