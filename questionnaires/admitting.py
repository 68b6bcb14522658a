"""Which answers admit a problem: they lead to a plan and are never met with a demand for proof."""

from __future__ import annotations

from functools import lru_cache

from questionnaires import rules
from questionnaires.path import Path
from questionnaires.rules import Answers

_compiled = lru_cache(maxsize=8192)(rules.compile_rule)


def admitted(path: Path) -> frozenset[str]:
    """The questions on this path whose answers tell of a problem."""
    return frozenset(
        step.question.id
        for step in path.steps
        if step.answered and step.question.admits and holds(step.question.admits, path.values)
    )


def holds(rule: str, values: Answers) -> bool:
    """Whether a rule of a questionnaire is known to be true of these values. Each rule is compiled once."""
    return rules.holds(_compiled(rule), values)
