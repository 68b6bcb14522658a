"""The places where people write in their own words, so that each can be given back to whoever wrote it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from models.bulk import BulkDecision
from models.campaigns import ExtensionRequest
from models.discussion import AnswerEvidence, AskedBack, Comment
from models.findings import Finding
from models.own_classifiers import ClassifierStep
from models.plan_parts import PlanMessage
from models.plan_records import Dispute, Escalation, Extension, Pause, RemedyDecision, WeeklyLook
from models.plans import Plan
from models.review import Asking, Opinion

Column = InstrumentedAttribute[Any]


def places() -> tuple[tuple[str, Column, Column | None, Column, Column, Column], ...]:
    """Where people write: what about, its key, the question if there is one, who, when, and the words."""
    return (
        ("remark on an answer", Comment.submission_id, Comment.question, Comment.written_by_id, Comment.written_at,
         Comment.text),
        ("question about an answer", AskedBack.submission_id, AskedBack.question, AskedBack.asked_by_id,
         AskedBack.asked_at, AskedBack.text),
        ("reply about an answer", AskedBack.submission_id, AskedBack.question, AskedBack.answered_by_id,
         AskedBack.answered_at, AskedBack.reply),
        ("message in a plan", PlanMessage.plan_id, None, PlanMessage.written_by_id, PlanMessage.written_at,
         PlanMessage.text),
        ("objection to a plan", Dispute.plan_id, None, Dispute.raised_by_id, Dispute.raised_at, Dispute.text),
        ("answer to an objection", Dispute.plan_id, None, Dispute.settled_by_id, Dispute.settled_at, Dispute.answer),
        ("request for more time", Extension.plan_id, None, Extension.asked_by_id, Extension.asked_at,
         Extension.reason),
        ("answer about more time", Extension.plan_id, None, Extension.decided_by_id, Extension.decided_at,
         Extension.answer),
        ("decision on a remedy", RemedyDecision.plan_id, None, RemedyDecision.decided_by_id,
         RemedyDecision.decided_at, RemedyDecision.reason),
        ("escalation of a plan", Escalation.plan_id, None, Escalation.by_id, Escalation.at, Escalation.reason),
        ("weekly look at a plan", WeeklyLook.plan_id, None, WeeklyLook.by_id, WeeklyLook.at, WeeklyLook.note),
        ("question about a passage", Asking.finding_id, None, Asking.asked_by_id, Asking.asked_at, Asking.text),
        ("answer about a passage", Asking.id, None, Asking.answered_by_id, Asking.answered_at, Asking.answer),
        ("remark on a finding", Finding.id, None, Finding.judged_by_id, Finding.judged_at, Finding.remark),
        ("second opinion on a finding", Opinion.finding_id, None, Opinion.person_id, Opinion.given_at, Opinion.remark),
        ("remark on findings decided at once", BulkDecision.id, None, BulkDecision.by_id, BulkDecision.asked_at,
         BulkDecision.remark),
        ("verdict on evidence", AnswerEvidence.submission_id, AnswerEvidence.question, AnswerEvidence.judged_by_id,
         AnswerEvidence.judged_at, AnswerEvidence.reason),
        ("request for a later day", ExtensionRequest.invitation_id, None, ExtensionRequest.asked_by_id,
         ExtensionRequest.asked_at, ExtensionRequest.reason),
        ("answer about a later day", ExtensionRequest.invitation_id, None, ExtensionRequest.decided_by_id,
         ExtensionRequest.decided_at, ExtensionRequest.answer),
        ("pause of a plan", Pause.plan_id, None, Pause.began_by_id, Pause.began_at, Pause.reason),
        ("what was done at once", Plan.id, None, Plan.contained_by_id, Plan.contained_on, Plan.containment),
        ("closing of a plan", Plan.id, None, Plan.closed_by_id, Plan.closed_at, Plan.closure_reason),
        ("effect of a plan", Plan.id, None, Plan.effect_by_id, Plan.effect_on, Plan.effect_result),
        ("decision on a classifier", ClassifierStep.classifier_id, None, ClassifierStep.by_id, ClassifierStep.at,
         ClassifierStep.reason),
    )  # fmt: skip
