"""The reference page of questionnaire files: every field, kind of question and rule, written from the code."""

from __future__ import annotations

from typing import Any

from questionnaires import syntax
from questionnaires.rules import FUNCTIONS
from questionnaires.schema import schema

_KINDS = {
    "yes_no": "Yes, no, partly, or not applicable; the words come by themselves",
    "single": "One of `choices`",
    "several": "Any of `choices`",
    "number": "A number, with `unit` and `period` where it has them",
    "money": "An amount with its currency",
    "percentage": "From 0 to 100, unless `minimum` and `maximum` say otherwise",
    "date": "A day",
    "text": "Words",
    "table": "Rows with `columns`, each of them a plain question",
    "file": "Documents that the supplier sent",
    "reference": "A site or a person of the answering company (`reference_to`)",
    "ranking": "`choices` in the order of their importance",
    "matrix": "One of `choices` for each of `rows`",
    "consent": "A tick",
    "computed": "Never asked: `value` works it out from other answers",
}

_DOES = {
    "answered": "whether there is an answer: the one way to ask about not knowing",
    "count": "how many choices are ticked, or rows filled in",
    "date": "a date from a text such as '2026-03-31'",
    "length": "how many characters a text has",
    "max": "the greatest of several numbers, or of a column",
    "min": "the least of them",
    "sum": "their sum; what is not answered counts as nothing",
    "years": "whole years from the first date to the second",
}


def questionnaires_page() -> str:
    """The page, in Markdown."""
    made = schema()
    parts = [
        "# Questionnaire files\n\n"
        "A questionnaire is a YAML file, with a translation beside it for each language "
        "(`<name>.<language>.yaml`, one flat list of `key: text`). `salient questionnaire check` says what is wrong, "
        "with the line; `paths` shows who meets which question; `schema` prints the JSON Schema for your editor. "
        "This page is written by `make docs`.\n"
    ]
    for title, part in (("The file", made), *((f"A {name}", part) for name, part in made["$defs"].items())):
        parts.append(f"\n## {title}\n\n{_fields(part)}")
    parts.append("\n## Kinds of questions\n\n| kind | what is answered |\n|---|---|\n")
    parts += [f"| `{kind}` | {what} |\n" for kind, what in _KINDS.items()]
    parts.append(f"\n## Rules\n\n{_grammar()}")
    parts.append("\n| function | values | gives |\n|---|---|---|\n")
    for name, (least, most, _) in sorted(FUNCTIONS.items()):
        count = str(least) if least == most else f"{least} to {most}"
        parts.append(f"| `{name}` | {count} | {_DOES[name]} |\n")
    return "".join(parts)


def _fields(part: dict[str, Any]) -> str:
    lines = ["| field | form | meaning |", "|---|---|---|"]
    for name, about in part["properties"].items():
        needed = " (needed)" if name in part["required"] else ""
        lines.append(f"| `{name}`{needed} | {_form(about)} | {about['description']} |")
    return "\n".join(lines) + "\n"


def _form(about: dict[str, Any]) -> str:
    if "enum" in about:
        return ", ".join(f"`{word}`" for word in about["enum"])
    if about["type"] == "array":
        inner = about["items"].get("$ref", "text").rsplit("/", 1)[-1]
        return f"list of {inner}s"
    return {"boolean": "true or false", "number": "number", "string": "text"}[about["type"]]


def _grammar() -> str:
    """The grammar as it stands in the code."""
    _, grammar, rest = str(syntax.__doc__).split("\n\n", 2)
    words = (
        "A rule looks at other answers. What is not answered is *not known*, and so is all that depends on it: a "
        "question is asked only when its rule is known to be true, and an answer is refused only when its rule is "
        "known to be false.\n\n"
    )
    return f"{words}```\n{grammar}\n```\n\n{rest.splitlines()[0]}\n"
