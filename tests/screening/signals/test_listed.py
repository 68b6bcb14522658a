"""Rows of a table of findings are findings by the document's own word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from screening.engine.listed import NOTE, SURE, finding_of, judge_listed
from screening.engine.results import Assertion, Judgement, Passage
from screening.engine.weighed import Weighed

HEADER = "No. | Finding | Severity | Evidence"
ROW = "3 | September wages reached the accounts on 27 October | Major | Bank statements"
SIGNALS = ("HR.MAX", "WG.LATE")
FLOORS = {"HR.MAX": "medium", "WG.LATE": "medium"}


def a_row(text: str = ROW, before: str = HEADER, *, in_table: bool = True, kind: str | None = "audit") -> Passage:
    return Passage(text, before, 1, 0, len(text), "en", kind, in_table)


def weigh(found: Sequence[Passage]) -> Weighed:
    assert [passage.before for passage in found] == [""]
    blank = np.zeros((1, 1), dtype=np.float32)
    return Weighed(blank, np.array([[0.01, 0.2]], dtype=np.float32), blank, blank, ("en",))


def judged(passage: Passage, was: Judgement) -> Judgement:
    found = [was]
    judge_listed([passage], found, weigh, SIGNALS, floors=FLOORS, shortly=False)
    return found[0]


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (HEADER, ROW, "September wages reached the accounts on 27 October"),
        (HEADER, "3 | September wages came late | Major NC", "September wages came late"),
        ("Bevinding | Ernst | Termijn", "Lonen zijn te laat betaald | groot | 1 mei", "Lonen zijn te laat betaald"),
        ("序号 | 发现 | 严重程度", "1 | 工资延迟两个月支付给工人 | 主要", "工资延迟两个月支付给工人"),
        ("Constat | Gravité | Statut", "Salaires versés en retard | Majeure | ouvert", "Salaires versés en retard"),
    ],
)
def test_a_graded_row_says_what_was_found(header: str, row: str, words: str) -> None:
    assert finding_of(a_row(row, header)) == words


@pytest.mark.parametrize(
    "passage",
    [
        a_row("3 | September wages reached the accounts late | Observation | Bank statements"),
        a_row("3 | September wages reached the accounts late | Good practice | Bank statements"),
        a_row("None | - | - | -"),
        a_row("3 | None | Minor | -"),
        a_row(before="No. | Question | Answer | Comment"),
        a_row(in_table=False),
        a_row("Wages came late in May | Major | Closed", "Finding | Severity | Status"),
        a_row("Wages came late in May | Major | closed 3 May", "Finding | Severity | Status"),
    ],
)
def test_other_rows_are_left_to_the_engine(passage: Passage) -> None:
    assert finding_of(passage) is None


def test_such_a_row_is_raised_on_its_likeliest_signal() -> None:
    found = judged(a_row(), Judgement(score=0.14, assertion=Assertion.NEGATED))
    assert (found.flag, found.signals, found.assertion, found.severity) == (
        True, ("WG.LATE",), Assertion.FINDING_CONFIRMED, "medium",
    )  # fmt: skip
    assert (found.score, found.explanation.note) == (SURE, NOTE)
    own = judged(a_row(kind="self_assessment"), Judgement(score=0.14, signals=("HR.MAX",)))
    assert (own.signals, own.assertion) == (("HR.MAX",), Assertion.SELF_DISCLOSED)


def test_what_the_engine_is_sure_of_stays() -> None:
    calm, raised = Judgement(score=0.01), Judgement(score=0.97, flag=True, signals=("HR.MAX",))
    assert judged(a_row(), calm) is calm
    assert judged(a_row(), raised) is raised
