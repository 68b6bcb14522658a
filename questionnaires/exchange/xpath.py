"""The rules of XLSForm (a small part of XPath) in our language of rules, and ours in theirs, as far as both can say it.

What one side cannot say is refused with a reason, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires import syntax
from questionnaires.definition import Kind, Question
from questionnaires.syntax import Binary, Call, List, Literal, Name, Node, Unary


class CannotSay(Exception):
    """The other language has no words for it. The text names what."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question as the other side's rules see it: our name for it, and its kind."""

    name: str
    kind: Kind


_TOKEN = re.compile(
    r"""\s*(?:(?P<ref>\$\{\s*[^}]+?\s*\})|(?P<text>'[^']*'|"[^"]*")|(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<name>[A-Za-z_][\w:-]*)|(?P<sign><=|>=|!=|[=<>+*(),\-]|\.(?!\d))|(?P<end>$))""",
    re.VERBOSE,
)
_POWER = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6}
_SETS = (Kind.SEVERAL, Kind.RANKING)
MOST_DEPTH = 40
LONGEST = 4000


def to_ours(text: str, known: Mapping[str, Known], own: str | None) -> str:
    """A rule of XLSForm in our language. `own` is what `.` stands for. Raises CannotSay."""
    if len(text) > LONGEST:
        raise CannotSay(f"a rule of more than {LONGEST} characters")
    reader = _Reader(text, known, own)
    made = reader.chain(1)
    if reader.kind != "end":
        raise CannotSay(f"what follows from {reader.text!r}")
    return made


class _Reader:
    """Reads a rule from left to right and writes ours as it goes, in brackets wherever there could be doubt."""

    def __init__(self, text: str, known: Mapping[str, Known], own: str | None) -> None:
        self._source, self._known, self._own = text, known, own
        self._place, self._depth = 0, 0
        self.kind, self.text = "", ""
        self._step()

    def _step(self) -> None:
        found = _TOKEN.match(self._source, self._place)
        if found is None:
            raise CannotSay(f"{self._source[self._place :].strip()[:12]!r}")
        self.kind, self._place = str(found.lastgroup), found.end()
        self.text = found[self.kind]

    def chain(self, least: int) -> str:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise CannotSay("a rule that is nested so deeply")
        left = self._atom()
        while (power := _POWER.get(self.text, 0) if self.kind in ("sign", "name") else 0) >= least:
            operator = self.text
            self._step()
            left = self._joined(operator, left, self.chain(power + 1))
        self._depth -= 1
        return left

    def _joined(self, operator: str, left: str, right: str) -> str:
        for one, other in ((left, right), (right, left)):
            if other == "''":  # Nothing at all: the question whether there is an answer.
                if operator == "=":
                    return f"(not answered({one}))"
                if operator == "!=":
                    return f"answered({one})"
        return f"({left} {'/' if operator == 'div' else operator} {right})"

    def _atom(self) -> str:
        kind, text = self.kind, self.text
        self._step()
        if kind == "ref":
            return self._reference(text[2:-1].strip())
        if kind == "text":
            return _quoted(text[1:-1])
        if kind == "number":
            return f"0{text}" if text.startswith(".") else text
        if text == "." and self._own is not None:
            return self._own
        if text == "(":
            inner = self.chain(1)
            self._take(")")
            return f"({inner})"
        if text == "-":
            return f"(-{self._atom()})"
        if kind == "name" and self.text == "(":
            return self._call(text)
        raise CannotSay(f"{text!r}" if text else "a rule that ends too soon")

    def _reference(self, name: str) -> str:
        if name not in self._known:
            raise CannotSay(f"the question {name!r}, which is not taken over")
        return self._known[name].name

    def _take(self, sign: str) -> None:
        if self.text != sign:
            raise CannotSay(f"{self.text!r} where {sign!r} was expected")
        self._step()

    def _call(self, function: str) -> str:
        self._take("(")
        arguments: list[str] = []
        while self.text != ")":
            arguments.append(self.chain(1))
            if self.text == ",":
                self._step()
            elif self.text != ")":
                raise CannotSay(f"{self.text!r} in {function}()")
        self._step()
        return self._function(function, arguments)

    def _function(self, function: str, arguments: list[str]) -> str:
        match (function, arguments):
            case ("true" | "false", []):
                return function
            case ("not", [one]):
                return f"(not {one})"
            case ("selected", [one, choice]):
                return f"({one} has {choice})" if self._is_set(one) else f"({one} = {choice})"
            case ("count-selected" | "count", [one]):
                return f"count({one})"
            case ("string-length", [one]):
                return f"length({one})"
            case ("sum" | "max" | "min", [_, *_]):
                return f"{function}({', '.join(arguments)})"
            case ("date", [one]):
                return f"date({one})"
            case ("number" | "int" | "string" | "boolean-from-string" | "coalesce", [one]):
                return one
        raise CannotSay(f"the function {function}()")

    def _is_set(self, name: str) -> bool:
        return any(each.name == name and each.kind in _SETS for each in self._known.values())


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def to_theirs(rule: str, questions: Mapping[str, Question], own: str | None = None) -> str:
    """One of our rules as XLSForm writes it. `own` is the question whose constraint it is. Raises CannotSay."""
    return _Writer(questions, own).write(syntax.parse(rule))


