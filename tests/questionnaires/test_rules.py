"""Rules say what their words say, know what they do not know, and never fall over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import rules, syntax
from questionnaires.rules import Answers, Value
from questionnaires.syntax import RuleError

SITES: Value = (
    {"country": "IN", "workers": Decimal(120)},
    {"country": "NL", "workers": Decimal(30)},
    {"country": None, "workers": None},
)
ANSWERS: Answers = {
    "agencies": "yes",
    "workers": Decimal(150),
    "languages": frozenset({"en", "hi"}),
    "audited": date(2025, 3, 2),
    "signed": True,
    "sites": SITES,
    "nothing": None,
}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("agencies = 'yes'", True),
        ("agencies != 'yes'", False),
        ("agencies in ['yes', 'partly']", True),
        ("agencies in ['no']", False),
        ("workers > 100 and agencies = 'yes'", True),
        ("workers > 100 and not agencies = 'yes'", False),
        ("workers < 100 or signed", True),
        ("languages has 'hi'", True),
        ("languages has ['nl', 'de']", False),
        ("not languages has 'nl'", True),
        ("count(languages) = 2", True),
        ("count(sites)", Decimal(3)),
        ("sum(sites.workers)", Decimal(150)),
        ("sum(sites.workers) = workers", True),
        ("max(sites.workers) - min(sites.workers)", Decimal(90)),
        ("workers * 2 + 1", Decimal(301)),
        ("2 + 3 * 4", Decimal(14)),
        ("(2 + 3) * 4", Decimal(20)),
        ("-workers / 3", Decimal(-50)),
        ("audited > '2024-12-31'", True),
        ("years(audited, date('2026-03-01'))", Decimal(0)),
        ("years(audited, date('2026-03-02'))", Decimal(1)),
        ("length('it\\'s')", Decimal(4)),
        ("answered(nothing)", False),
        ("answered(agencies)", True),
    ],
)
def test_a_rule_says_what_its_words_say(rule: str, value: Value) -> None:
    assert rules.compile_rule(rule)(ANSWERS) == value


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("nothing = 'yes'", None),
        ("not nothing = 'yes'", None),
        ("nothing = 'yes' and signed", None),
        ("nothing = 'yes' and not signed", False),
        ("nothing = 'yes' or signed", True),
        ("nothing = 'yes' or not signed", None),
        ("nothing + 1", None),
        ("missing > 3", None),
        ("workers / 0", None),
        ("workers = 'many'", None),
        ("agencies > 3", None),
        ("sum(missing.column)", None),
        ("audited > 'not a date'", None),
    ],
)
def test_what_is_not_answered_is_not_known(rule: str, value: Value) -> None:
    compiled = rules.compile_rule(rule)
    assert compiled(ANSWERS) is value
    assert rules.holds(compiled, ANSWERS) is (value is True)
    assert rules.fails(compiled, ANSWERS) is (value is False)


@pytest.mark.parametrize(
    ("rule", "column", "says"),
    [
        ("workers >", 10, "found the end"),
        ("workers > 3 4", 13, "nothing more"),
        ("(workers > 3", 13, "Expected ')'"),
        ("workers ? 3", 9, "makes no sense"),
        ("agencies = yes'", 15, "makes no sense"),
        ("__import__('os')", 1, "makes no sense"),
        ("open('x')", 1, "no function 'open'"),
        ("count(sites, 3)", 1, "takes 1 values"),
        ("workers and or signed", 13, "Expected a question"),
        ("", 1, "found the end"),
        ("(" * 60 + "1" + ")" * 60, 41, "nested deeper"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(rule: str, column: int, says: str) -> None:
    with pytest.raises(RuleError) as refused:
        rules.compile_rule(rule)
    assert says in str(refused.value)
    assert refused.value.column == column


values = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.text(max_size=5),
    st.dates(),
    st.frozensets(st.sampled_from(["a", "b", "c"])),
    st.lists(st.fixed_dictionaries({"c": st.one_of(st.none(), st.decimals(allow_nan=False, places=1))})).map(tuple),
)
answers = st.fixed_dictionaries(dict.fromkeys(("p", "q", "r"), values))
atoms = st.sampled_from(
    ["p", "q", "r", "1", "0", "'a'", "true", "false", "['a', 'b']", "sum(p.c)", "answered(q)", "count(r)"]
)
texts = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from(["and", "or", "=", "!=", "<", "<=", ">", ">=", "in", "has", "+", "-", "*", "/"]),
            inner,
        ).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
        inner.map(lambda part: f"not ({part})"),
        inner.map(lambda part: f"-({part})"),
    ),
    max_leaves=8,
)


@given(texts, answers)
def test_no_rule_ever_falls_over(text: str, given_answers: dict[str, Value]) -> None:
    value = rules.compile_rule(text)(given_answers)
    assert value is None or isinstance(value, bool | Decimal | str | date | frozenset | tuple)


@given(texts, answers)
def test_answering_one_more_question_never_turns_known_into_its_opposite(
    text: str, given_answers: dict[str, Value]
) -> None:
    """Knowing more may settle what was open, but what was true stays true (`answered` alone asks about not knowing)."""
    if "answered" in text:
        return
    rule = rules.compile_rule(text)
    fewer = {**given_answers, "p": None}
    before, after = rule(fewer), rule(given_answers)
    if isinstance(before, bool):
        assert after is before


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    assert 0 <= _stops_at(text) <= len(text) + 1


def _stops_at(text: str) -> int:
    """The column where the reading stopped; 0 when it came through."""
    try:
        syntax.parse(text)
    except RuleError as refused:
        return refused.column
    return 0


def test_the_questions_that_a_rule_looks_at_are_named() -> None:
    tree = syntax.parse("workers > 3 and sum(sites.workers) in [agencies] or not answered(nothing)")
    assert [name.text for name in syntax.names(tree)] == ["workers", "sites.workers", "agencies", "nothing"]
