"""The signals as a list to choose from: it is long and stands on many pages, so it is written once a language."""

from __future__ import annotations

from functools import cache

from flask import render_template
from markupsafe import Markup, escape

from models.taxonomy import shipped
from webapp.language import current


def signal_choices(chosen: str | None, *, whole: bool = False) -> Markup:
    """The options of a choice of signals by category, with one chosen. With `whole`, each category is one too."""
    written = _written(current(), whole)
    if chosen:
        option = f'<option value="{escape(chosen)}"'
        written = written.replace(f"{option}>", f"{option} selected>", 1)
    return Markup(written)  # noqa: S704 Written by a template; what was chosen is escaped.


@cache
def _written(_language: str, whole: bool) -> str:
    return render_template("parts/signal_choices.html", categories=shipped().categories, whole=whole)
