"""The names that people read for the states, roles and reasons that the records keep as words."""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models.bulk import BulkOutcome, BulkState
from models.documents import DocumentState, PageStatus
from models.findings import RejectReason, Stage, Verdict
from models.people import Role
from models.taxonomy import shipped
from screening.engine.reasons import ADVICE, DOUBTS, Doubt, Reason
from webapp import door_words, measure_words, plan_words, question_words, teaching_words, training_words
from webapp.language import current

NAMES: dict[type[StrEnum], dict[str, object]] = {
    Role: {
        Role.SUPPLIER_USER: _l("Supplier"),
        Role.REVIEWER: _l("Reviewer"),
        Role.COMPLIANCE: _l("Compliance"),
        Role.ADMIN: _l("Administrator"),
    },
    DocumentState: {
        DocumentState.RECEIVED: _l("Waiting to be read"),
        DocumentState.READING: _l("Being read"),
        DocumentState.SCREENED: _l("Read in full"),
        DocumentState.SCREENED_IN_PART: _l("Read in part"),
        DocumentState.NEEDS_OCR: _l("Without readable text"),
        DocumentState.NEEDS_PASSWORD: _l("Locked with a password"),
        DocumentState.REJECTED: _l("Not readable"),
        DocumentState.OVER_LIMIT: _l("Over the limit"),
        DocumentState.SET_ASIDE: _l("Set aside for a person"),
    },
    PageStatus: {
        PageStatus.READ: _l("Read"),
        PageStatus.OCR: _l("Read by text recognition"),
        PageStatus.NO_TEXT: _l("No text"),
        PageStatus.FAILED: _l("Failed"),
    },
    Verdict: {
        Verdict.CONFIRMED: _l("Confirmed"),
        Verdict.REJECTED: _l("Rejected"),
    },
    Stage: {
        Stage.OPEN: _l("Waits for a decision"),
        Stage.SECOND: _l("Waits for a second look"),
        Stage.ADJUDICATION: _l("Two opinions that differ"),
        Stage.ASKED: _l("The supplier was asked"),
        Stage.ESCALATED: _l("With compliance"),
        Stage.SETTLED: _l("Decided"),
    },
    BulkState: {
        BulkState.DECIDING: _l("Being decided"),
        BulkState.DONE: _l("Done"),
        BulkState.UNDOING: _l("Being taken back"),
        BulkState.UNDONE: _l("Taken back"),
    },
    BulkOutcome: {
        BulkOutcome.DECIDED: _l("Decided"),
        BulkOutcome.PASSED_OVER: _l("Passed over: somebody else decided it, or it is not yours"),
        BulkOutcome.TAKEN_BACK: _l("Taken back"),
        BulkOutcome.KEPT: _l("Could not be taken back"),
    },
    RejectReason: {
        RejectReason.NEGATED: _l("It says that there was no harm"),
        RejectReason.POLICY: _l("A rule or a commitment, no event"),
        RejectReason.BOILERPLATE: _l("Standard text, heading or question"),
        RejectReason.REMEDIATED: _l("Already put right, with evidence"),
        RejectReason.HISTORICAL: _l("Long ago, outside the period"),
        RejectReason.OTHER_COMPANY: _l("About another company"),
        RejectReason.NO_HARM: _l("Not harm to people"),
        RejectReason.DUPLICATE: _l("The same as another finding"),
        RejectReason.OTHER: _l("Another reason, in your own words"),
    },
    **question_words.NAMES,
    **plan_words.NAMES,
    **training_words.NAMES,
    **door_words.NAMES,
    **measure_words.NAMES,
    **teaching_words.NAMES,
}
"""By kind first: two kinds may share a word, such as a rejected document and a rejected finding."""

DOCUMENT_TYPES: dict[str, object] = {
    "audit": _l("Audit report"),
    "self_assessment": _l("Self-assessment"),
    "cap": _l("Corrective action plan"),
    "statement": _l("Statement"),
    "certificate": _l("Certificate"),
    "contract": _l("Contract"),
    "other": _l("Other document"),
}

