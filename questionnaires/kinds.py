"""What kind of value a rule gives: worked out without any answers, so that a nonsense rule never reaches a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from questionnaires.definition import YES_NO, Kind, Question
from questionnaires.rules import FUNCTIONS
from questionnaires.syntax import Binary, Call, List, Literal, Name, Node, RuleError, Unary


class Type(StrEnum):
    TRUTH = "yes or no"
    NUMBER = "a number"
    TEXT = "a text"
    DATE = "a date"
    SET = "a set of choices"
    ROWS = "a table"
    CELLS = "a column of a table"


@dataclass(frozen=True, slots=True)
class Shape:
    """A type, and for choices which words it can hold (None: any text)."""

    type: Type
    words: frozenset[str] | None = None


TRUTH, NUMBER, TEXT, DATE = Shape(Type.TRUTH), Shape(Type.NUMBER), Shape(Type.TEXT), Shape(Type.DATE)
_ORDERED = (Type.NUMBER, Type.DATE)
_FIXED = {
    Kind.YES_NO: Shape(Type.TEXT, frozenset(YES_NO)),
    Kind.DATE: DATE,
    Kind.CONSENT: TRUTH,
    Kind.TABLE: Shape(Type.ROWS),
    Kind.MATRIX: Shape(Type.ROWS),
    Kind.FILE: Shape(Type.SET),
    Kind.COMPUTED: NUMBER,
}


def shape_of(question: Question) -> Shape:
    """What an answer to this question is, as far as rules are concerned. A computed one counts as a number."""
    kind = question.kind
    if kind in _FIXED:
        return _FIXED[kind]
    if kind is Kind.SINGLE:
        return Shape(Type.TEXT, frozenset(choice.id for choice in question.choices))
    if kind in (Kind.SEVERAL, Kind.RANKING):
        return Shape(Type.SET, frozenset(choice.id for choice in question.choices))
    return NUMBER if kind.is_numeric else TEXT


def shape(node: Node, questions: Mapping[str, Question]) -> Shape:
    """The shape of what a rule gives. Raises RuleError, with its column, for what can never make sense."""
    match node:
        case Literal(value=bool()):
            return TRUTH
        case Literal(value=str() as word):
            return Shape(Type.TEXT, frozenset((word,)))
        case Literal():
            return NUMBER
        case Name():
            return _name(node, questions)
        case List(items=items):
            return Shape(Type.SET, frozenset(_word(item) for item in items))
        case Unary(operator="not", operand=operand):
            _want(operand, questions, Type.TRUTH)
            return TRUTH
        case Unary(operand=operand):
            _want(operand, questions, Type.NUMBER)
            return NUMBER
        case Binary():
            return _binary(node, questions)
        case Call():
            return _call(node, questions)


def _name(node: Name, questions: Mapping[str, Question]) -> Shape:
    table, _, column = node.text.partition(".")
    if table not in questions:
        raise RuleError(f"There is no question {table!r}.", node.column)
    if not column:
        return shape_of(questions[table])
    if column not in {each.id for each in questions[table].columns}:
        raise RuleError(f"The table {table!r} has no column {column!r}.", node.column)
    return Shape(Type.CELLS)


def _word(node: Node) -> str:
    if isinstance(node, Literal) and isinstance(node.value, str):
        return node.value
    raise RuleError("A list in a rule holds texts only, such as ['yes', 'partly'].", node.column)


def _want(node: Node, questions: Mapping[str, Question], *types: Type) -> Shape:
    found = shape(node, questions)
    if found.type not in types:
        raise RuleError(f"Expected {' or '.join(types)} here, but this is {found.type}.", node.column)
    return found


def _binary(node: Binary, questions: Mapping[str, Question]) -> Shape:
    if node.operator in ("and", "or"):
        _want(node.left, questions, Type.TRUTH)
        _want(node.right, questions, Type.TRUTH)
        return TRUTH
    if node.operator in ("+", "-", "*", "/"):
        _want(node.left, questions, Type.NUMBER)
        _want(node.right, questions, Type.NUMBER)
        return NUMBER
    if node.operator == "in":
        left, right = _want(node.left, questions, Type.TEXT), _want(node.right, questions, Type.SET)
    elif node.operator == "has":
        left, right = _want(node.left, questions, Type.SET), _want(node.right, questions, Type.TEXT, Type.SET)
    else:
        return _comparison(node, questions)
    _share(node, left, right)
    return TRUTH


def _comparison(node: Binary, questions: Mapping[str, Question]) -> Shape:
    left, right = shape(node.left, questions), shape(node.right, questions)
    if {left.type, right.type} == {Type.DATE, Type.TEXT}:
        _want_date(node.left if left.type is Type.TEXT else node.right)
        return TRUTH
    if left.type is not right.type:
        raise RuleError(f"{left.type.capitalize()} cannot be compared with {right.type}.", node.column)
    if node.operator not in ("=", "!=") and left.type not in _ORDERED:
        raise RuleError(f"{left.type.capitalize()} has no order: use = or !=.", node.column)
    _share(node, left, right)
    return TRUTH


def _want_date(node: Node) -> None:
    """A text beside a date must be one, such as '2026-03-31'."""
    try:
        date.fromisoformat(_word(node))
    except (ValueError, RuleError):
        raise RuleError("A date is compared with a date, such as '2026-03-31'.", node.column) from None


def _share(node: Binary, left: Shape, right: Shape) -> None:
    """A comparison with a word that the question does not offer can never be true: somebody mistyped."""
    if left.words is None or right.words is None or left.words & right.words:
        return
    strange = sorted(right.words) or sorted(left.words)
    raise RuleError(f"{', '.join(map(repr, strange))} is not among the choices.", node.right.column)


_ARGUMENTS: dict[str, tuple[Type, ...]] = {
    "answered": tuple(Type),
    "count": (Type.SET, Type.ROWS),
    "date": (Type.TEXT,),
    "length": (Type.TEXT,),
    "max": (Type.CELLS, Type.NUMBER),
    "min": (Type.CELLS, Type.NUMBER),
    "sum": (Type.CELLS, Type.NUMBER),
    "years": (Type.DATE,),
}


def _call(node: Call, questions: Mapping[str, Question]) -> Shape:
    if node.function not in FUNCTIONS:
        raise RuleError(f"There is no function {node.function!r}.", node.column)
    for argument in node.arguments:
        _want(argument, questions, *_ARGUMENTS[node.function])
    return {"answered": TRUTH, "date": DATE}.get(node.function, NUMBER)
