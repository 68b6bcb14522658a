"""Which language a page speaks, and the translations behind it."""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = {"en": "English", "nl": "Nederlands"}
"""Every language of the product, by the name that its readers know it by."""

SOURCE = Path(__file__).with_name("translations")


def set_up(app: Flask, folder: Path) -> None:
    """Speak the languages of the product. The translations are compiled into `folder`, which must be writable."""
    compiled = folder / "translations"
    for language in LANGUAGES:
        if language != "en":
            _compile(SOURCE / language / "messages.po", compiled / language / "LC_MESSAGES" / "messages.mo")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled)
    Babel(app, default_locale="en", locale_selector=choose)
    app.context_processor(_spoken)


def choose() -> str:
    """The person's own language, else the one chosen in this browser, else the one that the browser asks for."""
    if not has_request_context():
        return "en"
    person = g.get("person")
    if request.path.startswith("/api/"):  # A program says what it wants to read, and brings no cookie.
        own = person.language if person is not None and person.language in LANGUAGES else "en"
        return request.accept_languages.best_match(list(LANGUAGES), own) or own
    chosen = session.get("language")
    if chosen is None and person is not None:
        chosen = person.language
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def current() -> str:
    """The code of the language that is spoken now, such as `nl`."""
    known = getattr(g, "_flask_babel", None) if has_request_context() else None  # Asked a hundred times a page.
    locale = getattr(known, "babel_locale", None) or get_locale()
    return str(locale.language) if locale is not None else "en"


def _spoken() -> dict[str, object]:
    """What templates say sentences with. The translations are looked up once a page, not once a sentence."""
    known = get_translations()

    @pass_eval_context
    def one(context: EvalContext, sentence: str, **values: object) -> str:
        return _put(context, known.ugettext(sentence), values)

    @pass_eval_context
    def some(context: EvalContext, single: str, plural: str, num: int, **values: object) -> str:
        return _put(context, known.ungettext(single, plural, num), {"num": num, **values})

    return {"_": one, "gettext": one, "ngettext": some}


def _put(context: EvalContext, sentence: str, values: dict[str, object]) -> str:
    """The sentence with its values, which are escaped where the template is a page."""
    said = Markup(sentence) if context.autoescape else sentence  # noqa: S704 Sentences are our own.
    return said % values if values or "%" in sentence else said


def _compile(source: Path, target: Path) -> None:
    """Make the binary form where it is missing or older. Several processes may do this at once."""
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(f".{os.getpid()}")
    aside.write_bytes(_binary(source))
    aside.replace(target)


@cache
def _binary(source: Path) -> bytes:
    """The binary form of a file of translations, made once a process."""
    made = io.BytesIO()
    with source.open("rb") as file:
        write_mo(made, read_po(file))
    return made.getvalue()
