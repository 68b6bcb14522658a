"""Invents sound questionnaires and answers to them: many questions of every kind, with rules over earlier ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from models.errors import Invalid
from questionnaires.definition import YES_NO, Choice, Kind, Question, Questionnaire, Section, Words
from questionnaires.rules import Value
from questionnaires.values import checked

WORDS = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\x00"), min_size=1, max_size=30
).map(lambda text: " ".join(text.split()) or "x")
SMALL = st.integers(-20, 300).map(Decimal)
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def label(draw: Any, languages: tuple[str, ...]) -> Words:
    return {language: draw(WORDS) for language in languages}


@st.composite
def rule_over(draw: Any, questions: list[Question]) -> str:
    """A rule over one or two of these questions that can be true and can be false."""
    parts = [_comparison(draw, draw(st.sampled_from(questions))) for _ in range(draw(st.integers(1, 2)))]
    text = draw(st.sampled_from([" and ", " or "])).join(parts)
    return f"not ({text})" if draw(st.booleans()) else text


def _comparison(draw: Any, question: Question) -> str:
    id_ = question.id
    match question.kind:
        case Kind.YES_NO:
            return f"{id_} {draw(st.sampled_from(['=', '!=']))} '{draw(st.sampled_from(YES_NO))}'"
        case Kind.SINGLE:
            words = draw(st.lists(st.sampled_from([each.id for each in question.choices]), min_size=1, max_size=2))
            return f"{id_} in [{', '.join(repr(word) for word in words)}]"
        case Kind.SEVERAL | Kind.RANKING:
            return f"{id_} has '{draw(st.sampled_from([each.id for each in question.choices]))}'"
        case Kind.CONSENT:
            return id_
        case kind if kind.is_numeric:
            return f"{id_} {draw(st.sampled_from(['<', '<=', '>', '>=', '=', '!=']))} {abs(draw(SMALL))}"
        case Kind.DATE:
            return f"{id_} > '{draw(DAYS).isoformat()}'"
        case _:
            return f"answered({id_})"


@st.composite
def questions_for(
    draw: Any, id_: str, languages: tuple[str, ...], earlier: list[Question], *, flat: bool = False
) -> Question:
    never = (Kind.COMPUTED, Kind.TABLE, Kind.MATRIX, Kind.FILE) if flat else (Kind.COMPUTED,)
    kinds = [kind for kind in Kind if kind not in never]
    kind = draw(st.sampled_from(kinds))
    more: dict[str, Any] = {}
    if kind.has_choices:
        more["choices"] = tuple(Choice(f"c{n}", label(draw, languages)) for n in range(draw(st.integers(2, 4))))
    if kind is Kind.MATRIX:
        more["rows"] = tuple(Choice(f"r{n}", label(draw, languages)) for n in range(draw(st.integers(1, 3))))
    if kind is Kind.TABLE:
        more["columns"] = tuple(
            draw(questions_for(f"k{n}", languages, [], flat=True)) for n in range(draw(st.integers(1, 3)))
        )
    if kind is Kind.REFERENCE:
        more["reference_to"] = draw(st.sampled_from(["site", "person"]))
    if kind.is_numeric:
        more["unit"] = draw(st.sampled_from([None, "people", "EUR"]))
        more["period"] = draw(st.sampled_from([None, "month"]))
    if earlier and draw(st.booleans()):
        more["relevant"] = draw(rule_over(earlier))
    if earlier and draw(st.integers(0, 3)) == 0:
        more["required_if"] = draw(rule_over(earlier))
    for part in ("why", "help", "evidence"):
        if draw(st.integers(0, 2)) == 0:
            more[part] = label(draw, languages)
    return Question(id=id_, kind=kind, label=label(draw, languages), required=draw(st.booleans()), **more)


@st.composite
def questionnaires(draw: Any, *, most: int = 12, languages: tuple[str, ...] = ("en", "nl")) -> Questionnaire:
    """A questionnaire that the checker accepts but for questions that can never be asked."""
    made: list[Question] = []
    sections: list[Section] = []
    for number in range(draw(st.integers(1, 3))):
        here: list[Question] = []
        before = list(made)
        for _ in range(draw(st.integers(1, max(1, most // 3)))):
            question = draw(questions_for(f"q{len(made)}", languages, list(made)))
            made.append(question)
            here.append(question)
        relevant = draw(rule_over(before)) if before and draw(st.integers(0, 3)) == 0 else None
        sections.append(Section(f"s{number}", label(draw, languages), tuple(here), relevant=relevant))
    return Questionnaire("invented", "1", label(draw, languages), languages, tuple(sections))


def value_for(draw: Any, question: Question) -> Value:
    """An answer of the right kind."""
    ids = [each.id for each in question.choices]
    match question.kind:
        case Kind.YES_NO | Kind.SINGLE:
            return draw(st.sampled_from(ids or YES_NO))
        case Kind.SEVERAL:
            return frozenset(draw(st.lists(st.sampled_from(ids), max_size=3)))
        case Kind.RANKING:
            return tuple(draw(st.permutations(ids)))
        case Kind.TABLE | Kind.MATRIX:
            return _rows(draw, question, ids)
    plain = {Kind.CONSENT: st.booleans(), Kind.DATE: DAYS, Kind.FILE: st.just(frozenset({"file"}))}
    return draw(plain.get(question.kind, SMALL if question.kind.is_numeric else WORDS))


def _rows(draw: Any, question: Question, ids: list[str]) -> Value:
    if question.kind is Kind.MATRIX:
        return tuple({"row": row.id, "choice": draw(st.sampled_from(ids))} for row in question.rows)
    first = question.columns[0]
    return tuple(
        {column.id: value_for(draw, column) for column in question.columns if column is first or draw(st.booleans())}
        for _ in range(draw(st.integers(1, 3)))
    )


@st.composite
def answered(draw: Any, *, most: int = 12) -> tuple[Questionnaire, dict[str, Value]]:
    """A questionnaire with answers to some of its questions."""
    questionnaire = draw(questionnaires(most=most))
    return questionnaire, {
        question.id: value_for(draw, question)
        for question in questionnaire.questions.values()
        if draw(st.integers(0, 3))
    }


def kept_for(draw: Any, question: Question) -> Any:
    """An answer in the form in which it is kept, as `questionnaires.values` has it; None where there is none."""
    ids = [each.id for each in question.choices]
    plain: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.YES_NO: st.sampled_from(YES_NO),
        Kind.DATE: DAYS.map(lambda day: day.isoformat()),
        Kind.CONSENT: st.just(True),
        Kind.FILE: st.uuids().map(lambda key: [str(key)]),
        Kind.NUMBER: st.decimals(-9999, 9999, places=2).map(str),
        Kind.PERCENTAGE: st.decimals(0, 100, places=1).map(str),
        Kind.MONEY: st.builds(
            lambda amount, currency: {"amount": str(amount), "currency": currency},
            st.decimals(0, 10**9, places=2),
            st.sampled_from(["EUR", "INR", "BDT"]),
        ),
        Kind.TEXT: st.one_of(WORDS, st.text(min_size=1), st.text(min_size=1).map(lambda text: text * 3000)),
    }
    match question.kind:
        case Kind.SINGLE:
            made = draw(st.sampled_from(ids))
        case Kind.SEVERAL | Kind.RANKING:
            made = draw(st.lists(st.sampled_from(ids), unique=True))
        case Kind.MATRIX:
            made = {row.id: draw(st.sampled_from(ids)) for row in question.rows if draw(st.booleans())}
        case Kind.TABLE:
            made = [
                {column.id: kept_for(draw, column) for column in question.columns}
                for _ in range(draw(st.integers(0, 3)))
            ]
        case kind:
            made = draw(plain.get(kind, WORDS))
    try:
        return checked(question, made)
    except Invalid:
        return None


@st.composite
def kept_answers(draw: Any, *, most: int = 12) -> tuple[Questionnaire, dict[str, tuple[Any, str]]]:
    """A questionnaire with answers and remarks as they are kept."""
    questionnaire = draw(questionnaires(most=most))
    found = {}
    for question in questionnaire.questions.values():
        value = kept_for(draw, question) if draw(st.integers(0, 3)) else None
        if value is not None:
            found[question.id] = (value, draw(st.one_of(st.just(""), WORDS)))
    return questionnaire, found
