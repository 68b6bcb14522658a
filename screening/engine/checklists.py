"""Judges what is answered with a bare yes or no by its question: rows of a checklist, and fields of a form."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from screening.engine import own_word
from screening.engine.asking import Questions
from screening.engine.rereading import Judge
from screening.engine.results import Assertion, Judgement, Passage

SURE = 1.5
"""Log-odds from which a question is believed to want a yes, or a no: see `tests/bench/bench_checklists.py`."""
NOTE = "The question tells that this answer {}."
_YES = frozenset(
    "yes ja oui sí si sim sì tak evet 是 有 có ya हाँ हां হ্যাঁ ใช่ มี نعم".split()  # noqa: SIM905 Read as a line.
)
_NO = frozenset("no nee neen nein non não nao nie hayır 否 无 không tidak नहीं না ไม่ใช่ ไม่มี لا".split())  # noqa: SIM905
_ASKS = ("?", "？", "؟")
_NUMBER = re.compile(r"^[\d.]{1,8}[.):]?\s+")
_AROUND = " .!|☑☒✓✔✗✘"
_FEWEST_WORDS, _MOST_IN_LONG = 3, 100
_OWN = frozenset({"self_assessment", "statement", None})


@dataclass(frozen=True, slots=True)
class Reply:
    """A question that was answered with a bare yes or no, and what was written beside it."""

    question: str
    yes: bool
    remark: str


def reply_of(passage: Passage) -> Reply | None:
    """The question with its answer, where a passage is just that."""
    cells = [cell.strip() for cell in passage.text.split("|")]
    if len(cells) > 1:
        asked = next((place for place, cell in enumerate(cells[:-1]) if cell.endswith(_ASKS)), None)
        if asked is None:
            return None
        question, answer, remark = cells[asked], cells[asked + 1], " ".join(cells[asked + 2 :])
    else:
        question, answer, remark = passage.before.strip(), passage.text, ""
    word = answer.strip(_AROUND).casefold()
    if word not in _YES | _NO or not question.endswith(_ASKS):
        return None
    question = _NUMBER.sub("", question)
    return Reply(question, word in _YES, remark) if len(question.split()) >= _FEWEST_WORDS else None


def judge_replies(
    found: Sequence[Passage],
    judged: list[Judgement],
    judge: Judge,
    questions: Questions,
    *,
    floors: Mapping[str, str],
    shortly: bool,
) -> None:
    """Put better judgements in the place of those of bare answers, where their question surely wants the other one.

    With `shortly`, as in a long document, only so many of them are looked at.
    """
    most = 0 if shortly else None
    replies = [(place, reply) for place, passage in enumerate(found) if (reply := reply_of(passage))]
    for place, reply in replies[: _MOST_IN_LONG if shortly else None]:
        passage = found[place]
        means = questions.yes_admits(reply.question, passage.language)
        if abs(means) < SURE:
            continue
        if (means > 0) == reply.yes:
            judged[place] = _raised(passage, judged[place], reply, judge, floors, abs(means))
        elif judged[place].flag and not _tells_of_harm(passage, reply.remark, judge, most):
            judged[place] = _calm(judged[place], abs(means))


def _raised(
    passage: Passage, judgement: Judgement, reply: Reply, judge: Judge, floors: Mapping[str, str], means: float
) -> Judgement:
    signals = judgement.signals or judge([replace(passage, text=reply.question, before="")], 0)[0].signals
    if judgement.flag or not signals:
        return judgement
    own = passage.document_type in _OWN
    note = NOTE.format("admits harm")
    return own_word.raised(judgement, signals, own=own, score=_share(means), note=note, floors=floors)


def _calm(judgement: Judgement, means: float) -> Judgement:
    return replace(
        judgement,
        assertion=Assertion.NEGATED,
        flag=False,
        severity="none",
        score=min(judgement.score, round(1 - _share(means), 4)),
        people=None,
        explanation=replace(judgement.explanation, words=(), note=NOTE.format("tells of no harm")),
    )


def _tells_of_harm(passage: Passage, remark: str, judge: Judge, most: int | None) -> bool:
    """Whether what was written beside the answer raises a flag by itself: "Yes | but the north door was locked"."""
    if len(remark.split()) < _FEWEST_WORDS and len(remark) < 3 * _FEWEST_WORDS:
        return False
    return judge([replace(passage, text=remark, before="")], most)[0].flag


def _share(means: float) -> float:
    return round(1 / (1 + math.exp(-means)), 4)
