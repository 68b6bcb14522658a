"""The reading of a self-assessment for its reviewer: section by section, with its weights, and never one figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.discussion import AnswerEvidence
from models.findings import Finding, Verdict
from models.submissions import Answer, AnswerSource, EvidenceVerdict
from models.taxonomy import shipped
from questionnaires import anomalies, scoring
from questionnaires.anomalies import Anomaly, Oddity
from questionnaires.scoring import Proof, SectionReading, Standing
from questionnaires.shelf import Opened
from questionnaires.ways import Way

STANDINGS: Mapping[Standing, object] = {
    Standing.UNANSWERED: _l("not answered"),
    Standing.ADMITTED: _l("a problem admitted, no plan yet"),
    Standing.DISPUTED: _l("said to be in order, but disputed"),
    Standing.CLEAN: _l("said to be in order, nothing shown"),
    Standing.ADMITTED_WITH_PLAN: _l("a problem admitted, with a plan"),
    Standing.CLEAN_SHOWN: _l("said to be in order, with a document"),
    Standing.CLEAN_PROVED: _l("said to be in order, with an accepted document"),
}


FEW = 6
"""Questions that are named beside an oddity; more of them say that it is about the whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reviewer is told about all answers together."""

    sections: list[SectionReading]
    oddities: list[tuple[str, tuple[str, ...]]]
    """Each with the questions to look at, where they are few."""
    worth: list[tuple[str, float]]
    """What each standing is worth, in words, the highest first."""


def read(
    opened: Opened,
    way: Way,
    rows: Mapping[str, Answer],
    papers: Mapping[str, Sequence[AnswerEvidence]],
    findings: Mapping[str, Sequence[Finding]],
    *,
    today: date,
    others: Collection[str] = frozenset(),
) -> Reading:
    """Only what a person confirmed counts as disputed: what the machine raised and nobody judged moves no figure.

    `others` are prints of what other suppliers wrote.
    """
    sections = scoring.read(
        opened.questionnaire,
        way.path,
        proofs={question: _proof(own, today) for question, own in papers.items()},
        severity_of=_severity_of,
        contradicted=frozenset(
            question
            for question, own in findings.items()
            if any(row.other_quote and row.verdict is Verdict.CONFIRMED for row in own)
        ),
    )
    times = [row.answered_at for row in rows.values() if row.source is AnswerSource.TYPED]
    odd = anomalies.find(opened.questionnaire, way.path, times=times, others=others)
    worth = sorted(scoring.DEFAULT.worth.items(), key=lambda pair: -pair[1])
    return Reading(
        sections, [_told(each) for each in odd], [(str(STANDINGS[standing]), value) for standing, value in worth]
    )


def _proof(papers: Sequence[AnswerEvidence], today: date) -> Proof:
    """The best of what stands behind an answer; a document that has run out shows nothing any more."""
    good = [paper for paper in papers if paper.valid_until is None or paper.valid_until >= today]
    if any(paper.verdict is EvidenceVerdict.ACCEPTED for paper in good):
        return Proof.ACCEPTED
    if any(paper.verdict is None for paper in good):
        return Proof.SHOWN
    return Proof.REFUSED if papers else Proof.NONE


def _severity_of(code: str) -> str | None:
    signal = shipped().signals.get(code)
    return None if signal is None else signal.floor.value


def _told(odd: Anomaly) -> tuple[str, tuple[str, ...]]:
    return _sentence(odd), odd.questions if len(odd.questions) <= FEW else ()


def _sentence(odd: Anomaly) -> str:
    said = {
        Oddity.ALL_CLEAN: _("Every question that could admit a problem is answered as being in order."),
        Oddity.SAME_TEXT: _("The same words answer several questions."),
        Oddity.COPIED_FROM_OTHERS: _("Another supplier wrote the same words."),
        Oddity.QUICK: _("The answers came faster than anybody reads and types."),
        Oddity.TOTAL: _("Parts do not add up to their total."),
    }
    return str(said[odd.oddity])
