"""The answers that bear on forced labour and trafficking, sorted by topic, as one sheet that other buyers can read.

Templates for this exist in many wordings; the topics and words here are our own. A question belongs to a topic by
the signals that it refers to, so that any questionnaire can be laid out so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaires import rules
from questionnaires.definition import Question, Questionnaire, Words
from questionnaires.exchange.layout import Answers
from questionnaires.exchange.options import line
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.path import Path
from questionnaires.telling import Teller, said


@dataclass(frozen=True, slots=True)
class Topic:
    """What a reader looks for, and the signals (or whole categories) that belong to it."""

    title: Words
    signals: tuple[str, ...]

    def has(self, question: Question) -> bool:
        return any(ref == signal or ref.startswith(f"{signal}.") for ref in question.refs for signal in self.signals)


TOPICS = (
    Topic({"en": "Who answers for it", "nl": "Wie erop aanspreekbaar is"}, ("GOV.POLICY", "GOV.RESP", "GOV.RISK")),
    Topic({"en": "Fees and debts for a job", "nl": "Kosten en schulden voor een baan"}, ("FL.FEE", "FL.DEBT")),
    Topic({"en": "Identity documents", "nl": "Identiteitspapieren"}, ("FL.DOC",)),
    Topic({"en": "Freedom to leave and to move", "nl": "Vrijheid om te gaan en te staan"},
          ("FL.MOVE", "FL.ISO", "FL.LEAVE")),
    Topic({"en": "Deceit, threats and violence", "nl": "Bedrog, dreiging en geweld"},
          ("FL.DECEPT", "FL.THREAT", "FL.VIOL", "FL.VULN", "FL.STATE", "VH")),
    Topic({"en": "Wages kept back or cut", "nl": "Ingehouden of gekort loon"}, ("FL.WAGE", "WG.LATE", "WG.DEDUCT")),
    Topic({"en": "Forced overtime", "nl": "Gedwongen overwerk"}, ("FL.OT", "HR")),
    Topic({"en": "Housing", "nl": "Huisvesting"}, ("FL.LIVE", "OSH.DORM")),
    Topic({"en": "Children at work", "nl": "Kinderen aan het werk"}, ("CL",)),
    Topic({"en": "Agencies, brokers and subcontractors", "nl": "Bureaus, bemiddelaars en onderaannemers"},
          ("EMP",)),
    Topic({"en": "Speaking up and being heard", "nl": "Zich uitspreken en gehoord worden"}, ("GRV", "FOA")),
    Topic({"en": "Putting things right", "nl": "Herstellen"}, ("GOV.CAP", "GRV.NOREM")),
)  # fmt: skip
"""In the order of the sheet. A question may stand under several; one that fits none is left out."""

HEADS: tuple[Words, ...] = (
    {"en": "Topic", "nl": "Onderwerp"},
    {"en": "Question", "nl": "Vraag"},
    {"en": "Answer", "nl": "Antwoord"},
    {"en": "Remark", "nl": "Opmerking"},
    {"en": "Problem admitted", "nl": "Probleem erkend"},
    {"en": "Documents shown", "nl": "Getoonde documenten"},
    {"en": "Signals and norms", "nl": "Signalen en normen"},
)
_YES: Words = {"en": "yes", "nl": "ja"}
_NOT_ASKED: Words = {"en": "Nothing was asked about this.", "nl": "Hierover is niets gevraagd."}


def sheet(
    questionnaire: Questionnaire,
    path: Path,
    answers: Answers,
    *,
    language: str = "en",
    names: Mapping[str, str] | None = None,
    evidence: Mapping[str, int] | None = None,
) -> Sheet:
    """The sheet for these answers. A topic about which nothing was asked says so: silence is not a clean answer."""
    teller = Teller(language, names or {})
    rows = [[said(head, language) for head in HEADS]]
    asked = [step.question for step in path.steps]
    for topic in TOPICS:
        found = list(_rows(topic, asked, path, answers, teller, evidence or {}))
        rows += found or [[said(topic.title, language), said(_NOT_ASKED, language)]]
    cells = {(row, column): Cell(text) for row, texts in enumerate(rows) for column, text in enumerate(texts) if text}
    return Sheet(line(questionnaire.title, language)[:28].strip() or "answers", cells)


def _rows(
    topic: Topic,
    asked: list[Question],
    path: Path,
    answers: Answers,
    teller: Teller,
    evidence: Mapping[str, int],
) -> Iterator[list[str]]:
    for question in asked:
        if not topic.has(question):
            continue
        given = answers.get(question.id)
        shown = evidence.get(question.id, 0)
        admits = question.admits is not None and rules.compile_rule(question.admits)(path.values) is True
        yield [
            teller.said(topic.title),
            line(question.label, teller.language),
            "" if given is None else teller.answer(question, given.value)[:32_000],
            "" if given is None else given.reason[:32_000],
            teller.said(_YES) if admits else "",
            str(shown) if shown else "",
            ", ".join(question.refs),
        ]
