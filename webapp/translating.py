"""Everything that a page can say, gathered from the code, and the files in which it stands in other languages.

`python -m webapp.translating` brings the files up to date; a test fails while one of them lacks a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from screening.engine.reasons import ADVICE, DOUBTS
from webapp.language import LANGUAGES, SOURCE

ROOT = Path(__file__).parents[1]

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]

OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "Conflict": None,
    "Invalid": None,
    "Stale": None,
    "MappingFault": None,
    "NotAllowed": None,
    "OutOfSpace": None,
}
"""The functions that mark a sentence, and the errors of the domain, whose sentences are shown to people."""

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

UNMARKED = (
    "There is nothing here, or it is not yours to see.",
    "This finding was already confirmed by someone else.",
    "This finding was already rejected by someone else.",
    "Somebody else changed the plan while you wrote: look at both versions and choose.",
    "Somebody else answered this meanwhile: look at both answers and choose.",
    "Some questions still wait for an answer: they are listed here.",
)
"""Sentences of the domain that no plain string in an error's call holds."""


def catalogue() -> Catalog:
    """All sentences, in the order of their text, without translations."""
    found = Catalog(project="Salient", charset="utf-8")
    for sentence in sorted(set(_extracted()), key=str):
        found.add(sentence)
    return found


def path_of(language: str) -> Path:
    return SOURCE / language / "messages.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> list[Message]:
    """Add what is new, take out what is gone, and answer what is not translated yet."""
    known = read(language) if path_of(language).exists() else Catalog(locale=language, charset="utf-8")
    known.update(catalogue(), no_fuzzy_matching=True)
    known.obsolete.clear()
    _title(known)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, known, width=120, omit_header=False, sort_output=True)
    return missing(known)


def _title(known: Catalog) -> None:
    """A head that says what is needed and changes only when the sentences do."""
    known.header_comment = f"# What Salient says, in {LANGUAGES[str(known.locale)]}."
    known.project, known.version, known.msgid_bugs_address = "Salient", "1", ""
    known.last_translator, known.language_team = "The Salient engineers", ""
    known.creation_date = known.revision_date = EPOCH


def missing(known: Catalog) -> list[Message]:
    """The sentences without a translation, or with one that nobody has confirmed."""
    return [row for row in known if row.id and (row.fuzzy or not all(_texts(row)))]


def _texts(row: Message) -> tuple[str, ...]:
    return tuple(row.string) if isinstance(row.string, tuple | list) else (row.string or "",)


def _extracted() -> Iterator[str | tuple[str, str]]:
    for folder in ("models", "questionnaires", "webapp"):
        for *_where, message, _comments, _context in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS
        ):
            sentence = message if isinstance(message, str) else tuple(message)
            if sentence and not (isinstance(sentence, str) and "{" in sentence):
                yield sentence  # type: ignore[misc]
    yield from ADVICE.values()
    yield from DOUBTS.values()
    yield from UNMARKED


def main() -> None:
    for language in LANGUAGES:
        if language != "en":
            for row in update(language):
                print(f"{language}: not translated: {row.id}")  # noqa: T201 A command's answer.


if __name__ == "__main__":
    main()
