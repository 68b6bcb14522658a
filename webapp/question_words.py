"""The names that people read about questionnaires, campaigns, letters and answers."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from models.campaigns import Decision, Inviting
from models.issuings import IssuingState
from models.mail import MailKind, MailState
from models.submissions import AnswerSource, EvidenceVerdict, Share, SubmissionState

NAMES: dict[type[StrEnum], dict[str, object]] = {
    MailKind: {
        MailKind.INVITATION: _l("Invitation"),
        MailKind.REMINDER: _l("Reminder"),
        MailKind.OVERDUE: _l("Reminder after the day"),
        MailKind.ESCALATION: _l("Late, reminders did not help"),
        MailKind.EXTENSION_ASKED: _l("More time is asked for"),
        MailKind.EXTENSION_GRANTED: _l("More time is given"),
        MailKind.EXTENSION_REFUSED: _l("More time is refused"),
        MailKind.NEW_LINK: _l("New link"),
        MailKind.DIGEST: _l("What waits, in numbers"),
        MailKind.PLANS_LATE: _l("Plans climbed the ladder"),
        MailKind.QUESTION: _l("Question about a passage"),
        MailKind.PASSWORD: _l("Forgotten password"),
    },
    MailState: {
        MailState.WAITING: _l("Waits to leave"),
        MailState.SENT: _l("Sent"),
        MailState.GIVEN_UP: _l("Could not be sent"),
        MailState.NOT_NEEDED: _l("Not needed any more"),
    },
    Decision: {
        Decision.GRANTED: _l("Granted"),
        Decision.REFUSED: _l("Refused"),
    },
    Inviting: {
        Inviting.UNDER_WAY: _l("Suppliers are being invited"),
        Inviting.STOPPED: _l("Inviting is stopped"),
        Inviting.DONE: _l("All are invited"),
    },
    IssuingState: {
        IssuingState.UNDER_WAY: _l("Being issued"),
        IssuingState.STOPPED: _l("Issuing is stopped"),
        IssuingState.DONE: _l("Issued to all"),
    },
    SubmissionState: {
        SubmissionState.DRAFT: _l("Not begun"),
        SubmissionState.IN_PROGRESS: _l("Being answered"),
        SubmissionState.SUBMITTED: _l("Submitted"),
        SubmissionState.UNDER_REVIEW: _l("Being reviewed"),
        SubmissionState.CHANGES_REQUESTED: _l("Asked back"),
        SubmissionState.ACCEPTED: _l("Accepted"),
        SubmissionState.EXPIRED: _l("Ended"),
    },
    AnswerSource: {
        AnswerSource.TYPED: _l("Typed in"),
        AnswerSource.REUSED: _l("From an earlier answer"),
        AnswerSource.DOCUMENT: _l("Read from a document, accepted by a person"),
        AnswerSource.IMPORTED: _l("From a sheet that was filled in"),
        AnswerSource.PREFILLED: _l("Filled in by the customer"),
    },
    EvidenceVerdict: {
        EvidenceVerdict.ACCEPTED: _l("Shows it"),
        EvidenceVerdict.INSUFFICIENT: _l("Not enough"),
        EvidenceVerdict.REJECTED: _l("Does not show it"),
    },
    Share: {
        Share.NOTHING: _l("Nothing"),
        Share.ORDINARY: _l("All but what is confidential"),
        Share.ALL: _l("All answers"),
    },
}

ACTS: dict[str, object] = {
    "campaign.started": _l("started a campaign"),
    "campaign.invited": _l("all suppliers of a campaign were invited"),
    "campaign.stopped": _l("stopped the inviting of suppliers"),
    "campaign.went_on": _l("had the inviting of suppliers go on"),
    "campaign.reminded": _l("reminded suppliers"),
    "campaign.closed": _l("closed a campaign"),
    "campaign.escalated": _l("a supplier stayed silent, reminders did not help"),
    "extension.asked": _l("asked for more time"),
    "extension.granted": _l("gave more time"),
    "extension.refused": _l("refused more time"),
    "invitation.passed_on": _l("passed questions on to a supplier of its own"),
    "issuing.begun": _l("began to issue a questionnaire to many suppliers"),
    "issuing.done": _l("a questionnaire was issued to all who were chosen"),
    "issuing.stopped": _l("stopped the issuing of a questionnaire"),
    "issuing.went_on": _l("had the issuing of a questionnaire go on"),
    "link.used": _l("came in by the link of a letter"),
    "questionnaire.published": _l("published a questionnaire"),
    "submission.issued": _l("issued a questionnaire"),
    "submission.extended": _l("gave a questionnaire another day"),
    "submission.opened": _l("began to answer a questionnaire"),
    "submission.assigned": _l("said who answers a section"),
    "submission.submitted": _l("submitted a questionnaire"),
    "submission.recalled": _l("recalled a questionnaire"),
    "submission.review_started": _l("began to review a questionnaire"),
    "submission.changes_requested": _l("sent a questionnaire back"),
    "submission.accepted": _l("accepted a questionnaire"),
    "submission.expired": _l("ended a questionnaire"),
    "submission.shared": _l("decided what another customer may see"),
    "submission.screened": _l("answers were read and compared"),
    "answer.commented": _l("remarked on an answer"),
    "answer.asked_back": _l("asked back about an answer"),
    "answer.replied": _l("replied about an answer"),
    "answer.settled": _l("settled a question about an answer"),
    "answer.accepted": _l("accepted an answer"),
    "evidence.attached": _l("put a document behind an answer"),
    "evidence.detached": _l("took a document away from an answer"),
    "evidence.judged": _l("judged a document behind an answer"),
}
