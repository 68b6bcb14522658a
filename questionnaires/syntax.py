"""The small language of rules, as text and as a tree: `uses_agencies = 'yes' and count(sites) > 1`.

    rule       := either
    either     := both ("or" both)*
    both       := negation ("and" negation)*
    negation   := "not" negation | comparison
    comparison := sum (("=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "has") sum)?
    sum        := product (("+" | "-") product)*
    product    := factor (("*" | "/") factor)*
    factor     := "-" factor | number | 'text' | true | false | name | name "(" rules ")" | "[" rules "]" | "(" rule ")"

A name is a question's id, or `table.column` for a column of a table. There is no way to reach anything else:
nothing is ever handed to Python to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

MOST_DEPTH = 40
"""A rule nested deeper than this is refused: no person could read it."""

MOST_LENGTH = 4000
"""Characters in one rule."""


class RuleError(Exception):
    """The rule cannot be read. `column` counts from 1, in the rule's own text."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Literal:
    value: Decimal | str | bool
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A question, or a column of a table as `table.column`."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Node, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`not` or `-`."""

    operator: str
    operand: Node
    column: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node
    column: int


Node = Literal | Name | List | Call | Unary | Binary

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d+)?)
      | (?P<text>'(?:[^'\\]|\\['\\])*')
      | (?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)
      | (?P<sign><=|>=|!=|[=<>+\-*/()\[\],])
      | (?P<end>$)
    )""",
    re.VERBOSE,
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NEGATION, _COMPARISON, _STRONGEST = 3, 4, 6
_POWER = {"or": 1, "and": 2, **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "has"), _COMPARISON)}
_POWER |= {"+": 5, "-": 5, "*": 6, "/": 6}
"""How strongly each operator binds, as in the grammar above."""

_WORDS = frozenset(("and", "or", "not", "in", "has", "true", "false"))


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


@lru_cache(maxsize=32_768)
def parse(text: str) -> Node:
    """Read a rule. Raises RuleError with the column where it stops making sense."""
    if len(text) > MOST_LENGTH:
        raise RuleError(f"The rule is longer than {MOST_LENGTH} characters.", MOST_LENGTH)
    parser = _Parser(list(_tokens(text)))
    node = parser.either()
    parser.expect("end", "")
    return node


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise RuleError(f"{text[start : start + 10]!r} makes no sense here.", start + 1)
        kind = str(match.lastgroup)
        found = match[kind]
        yield _Token("sign" if found in _WORDS else kind, found, match.start(kind) + 1)
        if kind == "end":
            return
        place = match.end()


class _Parser:
    """Reads tokens from left to right; one method a line of the grammar above."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._rest, self._depth = iter(tokens), 0
        self._next = next(self._rest)

    def _step(self) -> None:
        """To the next token. The last one, the end, is never taken with anything to follow."""
        self._next = next(self._rest, self._next)

    def expect(self, kind: str, text: str) -> _Token:
        token = self._next
        if token.kind != kind or (text and token.text != text):
            wanted = repr(text) if text else "nothing more"
            found = repr(token.text) if token.text else "the end"
            raise RuleError(f"Expected {wanted}, found {found}.", token.column)
        self._step()
        return token

    def _take(self, *signs: str) -> _Token | None:
        token = self._next
        if token.kind != "sign" or token.text not in signs:
            return None
        self._step()
        return token

    def either(self) -> Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise RuleError(f"The rule is nested deeper than {MOST_DEPTH} levels.", self._next.column)
        node = self._chain(1)
        self._depth -= 1
        return node

    def _chain(self, least: int) -> Node:
        """Operators that bind at least so strongly, each with what stands on both sides of it.

        After an operator only those that bind no more strongly may follow: the others were its right side's.
        """
        most = _STRONGEST
        if least <= _NEGATION and self._next.text == "not" and self._next.kind == "sign":
            node, most = self._negated(), _NEGATION
        else:
            node = self._factor()
        while self._next.kind == "sign":
            token = self._next
            power = _POWER.get(token.text, 0)
            if not least <= power <= most:
                break
            self._step()
            node = Binary(token.text, node, self._chain(power + 1), token.column)
            most = power - 1 if power == _COMPARISON else power
        return node

    def _negated(self) -> Node:
        nots = []
        while token := self._take("not"):
            nots.append(token)
        node = self._chain(_COMPARISON)
        for token in reversed(nots):
            node = Unary("not", node, token.column)
        return node

    def _factor(self) -> Node:
        if self._next.text != "-":
            return self._atom()
        minuses = []
        while token := self._take("-"):
            minuses.append(token)
        node = self._atom()
        for token in reversed(minuses):
            node = Unary("-", node, token.column)
        return node

    def _atom(self) -> Node:
        token = self._next
        if token.kind in ("sign", "end"):
            return self._group(token)
        self._step()
        if token.kind == "number":
            return Literal(Decimal(token.text), token.column)
        if token.kind == "text":
            return Literal(_unquoted(token.text), token.column)
        if self._next.text == "(" and self._take("("):
            return Call(token.text, self._list(")"), token.column)
        return Name(token.text, token.column)

    def _group(self, token: _Token) -> Node:
        if self._take("("):
            node = self.either()
            self.expect("sign", ")")
            return node
        if self._take("["):
            return List(self._list("]"), token.column)
        if self._take("true", "false"):
            return Literal(token.text == "true", token.column)
        found = repr(token.text) if token.text else "the end"
        raise RuleError(f"Expected a question, a number or a text, found {found}.", token.column)

    def _list(self, closing: str) -> tuple[Node, ...]:
        if self._take(closing):
            return ()
        items = [self.either()]
        while self._take(","):
            items.append(self.either())
        self.expect("sign", closing)
        return tuple(items)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if "\\" in text else text[1:-1]


def is_name(text: str) -> bool:
    """Whether a question may be called so: a rule must be able to name it."""
    return _NAME.fullmatch(text) is not None and text not in _WORDS


def names(node: Node) -> Iterator[Name]:
    """Every question or column that the rule looks at, from left to right."""
    match node:
        case Name():
            yield node
        case Unary(operand=operand):
            yield from names(operand)
        case Binary(left=left, right=right):
            yield from names(left)
            yield from names(right)
        case List(items=parts) | Call(arguments=parts):
            for part in parts:
                yield from names(part)


@lru_cache(maxsize=32_768)
def looked_at(text: str) -> tuple[str, ...]:
    """The questions that a rule looks at, each once, from left to right. Raises RuleError as `parse` does."""
    return tuple(dict.fromkeys(name.text.partition(".")[0] for name in names(parse(text))))
