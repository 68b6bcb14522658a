"""All answers on paper for a signature: what was asked and said, by whom, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from models.discussion import AnswerEvidence
from models.documents import Document
from models.submissions import Answer, AnswerSource
from questionnaires import helping, standing
from questionnaires.definition import Question
from webapp import show, words
from webapp.doors import reading
from webapp.language import current
from webapp.questionnaires import sheets
from webapp.questionnaires.answering import Desk
from webapp.typesetting import Paper


@dataclass(frozen=True, slots=True)
class Entry:
    """One question on the paper. `sources` are sentences: who said it, from where, and the papers behind it."""

    label: str
    answer: str
    remark: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    entries: tuple[Entry, ...]


def parts(at: Desk) -> list[Part]:
    """Every question that is asked, answered or not, and what is worked out, in the questionnaire's order."""
    rows, papers = standing.answers(reading(), at.found), helping.evidence(reading(), at.found)
    asked = at.way.path.values
    worked_out = sheets.computed(at.way, at.opened.questionnaire.questions.values())
    made = []
    for section in at.opened.questionnaire.sections:
        entries = tuple(
            _entry(at, question, rows.get(question.id), papers.get(question.id, []), worked_out.get(question.id, ""))
            for question in section.questions
            if question.id in asked
        )
        if entries:
            made.append(Part(at.words.said(section.title), entries))
    return made


def _entry(at: Desk, question: Question, row: Answer | None, papers: list[AnswerEvidence], worked_out: str) -> Entry:
    answer = at.words.answer(question, row.value) if row is not None else worked_out
    return Entry(at.words.said(question.label), answer, row.reason if row is not None else "", _sources(row, papers))


def signed_by() -> tuple[str, ...]:
    """What whoever signs writes down."""
    return str(_("Name")), str(_("Function")), str(_("Place and day")), str(_("Signature"))


def pdf(at: Desk) -> bytes:
    """The paper as a PDF. Writing for which this machine has no letters is named, and never drawn as boxes."""
    made, found = at.opened.questionnaire, at.found
    paper = Paper(current(), at.words.said(made.title), _cannot)
    content = parts(at)
    paper.heading(at.words.said(made.title), size=17)
    facts = [found.supplier.name, _("for %(buyer)s", buyer=found.supplier.buyer.name), found.period,
             _("version %(version)s", version=made.version)]  # fmt: skip
    paper.write("\n".join(str(fact) for fact in facts if fact), size=10)
    paper.write(str(_("Fingerprint of the questions: %(digest)s", digest=at.opened.digest[:16])), size=8, soft=True)
    lacking = sum(bool(paper.missing(text)) for text in _texts(content))
    if lacking:
        paper.gap(2)
        paper.write(_warning(lacking), bold=True)
    for part in content:
        _write_part(paper, part)
    _write_signature(paper)
    return paper.done()


def _write_part(paper: Paper, part: Part) -> None:
    paper.gap(5)
    paper.heading(part.title, size=13)
    for entry in part.entries:
        paper.gap(2.5)
        paper.write(entry.label, size=9.5, bold=True)
        paper.write(entry.answer or str(_("no answer")), soft=not entry.answer, indent=4)
        if entry.remark:
            paper.write(entry.remark, indent=4)
        for source in entry.sources:
            paper.write(source, size=8, soft=True, indent=4)


def _write_signature(paper: Paper) -> None:
    paper.gap(8)
    paper.heading(str(_("Signature")), size=13)
    paper.write(statement())
    for label in signed_by():
        paper.to_fill_in(label)


def statement() -> str:
    """What is signed."""
    return str(
        _("These answers are complete and true as far as I know. A problem that I name here is not held against me.")
    )


def _sources(row: Answer | None, papers: list[AnswerEvidence]) -> tuple[str, ...]:
    found = []
    if row is not None and row.value is not None:
        found.append(str(_("%(name)s, %(moment)s", name=row.answered_by.name, moment=show.day(row.answered_at.date()))))
        if row.source is not AnswerSource.TYPED:
            found.append(str(words.name(row.source)) + _taken_from(row))
    for paper in papers:
        until = _(", valid until %(day)s", day=show.day(paper.valid_until)) if paper.valid_until else ""
        pages = _(", page %(number)s", number=paper.pages) if paper.pages else ""
        found.append(str(_("Document: %(name)s", name=paper.document.name)) + f"{pages}{until}")
    return tuple(found)


def _taken_from(row: Answer) -> str:
    """The document that an answer was taken over from; empty where it came from none, or where that is gone."""
    document = reading().get(Document, row.source_document_id) if row.source_document_id is not None else None
    return "" if document is None else f": {document.name}"


def _texts(content: list[Part]) -> list[str]:
    return [
        text
        for part in content
        for entry in part.entries
        for text in (part.title, entry.label, entry.answer, entry.remark, *entry.sources)
    ]


def _warning(lacking: int) -> str:
    return str(
        _(
            "%(num)d texts are left out of this paper: the machine that made it has no letters for their writing. "
            "Print and sign the web page instead, where your browser draws them.",
            num=lacking,
        )
    )


def _cannot(writing: str) -> str:
    if writing == "Symbols":
        return str(_("[Words with signs for which there are no letters here: see the web page to print.]"))
    return str(
        _("[Words in %(writing)s letters, for which there are none here: see the web page to print.]", writing=writing)
    )
