"""How long a questionnaire of 7,000 questions takes to load, check, open and answer; beside pyxform on such a form.

python -m tests.bench.bench_definitions
"""

from __future__ import annotations

import gc
import io
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import openpyxl

from questionnaires import rules, syntax
from questionnaires.checking import check
from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import Value

T = TypeVar("T")
QUESTIONS, SECTIONS, ROUNDS = 7_000, 70, 3


def conditions(number: int) -> tuple[str, str, str]:
    """For each question: when it is asked, when it is required, what its answer must fulfil. '' for none."""
    asked = f"q{number - 1} = 'yes' or q{number // 2} = 'partly'" if number % 10 else ""
    required = f"q{max(number - 3, 0)} != 'no' and q{number // 3} = 'yes'" if number % 2 else ""
    return asked, required, "" if number % 35 else f"q{number} != 'not_applicable'"


def definition() -> tuple[str, int]:
    """The file, and how many conditions stand in it."""
    lines, count = ['id: large\nversion: "1"\ntitle: A large questionnaire\nsections:\n'], 0
    each = QUESTIONS // SECTIONS
    for number in range(QUESTIONS):
        if number % each == 0:
            lines.append(f"  - id: s{number // each}\n    title: Section {number // each}\n    questions:\n")
        named = dict(zip(("relevant", "required_if", "constraint"), conditions(number), strict=True))
        rule = "".join(f', {name}: "{text}"' for name, text in named.items() if text)
        rule += ", message: Please say more." if named["constraint"] else ""
        count += sum(map(bool, named.values()))
        lines.append(f"      - {{id: q{number}, kind: yes_no, label: Is practice {number} in place?{rule}}}\n")
    return "".join(lines), count


def xlsform() -> io.BytesIO:
    """The same questions as an XLSForm workbook, with the same conditions in its own language."""
    book = openpyxl.Workbook(write_only=True)
    survey = book.create_sheet("survey")
    survey.append(["type", "name", "label", "relevant", "required", "constraint", "constraint_message"])
    for number in range(QUESTIONS):
        theirs = [_theirs(rule) for rule in conditions(number)]
        survey.append(["select_one answers", f"q{number}", f"Is practice {number} in place?", *theirs, "Say more."])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", "label"])
    for word in ("yes", "no", "partly", "not_applicable"):
        choices.append(["answers", word, word])
    packed = io.BytesIO()
    book.save(packed)
    packed.seek(0)
    return packed


def _theirs(rule: str) -> str:
    return " ".join(f"${{{part}}}" if part.startswith("q") else part for part in rule.split())


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of this process's own work: what others do on the machine at the same time does not count."""
    gc.collect()
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


def forget() -> None:
    """A fresh process has parsed nothing yet."""
    for cache in (syntax.parse, syntax.looked_at, rules.compile_rule):
        cache.cache_clear()


def main() -> None:
    text, count = definition()
    best: tuple[float, ...] = ()
    for _ in range(ROUNDS):
        forget()
        load_time, questionnaire = timed(lambda: loads(text))
        check_time, problems = timed(lambda questionnaire=questionnaire: check(questionnaire))
        open_time, guide = timed(lambda questionnaire=questionnaire: _opened(Guide(questionnaire)))
        if problems:
            raise SystemExit(f"the checker found {problems[0]}")
        found = (load_time + check_time + open_time, load_time, check_time, open_time)
        best = min(best or found, found)
    print(f"{QUESTIONS:,} questions, {count:,} conditions, best of {ROUNDS}, in seconds of processor time:")
    print(f"  load {best[1]:.2f}   check {best[2]:.2f}   open at the first page {best[3]:.2f}   together {best[0]:.2f}")
    fresh, after = _answering(guide)
    print(f"  one answer: way found anew {fresh * 1000:.1f} ms, from the way before {after * 1000:.1f} ms (medians)")
    from pyxform.xls2xform import convert

    workbook = xlsform()
    theirs, _ = timed(lambda: convert(workbook))
    print(f"  pyxform on {QUESTIONS:,} rows with the same conditions: {theirs:.2f}")
    print(f"  ratio pyxform / Salient: {theirs / best[0]:.1f}")


def _opened(guide: Guide) -> Guide:
    guide.path({})
    return guide


def _answering(guide: Guide) -> tuple[float, float]:
    """The median time of one answer to a questionnaire that is half filled in, in both ways."""
    answers: dict[str, Value] = {f"q{number}": "yes" for number in range(QUESTIONS // 2)}
    path = guide.path(answers)
    fresh, after = [], []
    for number in range(QUESTIONS // 2, QUESTIONS // 2 + 40):
        answers[f"q{number}"] = "partly"
        seconds, whole = timed(lambda: guide.path(answers))
        fresh.append(seconds)
        seconds, path = timed(lambda number=number, path=path: guide.path_after(path, answers, [f"q{number}"]))
        after.append(seconds)
        if whole.steps != path.steps:
            raise SystemExit("both ways must come to the same end")
    return statistics.median(fresh), statistics.median(after)


if __name__ == "__main__":
    main()
