"""A definition as somebody sends it, in whatever form: read, checked with lines, and nothing lost without a word."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from models.errors import Invalid
from questionnaires.checking import check
from questionnaires.definition import Questionnaire
from questionnaires.exchange import writing, xlsform_reading
from questionnaires.exchange.sheets import Sheet
from questionnaires.exchange.xlsform_rows import RowNote
from questionnaires.loading import CannotLoad, Problem, loads

_LANGUAGE = re.compile(r"\.([a-z]{2})\.[a-z]+$")
"""The language in the name of a file of translations, such as `mine.nl.yaml`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition that is not published yet. `notes` names what of a form could not be taken over whole."""

    source: str
    translations: dict[str, str]
    questionnaire: Questionnaire | None
    """None where it cannot be read at all; `problems` says why."""
    problems: tuple[Problem, ...]
    notes: tuple[RowNote, ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.questionnaire is not None and not self.problems


def from_texts(source: str, translations: Mapping[str, str], notes: tuple[RowNote, ...] = ()) -> Draft:
    """A definition with its translations as YAML or JSON. What is wrong comes with the line on which it stands."""
    texts = dict(translations)
    try:
        made = loads(source, texts)
    except CannotLoad as refused:
        return Draft(source, texts, None, tuple(refused.problems), notes)
    return Draft(source, texts, made, tuple(check(made)), notes)


def from_sheets(sheets: Sequence[Sheet]) -> Draft:
    """An XLSForm, written down as a definition of ours. Raises Invalid where it has no questions."""
    taken = xlsform_reading.take(sheets)
    return from_texts(writing.as_yaml(taken.questionnaire), writing.translations(taken.questionnaire), taken.notes)


def from_files(files: Mapping[str, str]) -> Draft:
    """A definition and the translations beside it, by the names of their files. Raises Invalid unless one is meant."""
    spoken = {name: found[1] for name in files if (found := _LANGUAGE.search(name)) is not None}
    mains = [name for name in files if name not in spoken]
    if len(mains) != 1:
        raise Invalid("Choose one definition, and its translations beside it, such as mine.yaml and mine.nl.yaml.")
    whole = _whole(files[mains[0]])
    if whole is not None:
        return from_texts(*whole)
    return from_texts(files[mains[0]], {spoken[name]: files[name] for name in spoken})


def to_json(source: str, translations: Mapping[str, str]) -> str:
    """The definition with its translations in one JSON file, which `from_files` reads again to the letter."""
    return json.dumps({"definition": source, "translations": dict(translations)}, ensure_ascii=False, indent=1)


def _whole(text: str) -> tuple[str, dict[str, str]] | None:
    """Definition and translations of one JSON file; None where it is not one of ours."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None  # The reader of definitions says what is wrong with it, and where.
    if not isinstance(data, dict) or "definition" not in data:
        return None
    given = data.get("translations") or {}
    if not isinstance(given, dict):
        raise Invalid("The translations in this file are no texts by language: download one here to see how it looks.")
    return _text(data["definition"]), {str(language): _text(each) for language, each in given.items()}


def _text(part: Any) -> str:
    """As it stands, or written as YAML where a program made it."""
    return part if isinstance(part, str) else str(yaml.safe_dump(part, allow_unicode=True, sort_keys=False))
