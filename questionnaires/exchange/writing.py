"""Writes a questionnaire as the file that it could have been read from, with its translations beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from questionnaires.definition import Choice, Question, Questionnaire, Section, Words
from questionnaires.texts import texts

_PLAIN = ("relevant", "required_if", "constraint", "admits", "unit", "period", "reference_to", "value")
_SPOKEN = ("why", "help", "evidence", "message")


def as_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """The definition as plain JSON, its texts in English."""
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title["en"],
        "sections": [_section(section) for section in questionnaire.sections],
    }


def as_json(questionnaire: Questionnaire) -> str:
    """The definition as a JSON file, which `loading.loads` reads like any other."""
    return json.dumps(as_data(questionnaire), ensure_ascii=False, indent=1)


def as_yaml(questionnaire: Questionnaire) -> str:
    """The definition as a YAML file."""
    return str(yaml.dump(as_data(questionnaire), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


def translations(questionnaire: Questionnaire) -> dict[str, str]:
    """The translation file of each language but English, as YAML."""
    found: dict[str, dict[str, str]] = {language: {} for language in questionnaire.languages if language != "en"}
    for key, words in texts(questionnaire):
        for language, text in words.items():
            if language in found:
                found[language][key] = text
    return {
        language: str(yaml.dump(keys, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))
        for language, keys in found.items()
    }


class _Dumper(yaml.SafeDumper):
    """Quotes every text, so that `no` stays a text and `007` keeps its noughts in whatever reads the file."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Dumper.add_representer(str, _quoted)


def _section(section: Section) -> dict[str, Any]:
    return _filled(
        {
            "id": section.id,
            "title": section.title["en"],
            "intro": _english(section.intro),
            "relevant": section.relevant,
            "questions": [_question(question) for question in section.questions],
        }
    )


def _question(question: Question) -> dict[str, Any]:
    return _filled(
        {
            "id": question.id,
            "kind": question.kind.value,
            "label": question.label["en"],
            **{name: _english(getattr(question, name)) for name in _SPOKEN},
            "refs": list(question.refs),
            "sensitivity": _word(question.sensitivity),
            "required": True if question.required else None,
            **{name: getattr(question, name) for name in _PLAIN},
            "minimum": _number(question.minimum),
            "maximum": _number(question.maximum),
            "choices": [_choice(choice) for choice in question.choices],
            "rows": [_choice(row) for row in question.rows],
            "columns": [_question(column) for column in question.columns],
        }
    )


def _choice(choice: Choice) -> dict[str, Any]:
    return _filled({"id": choice.id, "label": choice.label["en"], "when": choice.when})


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], "")}


def _english(words: Words) -> str | None:
    return words.get("en")


def _word(word: StrEnum) -> str | None:
    return None if word == "ordinary" else word.value


def _number(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