ACTS: dict[str, object] = {
    "buyer.founded": _l("began the company"),
    "supplier.added": _l("took up a supplier"),
    "person.logged_in": _l("logged in"),
    "person.added": _l("gave somebody a log-in"),
    "person.role_changed": _l("changed a role"),
    "person.disabled": _l("took a log-in away"),
    "person.enabled": _l("gave a log-in back"),
    "person.password_changed": _l("changed a password"),
    "person.password_asked": _l("somebody asked for a letter about a forgotten password"),
    "person.password_renewed": _l("chose a new password by the link of a letter"),
    "training.added": _l("wrote down a training"),
    "training.changed": _l("changed a training"),
    "person.letters_chosen": _l("chose which letters to get"),
    "person.data_taken": _l("took along what is held about them"),
    "document.received": _l("sent a document"),
    "document.sent_on": _l("sent a document on to another customer"),
    "document.asked_again": _l("asked for a fresh reading"),
    "document.screened": _l("a document was read and screened"),
    "document.unpacked": _l("the files inside a document were taken out"),
    "document.set_aside": _l("a document was set aside"),
    "import.begun": _l("began an import"),
    "import.paused": _l("paused an import"),
    "import.resumed": _l("resumed an import"),
    "import.cancelled": _l("cancelled an import"),
    "import.assigned": _l("said whose imported files are"),
    "import.left_out": _l("left imported files out"),
    "import.done": _l("an import was done"),
    "finding.confirmed": _l("confirmed a finding"),
    "finding.rejected": _l("rejected a finding"),
    "finding.verdict_taken_back": _l("took a decision back"),
    "finding.overturned": _l("overturned a finding after an objection"),
    "finding.opinion_given": _l("gave an opinion on a finding that two look at"),
    "finding.opinion_taken_back": _l("took an opinion back"),
    "finding.changed": _l("corrected a finding"),
    "finding.asked": _l("asked a supplier about a finding"),
    "finding.answered": _l("answered a question about a finding"),
    "finding.question_withdrawn": _l("withdrew a question about a finding"),
    "finding.escalated": _l("escalated a finding"),
    "finding.handed_back": _l("handed a finding back to the reviewers"),
    "sample.looked_at": _l("looked at a passage that was not flagged"),
    "finding.unmasked": _l("looked at the names and numbers in a passage"),
    "findings.many_asked": _l("decided many findings at once"),
    "findings.many_done": _l("many findings were decided"),
    "findings.many_undo_asked": _l("took many decisions back at once"),
    "findings.many_undone": _l("many decisions were taken back"),
    **question_words.ACTS,
    **plan_words.ACTS,
    **door_words.ACTS,
    **teaching_words.ACTS,
}


def name(word: StrEnum) -> str:
    """The name of a state, a role or a reason, in the language of the page."""
    return _name(type(word), word, current())


@cache
def _name(kind: type[StrEnum], word: StrEnum, _language: str) -> str:
    """Asked for a hundred times a page, and put into each language once. Two kinds may share a word."""
    return str(NAMES[kind][word])


def advice(reason: str | None) -> str:
    """What happened to a document or a page and what to do, as a sentence; empty without a reason."""
    if reason is None or reason not in set(Reason):
        return ""
    return str(gettext(ADVICE[Reason(reason)]))


def doubt(word: str) -> str:
    """What a doubt about a page means and what to do, as a sentence; empty for a word that is not known."""
    return str(gettext(DOUBTS[Doubt(word)])) if word in set(Doubt) else ""


def severity(word: str) -> str:
    return shipped().severities[word].in_language(current())


def assertion(word: str) -> str:
    known = shipped().assertions.get(word)
    return word if known is None else known.in_language(current())


def signal(code: str) -> str:
    """The name of a signal or, for a code without a dot, of a category. An unknown code names itself."""
    return _signal(code, current())


@lru_cache(maxsize=500)
def _signal(code: str, told_in: str) -> str:
    taxonomy = shipped()
    if "." in code:
        found = taxonomy.signals.get(code)
        return code if found is None else found.name.in_language(told_in)
    return next((row.name.in_language(told_in) for row in taxonomy.categories if row.id == code), code)


def document_type(word: str | None) -> str:
    return "" if word is None else str(DOCUMENT_TYPES.get(word, word))


def language(code: str | None) -> str:
    """The name of a language by its ISO 639 code, with a capital letter."""
    return _language(code, current()) if code else str(gettext("Unknown language"))


@lru_cache(maxsize=500)
def _language(code: str, told_in: str) -> str:
    try:
        spoken = Locale.parse(code.replace("-", "_")).get_display_name(told_in)
    except (UnknownLocaleError, ValueError):
        spoken = None
    return code if not spoken else spoken[0].upper() + spoken[1:]


def act(word: str) -> str:
    return str(ACTS.get(word, word))


def likelihood(score: float) -> str:
    """A probability in words, so that nobody has to read meaning into decimals."""
    return _likelihood(next((bound for bound in (0.9, 0.7, 0.4) if score >= bound), 0.0), current())


@cache
def _likelihood(bound: float, _language: str) -> str:
    """Of a score from this bound on."""
    if bound == 0.9:
        return str(gettext("very likely a finding"))
    if bound == 0.7:
        return str(gettext("likely a finding"))
    if bound == 0.4:
        return str(gettext("could go either way"))
    return str(gettext("probably not a finding"))
