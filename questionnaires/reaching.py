"""Which questions can ever be asked: for each rule, whether any answers at all could make it true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod

from questionnaires import rules, syntax
from questionnaires.definition import Question, Questionnaire
from questionnaires.kinds import Type, shape_of
from questionnaires.rules import Rule, Value
from questionnaires.syntax import Literal, Node

MOST_COMBINATIONS = 4096
"""A rule over more combinations of telling answers than this is taken to be reachable, unproved."""

MOST_BEHIND = 12
"""So is one with more questions behind it: each has two telling answers at least, and twelve make 4,096."""


def never_asked(questionnaire: Questionnaire) -> list[Question]:
    """The questions that no answers can bring up.

    Each question that a rule looks at, directly or through the rules of those questions, is tried with every
    answer that could tell: all its choices, and for numbers and dates those just below, at and just above every
    bound that the rule mentions; a question that is itself not asked counts as unanswered. That is exhaustive
    for rules that compare single answers with fixed values; what is compared with another answer, or needs too
    many combinations, is taken as reachable.
    """
    gates = {id_: _gate(questionnaire, question) for id_, question in questionnaire.questions.items()}
    return [
        question for id_, question in questionnaire.questions.items() if _opened_by(id_, gates, questionnaire) is None
    ]


def bringing_up(questionnaire: Questionnaire) -> dict[str, Mapping[str, Value]]:
    """For each question that is only sometimes asked, answers that bring it up.

    They are empty where too many combinations would have to be tried. Questions that are never asked are left out.
    """
    gates = {id_: _gate(questionnaire, question) for id_, question in questionnaire.questions.items()}
    found = {id_: _opened_by(id_, gates, questionnaire) for id_, gate in gates.items() if gate is not None}
    return {id_: answers for id_, answers in found.items() if answers is not None}


def telling_answers(questionnaire: Questionnaire) -> dict[str, list[Value]]:
    """For each question that decides whether others are asked: answers that between them can make every difference.

    "Not answered" is not among them. Where it cannot be told which answers matter, the question is left out.
    """
    gates = [gate for question in questionnaire.questions.values() if (gate := _gate(questionnaire, question))]
    by_question: dict[str, list[_Gate]] = {}
    for gate in gates:
        for name in gate.looks_at:
            by_question.setdefault(name, []).append(gate)
    found: dict[str, list[Value]] = {}
    for id_, question in questionnaire.questions.items():
        values = _telling(question, by_question[id_]) if id_ in by_question and question.value is None else None
        if values is not None:
            found[id_] = [value for value in values if value is not None]
    return found


@dataclass(frozen=True, slots=True)
class _Gate:
    """The rule under which a question is asked, its section's and its own, with what is to be known about it."""

    rule: Rule
    looks_at: tuple[str, ...]
    bounds: tuple[Value, ...]
    """The fixed values that it compares with."""
    can_be_tried: bool
    """It compares answers with fixed values only, and looks at no column of a table, which can have any rows."""
    has_arithmetic: bool

    @classmethod
    def of(cls, text: str) -> _Gate:
        tree = syntax.parse(text)
        names = [name.text for name in syntax.names(tree)]
        return cls(
            rule=rules.compile_rule(text),
            looks_at=syntax.looked_at(text),
            bounds=tuple(_literals(tree)),
            can_be_tried=not any("." in name for name in names) and not _compares_answers(tree),
            has_arithmetic=_has_arithmetic(tree),
        )


def _gate(questionnaire: Questionnaire, question: Question) -> _Gate | None:
    """None: it is always asked."""
    texts = [text for text in (questionnaire.section_of[question.id].relevant, question.relevant) if text]
    if not texts:
        return None
    return _Gate.of(texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts))


