"""What is odd about a filled-in questionnaire: reasons to look, never verdicts, for each of them can be innocent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from questionnaires import rules, syntax
from questionnaires.definition import Kind, Questionnaire
from questionnaires.path import Path
from questionnaires.rules import Value
from questionnaires.syntax import Binary, Call, Name

LEAST_JUDGED = 10
"""So many answers that could have admitted something, and none does: fewer say nothing."""

LEAST_LETTERS = 40
"""Shorter texts are alike by chance."""

WINDOW = 6
"""Words in a row by which texts are compared."""

ALIKE = 0.6
"""Share of the shorter text's runs of words that the other has too."""

LEAST_ANSWERS, QUICK = 15, 8.0
"""From so many answers on, less than so many seconds for each is quicker than anybody reads and types."""


class Oddity(StrEnum):
    ALL_CLEAN = "all_clean"
    SAME_TEXT = "same_text"
    """The same words answer two questions."""
    COPIED_FROM_OTHERS = "copied_from_others"
    """Another supplier wrote the same."""
    QUICK = "quick"
    TOTAL = "total"
    """Parts that should make a total do not."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One oddity with the questions that it is about; `count` is the answers, seconds or people behind it."""

    oddity: Oddity
    questions: tuple[str, ...]
    count: int = 0


def find(
    questionnaire: Questionnaire,
    path: Path,
    *,
    times: Sequence[datetime] = (),
    others: Collection[str] = frozenset(),
) -> list[Anomaly]:
    """Everything odd. `times`: when each answer was typed; `others`: prints of what other suppliers wrote."""
    texts = {
        step.question.id: value
        for step in path.steps
        if step.question.kind is Kind.TEXT and isinstance(value := path.values.get(step.question.id), str)
    }
    return [
        *_all_clean(path),
        *_same_text(texts),
        *_copied(texts, others),
        *_quick(times),
        *_totals(questionnaire, path.values),
    ]


def prints(text: str) -> frozenset[str]:
    """The runs of words of a text, as short hashes: enough to find a copy, and nothing of the text can be read back."""
    words = re.findall(r"\w+", text.casefold())
    if len(text) < LEAST_LETTERS:
        return frozenset()
    runs = (" ".join(words[at : at + WINDOW]) for at in range(max(1, len(words) - WINDOW + 1)))
    return frozenset(hashlib.sha256(run.encode()).hexdigest()[:16] for run in runs)


def _all_clean(path: Path) -> Iterator[Anomaly]:
    judged = [step.question for step in path.steps if step.question.admits and step.answered]
    admitted = any(rules.compile_rule(each.admits or "false")(path.values) is True for each in judged)
    hedged = any(path.values.get(each.id) in ("partly", "not_applicable") for each in judged)
    if len(judged) >= LEAST_JUDGED and not admitted and not hedged:
        yield Anomaly(Oddity.ALL_CLEAN, tuple(each.id for each in judged), len(judged))


def _same_text(texts: Mapping[str, str]) -> Iterator[Anomaly]:
    made = [(id_, prints(text)) for id_, text in texts.items()]
    groups: list[list[str]] = []
    for id_, own in made:
        for group in groups:
            if _alike(own, dict(made)[group[0]]):
                group.append(id_)
                break
        else:
            groups.append([id_])
    yield from (Anomaly(Oddity.SAME_TEXT, tuple(group), len(group)) for group in groups if len(group) > 1)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) / shorter >= ALIKE


def _copied(texts: Mapping[str, str], others: Collection[str]) -> Iterator[Anomaly]:
    for id_, text in texts.items():
        own = prints(text)
        shared = sum(each in others for each in own)
        if own and shared / len(own) >= ALIKE:
            yield Anomaly(Oddity.COPIED_FROM_OTHERS, (id_,), shared)


def _quick(times: Sequence[datetime]) -> Iterator[Anomaly]:
    if len(times) < LEAST_ANSWERS:
        return
    seconds = (max(times) - min(times)).total_seconds()
    if seconds < QUICK * len(times):
        yield Anomaly(Oddity.QUICK, (), int(seconds))


def _totals(questionnaire: Questionnaire, values: Mapping[str, Value]) -> Iterator[Anomaly]:
    """Where a constraint says that parts stay within a total, and all of the parts are known: do they make it?"""
    longest: dict[str, tuple[str, ...]] = {}
    for question in questionnaire.questions.values():
        if question.constraint is None:
            continue
        parts, total = _parts_and_total(syntax.parse(question.constraint))
        if len(parts) > max(1, len(longest.get(total, ()))):
            longest[total] = parts
    for total, parts in longest.items():
        whole, known = values.get(total), [values.get(part) for part in parts]
        numbers = [each for each in known if isinstance(each, Decimal)]
        if isinstance(whole, Decimal) and len(numbers) == len(parts) and sum(numbers) != whole:
            yield Anomaly(Oddity.TOTAL, (*parts, total), int(abs(sum(numbers) - whole)))


def _parts_and_total(tree: syntax.Node) -> tuple[tuple[str, ...], str]:
    """Of a rule like `sum(women, men) <= people` or `women + men = people`."""
    match tree:
        case Binary(operator="<=" | "=", left=Call(function="sum", arguments=parts), right=Name(text=total)):
            named = tuple(part.text for part in parts if isinstance(part, Name) and "." not in part.text)
            return (named, total) if len(named) == len(parts) else ((), total)
        case Binary(operator="<=" | "=", left=Binary(operator="+") as added, right=Name(text=total)):
            return tuple(name.text for name in syntax.names(added)), total
    return (), ""
