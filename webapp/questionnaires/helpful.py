"""Which document would help behind an answer, where the questionnaire does not say: by what the question is about."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from questionnaires.definition import Kind, Question
from questionnaires.references import Source, find
from webapp.language import LANGUAGES as PAGES
from webapp.language import current
from webapp.questionnaires.helps import LANGUAGES, sentences

HELPS: Mapping[str, object] = {
    "FL": _l("A blank contract in the workers' language, receipts of fees, or the rules about leaving."),
    "CL": _l("One example of how ages are checked, or the list of young workers' tasks, with names covered."),
    "FOA": _l("Notes of an election or of a meeting with workers' representatives."),
    "EQ": _l("The rules for hiring and leave, or a list of pay by sex, without names."),
    "VH": _l("The rules against violence and harassment, and how many reports there were, without names."),
    "WG": _l("A wage list or a payslip of one month, with names covered."),
    "HR": _l("Time sheets of a busy and of a quiet month, with names covered."),
    "OSH": _l("Photographs without people, or the last report of an inspection or a drill."),
    "EMP": _l("An empty contract form, or the list of agencies and subcontractors."),
    "LAND": _l("Title or lease, and notes of talks with those who use the land."),
    "SEC": _l("The contract with the guards, and what they were trained in."),
    "ENV": _l("The permits with their dates, or the last measurement."),
    "PRIV": _l("The notice by which workers are told what is recorded about them."),
    "GRV": _l("The notice by which workers learn where to complain, and numbers without names."),
    "INT": _l("The record in question as it is kept, with names covered."),
    "BUY": _l("An order with its dates and prices, or the message that changed it."),
    "GOV": _l("The text itself with its date, or the notes of the meeting where it was decided."),
}
"""Our own words, by category of the taxonomy. Each is something that exists already and needs no name of a worker."""

JUDGED = (Kind.YES_NO,)


@dataclass(frozen=True, slots=True)
class Help:
    """A sentence and what stands before it, both in the language that `language` names."""

    lead: str
    sentence: str
    language: str


def helps(question: Question, language: str) -> Help:
    """What would help, in the language in which the questions are read; where we lack it, in that of the page.

    It is for questions that could admit a problem; for any other the answerer's word is enough.
    """
    category = _category(question)
    if language in LANGUAGES:
        words = sentences(language)
        return Help(words["lead"], words.get(category, words["nothing"]), language)
    here = current()
    spoken = language if language in PAGES else here
    with nullcontext() if spoken == here else force_locale(spoken):
        said = HELPS.get(category) or _l("Nothing: your word is enough here.")
        return Help(str(_l("What would help:")), str(said), spoken)


def _category(question: Question) -> str:
    """Empty where nothing is needed: no problem can be admitted, or none of a category that is known."""
    if question.kind not in JUDGED and question.admits is None:
        return ""
    known = (found for ref in question.refs if (found := find(ref)) is not None and found.source is Source.SIGNAL)
    return next((found.code.partition(".")[0] for found in known), "")
