"""What a rule says of a set of answers: true, false, a value, or not known yet.

An unanswered question is *not known*, and so is everything that depends on it (Kleene's three-valued logic):
a question is shown only when its rule is known to be true, and an answer is refused only when its rule is
known to be false. Nobody is asked, or stopped, because of something that has not been said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache

from questionnaires import syntax
from questionnaires.syntax import Binary, Call, List, Literal, Name, Node, RuleError, Unary

Row = Mapping[str, "Value"]
Value = None | bool | Decimal | str | date | frozenset[str] | tuple[str, ...] | tuple[Row, ...]
"""An answer, or what a rule makes of answers. None means not known."""

Answers = Mapping[str, Value]
Rule = Callable[[Answers], Value]
"""A rule that is ready to run. Pure and total: whatever the answers, it gives a value and never raises."""


@lru_cache(maxsize=32_768)
def compile_rule(text: str) -> Rule:
    """Make a rule ready to run. Raises RuleError when it cannot be read."""
    return build(syntax.parse(text))


def holds(rule: Rule, answers: Answers) -> bool:
    """Whether the rule is known to be true."""
    return rule(answers) is True


def fails(rule: Rule, answers: Answers) -> bool:
    """Whether the rule is known to be false."""
    return rule(answers) is False


def build(node: Node) -> Rule:
    """Turn a tree into one function of the answers."""
    match node:
        case Literal(value=value):
            return lambda _answers: value
        case Name(text=text):
            return _name(text)
        case List(items=items):
            return _list([build(item) for item in items])
        case Unary(operator="not", operand=operand):
            return _not(build(operand))
        case Unary(operand=operand):
            return _minus(build(operand))
        case Binary(operator=("and" | "or") as operator, left=left, right=right):
            return _both(build(left), build(right)) if operator == "and" else _either(build(left), build(right))
        case Binary(operator=operator, left=left, right=right):
            return _operation(_OPERATIONS[operator], build(left), build(right))
        case Call():
            return _call(node)


def _name(text: str) -> Rule:
    table, _, column = text.partition(".")
    if not column:
        return lambda answers: answers.get(table)

    def cells(answers: Answers) -> Value:
        rows = answers.get(table)
        if not isinstance(rows, tuple):
            return None
        return tuple({column: row.get(column)} for row in rows if isinstance(row, Mapping))

    return cells


def _list(items: list[Rule]) -> Rule:
    def values(answers: Answers) -> Value:
        return frozenset(value for item in items if isinstance(value := item(answers), str))

    return values


def _not(operand: Rule) -> Rule:
    def negated(answers: Answers) -> Value:
        value = operand(answers)
        return (not value) if isinstance(value, bool) else None

    return negated


def _minus(operand: Rule) -> Rule:
    def negative(answers: Answers) -> Value:
        value = operand(answers)
        return -value if isinstance(value, Decimal) else None

    return negative


def _both(left: Rule, right: Rule) -> Rule:
    def both(answers: Answers) -> Value:
        first = left(answers)
        if first is False:
            return False
        second = right(answers)
        if second is False:
            return False
        return True if first is True and second is True else None

    return both


def _either(left: Rule, right: Rule) -> Rule:
    def either(answers: Answers) -> Value:
        first = left(answers)
        if first is True:
            return True
        second = right(answers)
        if second is True:
            return True
        return False if first is False and second is False else None

    return either


def _operation(operation: Callable[[Value, Value], Value], left: Rule, right: Rule) -> Rule:
    def operated(answers: Answers) -> Value:
        first, second = left(answers), right(answers)
        return None if first is None or second is None else operation(first, second)

    return operated


def _alike(first: Value, second: Value) -> tuple[Value, Value] | None:
    """Both as the same kind, a text beside a date read as a date; None where they cannot be compared."""
    if isinstance(first, date) and isinstance(second, str):
        second = _date(second)
    elif isinstance(second, date) and isinstance(first, str):
        first = _date(first)
    if first is None or second is None or type(first) is not type(second):
        return None
    return first, second


def _equal(first: Value, second: Value) -> Value:
    pair = _alike(first, second)
    return None if pair is None else pair[0] == pair[1]


def _unequal(first: Value, second: Value) -> Value:
    equal = _equal(first, second)
    return None if equal is None else not equal


def _order(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, Value], Value]:
    def ordered(first: Value, second: Value) -> Value:
        match _alike(first, second):
            case (Decimal() as one, Decimal() as other) if not (one.is_nan() or other.is_nan()):
                return compare(one, other)
            case (date() as one, date() as other):
                return compare(Decimal(one.toordinal()), Decimal(other.toordinal()))
        return None

    return ordered


def _arithmetic(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Value, Value], Value]:
    def computed(first: Value, second: Value) -> Value:
        if not isinstance(first, Decimal) or not isinstance(second, Decimal):
            return None
        try:
            return compute(first, second)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None

    return computed


def _is_in(first: Value, second: Value) -> Value:
    return first in second if isinstance(first, str) and isinstance(second, frozenset) else None


def _has(first: Value, second: Value) -> Value:
    if isinstance(second, str) and isinstance(first, frozenset | tuple):
        return second in first
    if isinstance(second, frozenset) and isinstance(first, frozenset):
        return bool(first & second)
    return None


_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "=": _equal,
    "!=": _unequal,
    "<": _order(lambda one, other: one < other),
    "<=": _order(lambda one, other: one <= other),
    ">": _order(lambda one, other: one > other),
    ">=": _order(lambda one, other: one >= other),
    "in": _is_in,
    "has": _has,
    "+": _arithmetic(lambda one, other: one + other),
    "-": _arithmetic(lambda one, other: one - other),
    "*": _arithmetic(lambda one, other: one * other),
    "/": _arithmetic(lambda one, other: one / other),
}


def _call(node: Call) -> Rule:
    if node.function not in FUNCTIONS:
        known = ", ".join(sorted(FUNCTIONS))
        raise RuleError(f"There is no function {node.function!r}. There are: {known}.", node.column)
    least, most, function = FUNCTIONS[node.function]
    if not least <= len(node.arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise RuleError(f"{node.function} takes {wanted} values, not {len(node.arguments)}.", node.column)
    arguments = [build(argument) for argument in node.arguments]
    return lambda answers: function([argument(answers) for argument in arguments])


def _numbers(arguments: list[Value]) -> list[Decimal]:
    """The numbers in one column of a table, or among several values; unanswered and endless ones are left out."""
    cells: list[Value] = arguments
    if len(arguments) == 1:
        rows = arguments[0] if isinstance(arguments[0], tuple) else ()
        cells = [cell for row in rows if isinstance(row, Mapping) for cell in row.values()]
    return [cell for cell in cells if isinstance(cell, Decimal) and cell.is_finite()]


def _count(arguments: list[Value]) -> Value:
    value = arguments[0]
    return Decimal(len(value)) if isinstance(value, frozenset | tuple) else None


def _sum(arguments: list[Value]) -> Value:
    """Of a column, or of several numbers: unanswered ones count as nothing, but not all of them."""
    numbers = _numbers(arguments)
    try:
        return sum(numbers, Decimal(0)) if numbers else None
    except Overflow:
        return None


def _extreme(choose: Callable[[list[Decimal]], Decimal]) -> Callable[[list[Value]], Value]:
    def extreme(arguments: list[Value]) -> Value:
        numbers = _numbers(arguments)
        return choose(numbers) if numbers else None

    return extreme


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _years(arguments: list[Value]) -> Value:
    """Whole years from the first date to the second."""
    if not isinstance(arguments[0], date) or not isinstance(arguments[1], date):
        return None
    first, second = arguments[0], arguments[1]
    return Decimal(second.year - first.year - ((second.month, second.day) < (first.month, first.day)))


FUNCTIONS: dict[str, tuple[int, int, Callable[[list[Value]], Value]]] = {
    "answered": (1, 1, lambda values: values[0] is not None),
    "count": (1, 1, _count),
    "date": (1, 1, lambda values: _date(values[0]) if isinstance(values[0], str) else None),
    "length": (1, 1, lambda values: Decimal(len(values[0])) if isinstance(values[0], str) else None),
    "max": (1, 20, _extreme(max)),
    "min": (1, 20, _extreme(min)),
    "sum": (1, 20, _sum),
    "years": (2, 2, _years),
}
"""Name: least and most arguments, and what it does. `answered` is the one way to ask about not knowing."""
