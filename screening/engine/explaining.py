"""Says why the engine thinks so: the rules that fired, the words that weighed, the words that turned it."""

from __future__ import annotations

from functools import cache

from screening.engine import language
from screening.engine.classifier import FIRST_LABELS
from screening.engine.evidence import Observed
from screening.engine.meaning import Meant
from screening.engine.results import Assertion, Explanation, Passage
from screening.engine.scoring import Scorer

_MOST_WORDS = 6
_FLAG = FIRST_LABELS.index("flag")
_TELLING = {
    Assertion.NEGATED: ("negation",),
    Assertion.POLICY_PROHIBITION: ("policy",),
    Assertion.REMEDIATED: ("remedied",),
    Assertion.HISTORICAL: ("past",),
    Assertion.BOILERPLATE: ("definition", "elsewhere"),
    Assertion.FINDING_ALLEGED: ("alleged", "denied"),
    Assertion.UNABLE_TO_VERIFY: ("unverified",),
    Assertion.RISK_POTENTIAL: ("potential",),
    Assertion.SELF_DISCLOSED: ("own_voice", "open"),
    Assertion.FINDING_CONFIRMED: ("contrast", "exception", "evidence"),
}
"""Which cues speak for which status."""


def explain(
    passage: Passage, seen: Observed, status: Assertion, scorer: Scorer, flagged: bool, meant: Meant
) -> Explanation:
    """The parts of one judgement that a reviewer can check one by one."""
    rules = [f'{code}: "{words}"' for code, words in seen.phrases]
    rules += [
        f'{measure.signal}: "{measure.words}" is {"beyond" if measure.harm else "within"} the limit'
        for measure in seen.measures
    ]
    told = dict.fromkeys(cue.words for cue in seen.cues if cue.kind in _TELLING[status])
    return Explanation(
        rules=tuple(rules),
        words=_weightiest(passage, scorer) if flagged else (),
        assertion=", ".join(told),
        note=_caution(passage.language, meant),
    )


@cache
def at_first_sight(code: str | None) -> Explanation:
    """What is said of a passage that the quick look set aside: only whether its language was learned."""
    return Explanation(note=_caution(code, None))


def _weightiest(passage: Passage, scorer: Scorer) -> tuple[tuple[str, float], ...]:
    """The words that weighed most for the flag."""
    weights: dict[str, float] = {}
    for word, weight in scorer.word_weights(passage.text, _FLAG):
        weights[word] = weights.get(word, 0.0) + weight
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple((word, round(weight, 3)) for word, weight in ranked[:_MOST_WORDS] if weight > 0)


def _caution(code: str | None, meant: Meant | None) -> str:
    """What to bear in mind; `meant` is None where nothing more than a first look was wanted."""
    notes = []
    if code is None:
        notes.append("The language could not be told: read the passage yourself.")
    elif code not in language.SUPPORTED:
        notes.append(f"The engine has not learned the language {code}: read the passage yourself.")
    elif code in language.WEAK and (meant is None or meant.close is None):
        notes.append("The engine is weaker in this language.")
    if meant is not None and meant.wide is None:
        notes.append("Judged by words and rules only, without sentence vectors.")
    return " ".join(notes)