@dataclass(frozen=True, slots=True)
class _Writer:
    questions: Mapping[str, Question]
    own: str | None

    def write(self, node: Node) -> str:
        match node:
            case Literal(value=bool() as value):
                return "true()" if value else "false()"
            case Literal(value=str() as text):
                return self._text(text)
            case Literal(value=number):
                return str(number)
            case Name(text=text):
                return self._name(text)
            case Unary(operator="not", operand=operand):
                return f"not({self.write(operand)})"
            case Unary(operand=operand):
                return f"-({self.write(operand)})"
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case List():
                raise CannotSay("a list by itself")

    def _text(self, text: str) -> str:
        if "'" in text and '"' in text:
            raise CannotSay("a text with both kinds of quotation marks")
        return f'"{text}"' if "'" in text else f"'{text}'"

    def _name(self, text: str) -> str:
        if text == self.own:
            return "."
        table, _, column = text.partition(".")
        kind = self.questions[table].kind
        if kind is Kind.MATRIX or (kind is Kind.TABLE and not column):
            raise CannotSay(f"`{table}` as a whole")
        return f"${{{table}__{column}}}" if column else f"${{{table}}}"

    def _binary(self, node: Binary) -> str:
        if node.operator in ("has", "in"):
            return self._among(node)
        if self._consent(node.left) or self._consent(node.right):
            raise CannotSay("a comparison with a tick")
        operator = "div" if node.operator == "/" else node.operator
        return f"({self.write(node.left)} {operator} {self.write(node.right)})"

    def _consent(self, node: Node) -> bool:
        return isinstance(node, Name) and self.questions[node.text.partition(".")[0]].kind is Kind.CONSENT

    def _among(self, node: Binary) -> str:
        choices, asked = (node.right, node.left)
        words = choices.items if isinstance(choices, List) else (choices,)
        if not words or not isinstance(asked, Name):
            raise CannotSay("an empty list of choices")
        name, texts = self.write(asked), [self.write(word) for word in words]
        if node.operator == "in":
            return f"({' or '.join(f'{name} = {text}' for text in texts)})"
        return f"({' or '.join(f'selected({name}, {text})' for text in texts)})"

    def _call(self, node: Call) -> str:
        arguments = [] if node.function in ("answered", "count") else [self.write(each) for each in node.arguments]
        match node.function:
            case "answered":
                return f"({self._whole(node.arguments[0])} != '')"
            case "count":
                asked = node.arguments[0]
                if isinstance(asked, Name) and self.questions[asked.text].kind in _SETS:
                    return f"count-selected({self.write(asked)})"
                raise CannotSay("how many rows a table has")
            case "length":
                return f"string-length({arguments[0]})"
            case "sum" | "max" | "min":
                if len(arguments) > 1:
                    raise CannotSay(f"the {node.function} of several answers, of which some may be open")
                return f"{node.function}({arguments[0]})"
            case "date":
                return f"date({arguments[0]})"
        raise CannotSay(f"the function {node.function}")

    def _whole(self, node: Node) -> str:
        if isinstance(node, Name) and self._consent(node):
            raise CannotSay("a comparison with a tick")
        return self.write(node)