def _opened_by(id_: str, gates: Mapping[str, _Gate | None], questionnaire: Questionnaire) -> Mapping[str, Value] | None:
    """Answers for which the question is asked: empty where it always is or nobody can tell, None where it never is."""
    gate = gates[id_]
    if gate is None:
        return {}
    order = _behind(gate, gates)
    if len(order) > MOST_BEHIND:
        return {}
    asked_if = [gates[name] for name in order]
    involved = [one for one in (gate, *asked_if) if one is not None]
    telling = [_telling(questionnaire.questions[name], involved) for name in order]
    if not all(one.can_be_tried for one in involved) or None in telling:
        return {}
    if prod(len(values) for values in telling if values) > MOST_COMBINATIONS:
        return {}
    for combination in product(*[values for values in telling if values]):
        answers: dict[str, Value] = {}
        for name, own, value in zip(order, asked_if, combination, strict=True):
            answers[name] = value if own is None or own.rule(answers) is True else None
        if gate.rule(answers) is True:
            return {name: value for name, value in answers.items() if value is not None}
    return None


def _behind(gate: _Gate, gates: Mapping[str, _Gate | None]) -> list[str]:
    """Every question that decides whether this gate opens, those that come first before those that follow.

    It stops when there are too many of them to try.
    """
    order: list[str] = []
    met: set[str] = set()

    def visit(one: _Gate | None) -> None:
        for name in () if one is None else one.looks_at:
            if name not in met and len(met) <= MOST_BEHIND:
                met.add(name)
                visit(gates[name])
                order.append(name)

    visit(gate)
    return order


def _telling(question: Question, gates: list[_Gate]) -> list[Value] | None:
    """Answers that between them can make every comparison of the rules come out both ways; None if unknown."""
    shape = shape_of(question)
    match shape.type:
        case Type.TRUTH:
            return [None, True, False]
        case Type.TEXT if shape.words is not None:
            return [None, *sorted(shape.words)]
        case Type.SET if shape.words is not None:
            single = [frozenset((word,)) for word in sorted(shape.words)]
            return [None, frozenset(), *single, frozenset(shape.words)]
        case Type.NUMBER if not any(gate.has_arithmetic for gate in gates):
            return [None, *_around(question, [each for gate in gates for each in gate.bounds])]
        case Type.DATE if not any(gate.has_arithmetic for gate in gates):
            return [None, *_days([each for gate in gates for each in gate.bounds if isinstance(each, str)])]
    return None


def _around(question: Question, bounds: list[Value]) -> list[Decimal]:
    step = Decimal("0.01")
    fixed = {Decimal(0), *(value for value in bounds if isinstance(value, Decimal))}
    near = {value + by for value in fixed for by in (-step, Decimal(0), step, Decimal(1))}
    low, high = question.minimum, question.maximum
    near |= {edge for edge in (low, high) if edge is not None}
    return sorted(value for value in near if (low is None or value >= low) and (high is None or value <= high))


def _days(texts: list[str]) -> list[date]:
    found: set[date] = {date(2000, 1, 1)}
    for text in texts:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            continue
        found |= {day - timedelta(days=1), day, day + timedelta(days=1)}
    return sorted(found)


def _literals(node: Node) -> list[Value]:
    match node:
        case Literal(value=value):
            return [value]
        case syntax.Unary(operator="-", operand=Literal(value=Decimal() as value)):
            return [-value]
        case syntax.Unary(operand=operand):
            return _literals(operand)
        case syntax.Binary(left=left, right=right):
            return _literals(left) + _literals(right)
        case syntax.List(items=parts) | syntax.Call(arguments=parts):
            return [value for part in parts for value in _literals(part)]
    return []


def _has_arithmetic(node: Node) -> bool:
    match node:
        case syntax.Binary(operator=operator, left=left, right=right):
            return operator in ("+", "-", "*", "/") or _has_arithmetic(left) or _has_arithmetic(right)
        case syntax.Unary(operand=operand):
            return _has_arithmetic(operand)
        case syntax.Call():
            return True
    return False


def _compares_answers(node: Node) -> bool:
    """Whether it compares one answer with another: no handful of values could tell what then can be."""
    match node:
        case syntax.Binary(operator=operator, left=left, right=right):
            joins = operator in ("and", "or")
            both = not joins and any(syntax.names(left)) and any(syntax.names(right))
            return both or _compares_answers(left) or _compares_answers(right)
        case syntax.Unary(operand=operand):
            return _compares_answers(operand)
    return False
