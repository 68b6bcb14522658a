"""Every act on a plan that is one button or one short form: carried out, or shown again with what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.errors import Conflict, Invalid
from models.findings import RejectReason
from models.operations import plan_agreeing, plan_disputes, plan_verifying, plan_withdrawing, plan_working
from models.people import Person
from models.plan_records import Outcome
from models.plans import Verification
from webapp.doors import acting, now, optional_key, policy, written
from webapp.plans import LONGEST, Answer, number, page

pages = Blueprint("plan_acts", __name__, url_prefix="/plans")

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Act:
    """What is said when it is done, and what does it."""

    said: Any
    do: Callable[[Session, UUID, Person], Any]


def _how(**more: Any) -> dict[str, Any]:
    return {"now": now(), "version": number("version"), **more}


ACTS: dict[str, Act] = {
    "send": Act(
        _l("The supplier can see the plan now."),
        lambda session, key, by: plan_agreeing.send(
            session, key, signed=request.form.get("signed") == "1", by=by, **_how()
        ),
    ),
    "take_back": Act(
        _l("The plan is a draft again: the supplier does not see it."),
        lambda session, key, by: plan_agreeing.take_back(session, key, by=by, **_how()),
    ),
    "sign": Act(
        _l("You have signed for your side."),
        lambda session, key, by: plan_agreeing.sign(session, key, text=_text("text"), by=by, **_how()),
    ),
    "withdraw": Act(
        _l("The signature is taken back. Both sides see that it was given."),
        lambda session, key, by: plan_agreeing.withdraw(session, key, by=by, **_how()),
    ),
    "drop": Act(
        _l("The plan is closed without action."),
        lambda session, key, by: plan_agreeing.drop(session, key, reason=_text("reason"), by=by, **_how()),
    ),
    "begin": Act(
        _l("Work has begun."), lambda session, key, by: plan_working.begin(session, key, by=by, **_how())
    ),
    "contain": Act(
        _l("It is recorded what was done at once."),
        lambda session, key, by: plan_working.contain(
            session, key, text=_text("text"), on=_date("on"), by=by, now=now()
        ),
    ),
    "submit": Act(
        _l("Sent. Somebody at the other side verifies it now."),
        lambda session, key, by: plan_verifying.submit_evidence(
            session, key, text=_text("text"), by=by, policy=policy(), **_how()
        ),
    ),
    "withdraw_evidence": Act(
        _l("It is withdrawn, and stays in the record as that."),
        lambda session, key, by: plan_withdrawing.withdraw(session, key, _document(), by=by, now=now()),
    ),
    "take_up": Act(
        _l("You verify this plan now."),
        lambda session, key, by: plan_verifying.take_up(
            session, key, how=_word(Verification, "how"), by=by, **_how()
        ),
    ),
    "send_back": Act(
        _l("The supplier is told what is missing."),
        lambda session, key, by: plan_verifying.send_back(session, key, text=_text("text"), by=by, **_how()),
    ),
    "close_in_part": Act(
        _l("The supplier is told what is left."),
        lambda session, key, by: plan_verifying.close_in_part(session, key, text=_text("text"), by=by, **_how()),
    ),
    "close": Act(
        _l("The plan is closed."),
        lambda session, key, by: plan_verifying.close(session, key, reason=_text("reason"), by=by, **_how()),
    ),
    "confirm_effect": Act(
        _l("It is recorded that it helped."),
        lambda session, key, by: plan_verifying.confirm_effect(session, key, result=_text("result"), by=by, **_how()),
    ),
    "reopen": Act(
        _l("The plan is open again."),
        lambda session, key, by: plan_verifying.reopen(
            session, key, text=_text("text"), by=by, policy=policy(), **_how()
        ),
    ),
    "decide_remedy": Act(
        _l("The decision about remedy is recorded."),
        lambda session, key, by: plan_working.decide_remedy(
            session, key, needed=_yes_or_no("needed"), reason=_text("reason"), by=by, now=now()
        ),
    ),
    "assign": Act(
        _l("It is recorded who answers for this plan."),
        lambda session, key, by: plan_working.assign(session, key, _person(), by=by, now=now()),
    ),
    "say": Act(
        _l("Your message is sent."),
        lambda session, key, by: plan_working.say(session, key, text=_text("text"), by=by, now=now()),
    ),
    "dispute": Act(
        _l("Your objection is recorded. The reviewer must answer it by the day that is shown."),
        lambda session, key, by: plan_disputes.dispute(
            session, key, text=_text("text"), finding_id=optional_key("finding"), by=by, policy=policy(), **_how()
        ),
    ),
    "settle": Act(
        _l("The supplier is told what you decided."),
        lambda session, key, by: plan_disputes.settle(
            session, key, outcome=_word(Outcome, "outcome"), answer=_text("answer"), why=_why(), by=by,
            policy=policy(), **_how()
        ),
    ),
    "suspend": Act(
        _l("The plan is paused. No clock runs."),
        lambda session, key, by: plan_disputes.suspend(session, key, reason=_text("reason"), by=by, **_how()),
    ),
    "resume": Act(
        _l("The plan goes on. Its days have moved on by the length of the pause."),
        lambda session, key, by: plan_disputes.resume(session, key, by=by, **_how()),
    ),
    "ask_extension": Act(
        _l("Your request lies before the other side. Until it is granted, the agreed day counts."),
        lambda session, key, by: plan_disputes.ask_extension(
            session, key, until=_date("until"), reason=_text("reason"), by=by, now=now()
        ),
    ),
    "decide_extension": Act(
        _l("The supplier is told."),
        lambda session, key, by: plan_disputes.decide_extension(
            session, key, granted=_yes_or_no("granted"), answer=_text("answer"), by=by, **_how()
        ),
    ),
    "escalate": Act(
        _l("The plan has climbed a level."),
        lambda session, key, by: plan_disputes.escalate(session, key, reason=_text("reason"), by=by, **_how()),
    ),
}  # fmt: skip
"""Each is an address of its own, `/plans/<id>/<name>`, so that the table of access says who may ask for it."""


def _view(name: str) -> Callable[[UUID], Answer]:
    def view(plan_id: UUID) -> Answer:
        return carry_out(plan_id, name, ACTS[name].said, ACTS[name].do)

    return view


for _name in ACTS:
    pages.add_url_rule(f"/<uuid:plan_id>/{_name.replace('_', '-')}", _name, _view(_name), methods=["POST"])


@pages.post("/<uuid:plan_id>/milestones/<uuid:milestone_id>/done")
def finish_milestone(plan_id: UUID, milestone_id: UUID) -> Answer:
    return carry_out(
        plan_id, "", _l("The step is marked as done."),
        lambda session, key, by: plan_working.finish_milestone(session, key, milestone_id, by=by, now=now()),
    )  # fmt: skip


@pages.post("/<uuid:plan_id>/actions/<uuid:action_id>/done")
def finish_action(plan_id: UUID, action_id: UUID) -> Answer:
    return carry_out(
        plan_id, "", _l("The action is marked as done."),
        lambda session, key, by: plan_working.finish_action(session, key, action_id, by=by, now=now()),
    )  # fmt: skip


def carry_out(plan_id: UUID, form: str, said: Any, do: Callable[[Session, UUID, Person], Any]) -> Answer:
    """Carry out one act. What is missing is said in the form itself, with everything that was typed kept."""
    try:
        with acting() as (session, by):
            do(session, plan_id, by)
    except Invalid as fault:
        return page(plan_id, form=form, fault=fault), 422
    except Conflict as fault:
        return page(plan_id, form=form or "none", fault=fault), 409
    flash(str(said))
    answer: Response = redirect(url_for("plans.show", plan_id=plan_id), 303)
    return answer


def _text(name: str) -> str:
    return written(name, limit=LONGEST)


def _date(name: str) -> date | None:
    text = written(name, limit=20)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Write the day as year-month-day, such as 2026-03-31.", field=name) from None


def _word(kind: type[W], name: str) -> W:
    text = request.form.get(name, "")
    if text not in set(kind):
        raise Invalid("Choose one of the words of the list.", field=name)
    return kind(text)


def _why() -> RejectReason | None:
    return _word(RejectReason, "why") if request.form.get("why") else None


def _person() -> UUID:
    chosen = optional_key("person")
    if chosen is None:
        raise Invalid("Choose who answers for the plan.", field="person")
    return chosen


def _document() -> UUID:
    chosen = optional_key("document")
    if chosen is None:
        raise Invalid("Choose a file of the plan.", field="document")
    return chosen


def _yes_or_no(name: str) -> bool:
    text = request.form.get(name, "")
    if text not in ("yes", "no"):
        raise Invalid("Choose yes or no.", field=name)
    return text == "yes"
