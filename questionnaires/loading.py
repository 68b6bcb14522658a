"""Reading a questionnaire from its file, with the line of everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from yaml._yaml import CParser
from yaml.nodes import MappingNode, ScalarNode

from questionnaires.collecting import without_collector
from questionnaires.definition import Choice, Kind, Question, Questionnaire, Section, Sensitivity, Words

T = TypeVar("T")

LARGEST = 20_000_000
"""Bytes of one definition file."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that is wrong, and where: `line` counts from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class CannotLoad(Exception):
    """The file is not a questionnaire. `problems` says why, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = sorted(problems)


class Item(NamedTuple):
    """A value of the file with the line on which it stands."""

    value: Any
    line: int


def load(path: Path) -> Questionnaire:
    """Read a definition and the translations beside it (`<name>.<language>.yaml`). Raises CannotLoad."""
    text = path.read_bytes()
    translations = {
        beside.name.split(".")[-2]: beside.read_text(encoding="utf-8")
        for beside in sorted(path.parent.glob(f"{path.stem}.*.yaml"))
    }
    return loads(text, translations)


def loads(text: str | bytes, translations: dict[str, str] | None = None) -> Questionnaire:
    """Read a definition from its text. Raises CannotLoad with every problem that could be found at once."""
    if len(text) > LARGEST:
        raise CannotLoad([Problem(1, f"The file is larger than {LARGEST // 1_000_000} MB.")])
    with without_collector():
        reader = _Reader(_flat_translations(translations or {}))
        questionnaire = reader.questionnaire(_compose(text))
    if reader.problems or questionnaire is None:
        raise CannotLoad(reader.problems or [Problem(1, "The file is empty.")])
    return questionnaire


class _Plain(CParser):
    """Libyaml's parser, without its guesses at types: a scalar is a text here, and what it means is decided below."""

    def resolve(self, *_what: Any) -> str:
        return ""

    def descend_resolver(self, *_where: Any) -> None: ...

    def ascend_resolver(self) -> None: ...


