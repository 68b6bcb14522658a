"""Says how well bare answers are judged by what their question wants.

Usage: python -m tests.bench.bench_checklists

Prints, for questions made up for this in seven languages, how many the engine is sure about and right, and of rows with
the good and with the harmful answer how many were kept calm and raised, without and with that knowledge. The line from
which it counts as sure was chosen while looking at these questions, so the figures flatter a little.
"""

from __future__ import annotations

import sys

from screening.engine import asking
from screening.engine.asking import Questions
from screening.engine.checklists import SURE
from screening.engine.results import Passage
from screening.engine.screener import Screener

QUESTIONS = (
    ("Are emergency exits kept unlocked during working hours?", "Yes", "No"),
    ("Are workers free to leave?", "Yes", "No"),
    ("Are fire drills held twice a year?", "Yes", "No"),
    ("Do workers keep their passports?", "Yes", "No"),
    ("Is overtime voluntary?", "Yes", "No"),
    ("Were children seen at work?", "No", "Yes"),
    ("Do workers pay for their recruitment?", "No", "Yes"),
    ("Is there a trade union that workers may join?", "Yes", "No"),
    ("Are wages paid late?", "No", "Yes"),
    ("Does every worker get a payslip?", "Yes", "No"),
    ("Were cases of harassment reported?", "No", "Yes"),
    ("Is drinking water free?", "Yes", "No"),
    ("Are fines taken from wages?", "No", "Yes"),
    ("Zijn de nooduitgangen vrij?", "Ja", "Nee"),
    ("Werden Pässe einbehalten?", "Nein", "Ja"),
    ("Are exits unlocked?", "Yes", "No"),
    ("Has the company been fined by the authorities?", "No", "Yes"),
    ("Is there a fire certificate?", "Yes", "No"),
    ("Are there workers under 18?", "No", "Yes"),
    ("Les heures supplémentaires sont-elles payées?", "Oui", "Non"),
    ("¿Se retienen documentos de identidad?", "No", "Sí"),
    ("是否为所有员工缴纳社会保险?", "是", "否"),
    ("Is a first aid box on each floor?", "Yes", "No"),
    ("Are machine guards in place?", "Yes", "No"),
)
"""A question, the good answer, and the harmful one."""
_NO = frozenset({"No", "Nein"})
"""The good answers that say no: a yes would admit harm."""


def main() -> int:
    screener = Screener.load()
    layer = asking.load(screener.learned.version)
    if layer is None or not screener.encoders.close.available:
        print("The slow encoder is not installed here: nothing is said of questions.", file=sys.stderr)
        return 1
    questions = Questions(layer, screener.weigh)
    means = [questions.yes_admits(asked, None) for asked, _, _ in QUESTIONS]
    right = [(odds > 0) == (good in _NO) for odds, (_, good, _) in zip(means, QUESTIONS, strict=True)]
    sure = [told for odds, told in zip(means, right, strict=True) if abs(odds) >= SURE]
    print(f"questions: {sum(right)} of {len(right)} right; sure of {len(sure)}, right about {sum(sure)}")
    for name, judge in (("without", Screener(screener.learned, screener.encoders)), ("with", screener)):
        for kind in ("audit", "self_assessment", None):
            calm, raised = (
                [row.flag for row in judge.judge([Passage(f"{q[0]} | {q[at]}", document_type=kind) for q in QUESTIONS])]
                for at in (1, 2)
            )
            print(
                f"{name:8} {kind or 'kind unknown':16} good answers calm {len(calm) - sum(calm)}, "
                f"harmful ones raised {sum(raised)}, of {len(QUESTIONS)}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
