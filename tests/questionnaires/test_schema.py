"""The schema for editors fits every questionnaire of the library, and refuses what the loader refuses."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import jsonschema
import pytest
import yaml

from questionnaires import library
from questionnaires.definition import Choice, Question, Questionnaire, Section
from questionnaires.loading import CannotLoad, loads
from questionnaires.schema import MEANING, schema


class Editor(yaml.SafeLoader):
    """Reads YAML as editors do, by version 1.2: `no` and `on` are texts, and a date is one too."""


Editor.yaml_implicit_resolvers = {
    letter: [
        (tag, regexp) for tag, regexp in found if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf"))  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("name", library.names())
def test_every_questionnaire_of_the_library_fits(name: str, validator: Any) -> None:
    text = (library.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert list(validator.iter_errors(yaml.load(text, Loader=Editor))) == []


QUESTION: dict[str, Any] = {"id": "x", "kind": "number", "label": "X"}


def _whole(**question: Any) -> dict[str, Any]:
    made = {name: value for name, value in {**QUESTION, **question}.items() if value is not None}
    return {"id": "t", "version": "1", "title": "T", "sections": [{"id": "s", "title": "S", "questions": [made]}]}


@pytest.mark.parametrize(
    "question",
    [
        {"colour": "red"},
        {"label": None},
        {"id": None},
        {"kind": "poem"},
        {"required": "perhaps"},
        {"minimum": "few"},
        {"sensitivity": "secret"},
        {"choices": "none"},
        {"refs": {"a": "b"}},
    ],
)
def test_what_the_loader_refuses_the_schema_refuses_too(question: dict[str, Any], validator: Any) -> None:
    made = _whole(**question)
    assert list(validator.iter_errors(made))
    with pytest.raises(CannotLoad):
        loads(yaml.safe_dump(made))


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "single"},
        {"choices": [{"id": "a", "label": "A"}]},
        {"kind": "table"},
        {"kind": "matrix", "choices": [{"id": "a", "label": "A"}]},
        {"kind": "computed"},
        {"kind": "reference"},
        {"kind": "reference", "reference_to": "moon"},
        {"constraint": "x > 3"},
    ],
)
def test_what_does_not_fit_its_kind_is_marked_while_it_is_written(question: dict[str, Any], validator: Any) -> None:
    assert list(validator.iter_errors(_whole(**question)))


def test_the_schema_explains_every_field_and_no_other() -> None:
    known = {field.name for part in (Questionnaire, Section, Question, Choice) for field in fields(part)}
    assert known - {"line", "lines", "languages"} == set(MEANING)