def _compose(text: str | bytes) -> Item:
    try:
        node = _Plain(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CannotLoad([Problem(line, f"This is not valid YAML: {error.problem}.")]) from None
    except (yaml.YAMLError, UnicodeError):
        raise CannotLoad([Problem(1, "This is not a text file in UTF-8.")]) from None
    return Item(None, 1) if node is None else _plain(node, 0)


_WORDS = {"true": True, "false": False, "": None, "~": None, "null": None}
"""What is not a text when it stands without quotes. `no` is a text, whatever YAML 1.1 made of it."""


def _plain(node: Any, depth: int) -> Item:
    """The file as plain values with their lines. Anchors and tags are not used, and not followed."""
    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        value = node.value
        return Item(_WORDS.get(value, value) if not node.style else value, line)
    if depth > 20:
        raise CannotLoad([Problem(line, "The file is nested too deeply.")])
    if isinstance(node, MappingNode):
        pairs = ((_plain(key, depth + 1).value, _plain(value, depth + 1)) for key, value in node.value)
        return Item({str(key): value for key, value in pairs}, line)
    return Item([_plain(value, depth + 1) for value in node.value], line)


def _flat_translations(translations: dict[str, str]) -> dict[str, dict[str, str]]:
    """By key (`question.label`) and language. A translation file is one flat mapping."""
    found: dict[str, dict[str, str]] = {}
    for language, text in translations.items():
        root = _compose(text)
        if not isinstance(root.value, dict):
            raise CannotLoad([Problem(root.line, f"The {language} translation must be a list of `key: text`.")])
        for key, item in root.value.items():
            found.setdefault(key, {})[language] = str(item.value)
    return found


class _Reader:
    """Builds the definition and collects what is wrong, so that all of it can be told at once."""

    def __init__(self, translations: dict[str, dict[str, str]]) -> None:
        self.problems: list[Problem] = []
        self._translations = translations

    def questionnaire(self, root: Item) -> Questionnaire | None:
        if not isinstance(root.value, dict):
            self._wrong(root, "A questionnaire begins with `id`, `version`, `title` and `sections`.")
            return None
        part = _Part(self, root, "the questionnaire")
        made = Questionnaire(
            id=part.text("id"),
            version=part.text("version"),
            title=self._words(part, "title", "title"),
            languages=tuple(dict.fromkeys(("en", *sorted({x for t in self._translations.values() for x in t})))),
            sections=tuple(self._section(item) for item in part.items("sections", wanted=True)),
        )
        part.nothing_else()
        return made

    def _section(self, item: Item) -> Section:
        part = _Part(self, item, "a section")
        id_ = part.text("id")
        made = Section(
            id=id_,
            title=self._words(part, "title", f"{id_}.title"),
            intro=self._words(part, "intro", f"{id_}.intro", wanted=False),
            relevant=part.optional("relevant"),
            questions=tuple(self._question(entry, "") for entry in part.items("questions", wanted=True)),
            line=item.line,
            lines=part.lines,
        )
        part.nothing_else()
        return made

    def _question(self, item: Item, prefix: str) -> Question:
        part = _Part(self, item, "a question")
        id_ = part.text("id")
        key = f"{prefix}{id_}"

        def words(name: str) -> Words:
            return self._words(part, name, f"{key}.{name}", wanted=False)

        made = Question(
            id=id_,
            kind=part.one_of("kind", Kind, Kind.TEXT),
            label=self._words(part, "label", f"{key}.label"),
            why=words("why"),
            help=words("help"),
            evidence=words("evidence"),
            message=words("message"),
            refs=tuple(str(entry.value) for entry in part.items("refs")),
            sensitivity=part.one_of("sensitivity", Sensitivity, Sensitivity.ORDINARY),
            required=part.yes_no("required"),
            relevant=part.optional("relevant"),
            required_if=part.optional("required_if"),
            constraint=part.optional("constraint"),
            admits=part.optional("admits"),
            unit=part.optional("unit"),
            period=part.optional("period"),
            reference_to=part.optional("reference_to"),
            value=part.optional("value"),
            choices=tuple(self._choice(entry, key) for entry in part.items("choices")),
            rows=tuple(self._choice(entry, f"{key}.rows") for entry in part.items("rows")),
            columns=tuple(self._question(entry, f"{key}.") for entry in part.items("columns")),
            minimum=part.number("minimum"),
            maximum=part.number("maximum"),
            line=item.line,
            lines=part.lines,
        )
        part.nothing_else()
        return made

    def _choice(self, item: Item, key: str) -> Choice:
        part = _Part(self, item, "a choice")
        id_ = part.text("id")
        made = Choice(id_, self._words(part, "label", f"{key}.{id_}"), part.optional("when"), item.line)
        part.nothing_else()
        return made

    def _words(self, part: _Part, name: str, key: str, *, wanted: bool = True) -> Words:
        english = part.text(name) if wanted else part.optional(name)
        return {"en": english, **self._translations.get(key, {})} if english else {}

    def _wrong(self, item: Item, message: str) -> None:
        self.problems.append(Problem(item.line, message))


class _Part:
    """One mapping of the file: each field is asked for once, and what nobody asked for is a mistake."""

    def __init__(self, reader: _Reader, item: Item, what: str) -> None:
        self._problems, self._item, self._what = reader.problems, item, what
        self._left: dict[str, Item] = dict(item.value) if isinstance(item.value, dict) else {}
        self.lines = {name: field.line for name, field in self._left.items()}
        if not isinstance(item.value, dict):
            self._wrong(item, f"Expected {what} with its fields.")

    def text(self, name: str) -> str:
        found = self.optional(name)
        if found is None and isinstance(self._item.value, dict):
            self._wrong(self._item, f"{self._what.capitalize()} needs `{name}`.")
        return found or ""

    def optional(self, name: str) -> str | None:
        item = self._left.pop(name, None)
        if item is None or item.value is None:
            return None
        if isinstance(item.value, dict | list):
            self._wrong(item, f"`{name}` must be a text.")
            return None
        text = str(item.value).lower() if isinstance(item.value, bool) else str(item.value)
        return text.strip() or None

    def yes_no(self, name: str) -> bool:
        item = self._left.pop(name, None)
        if item is not None and not isinstance(item.value, bool):
            self._wrong(item, f"`{name}` must be true or false.")
        return item is not None and item.value is True

    def number(self, name: str) -> Decimal | None:
        line, text = self._left.get(name, self._item), self.optional(name)
        try:
            return None if text is None else Decimal(text)
        except InvalidOperation:
            self._wrong(line, f"`{name}` must be a number, not {text!r}.")
            return None

    def one_of(self, name: str, kind: Callable[[str], T], default: T) -> T:
        line, text = self._left.get(name, self._item), self.optional(name)
        try:
            return default if text is None else kind(text)
        except ValueError:
            self._wrong(line, f"`{name}` cannot be {text!r}.")
            return default

    def items(self, name: str, *, wanted: bool = False) -> Iterator[Item]:
        item = self._left.pop(name, None)
        if item is not None and isinstance(item.value, list):
            yield from item.value
        elif item is not None or wanted:
            self._wrong(item or self._item, f"{self._what.capitalize()} needs `{name}` as a list.")

    def nothing_else(self) -> None:
        if not self._left:
            return
        known = ", ".join(sorted(field.name for field in fields(Question) if field.name not in ("line", "lines")))
        for name, item in self._left.items():
            hint = f" A question knows: {known}." if self._what == "a question" else ""
            self._wrong(item, f"{self._what.capitalize()} has no `{name}`.{hint}")

    def _wrong(self, item: Item, message: str) -> None:
        self._problems.append(Problem(item.line, message))
