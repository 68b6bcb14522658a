"""Who may open which page: one table, enforced before every request and driven cell by cell by the tests."""

from __future__ import annotations

import logging

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from models.people import Role
from webapp.access_questionnaires import QUESTIONNAIRES
from webapp.access_rules import (
    ADMIN,
    ANYBODY,
    BUYER,
    COMPLIANCE,
    EVERYONE,
    KEYHOLDERS,
    LEAD,
    SENDERS,
    SUPPLIER,
    Outcome,
    Rule,
    Thing,
)
from webapp.api import keys
from webapp.api.doors import DOORS
from webapp.doors import find_person

__all__ = ["TABLE", "Outcome", "Rule", "Thing", "as_table", "enforce", "may"]

log = logging.getLogger(__name__)


TABLE: dict[str, Rule] = {
    "static": Rule(ANYBODY),
    "health.alive": Rule(ANYBODY),
    "health.ready": Rule(ANYBODY),
    "auth.log_in": Rule(ANYBODY),
    "auth.enter": Rule(ANYBODY),
    "auth.choose_language": Rule(ANYBODY),
    "auth.log_out": Rule(EVERYONE),
    "forgotten.form": Rule(ANYBODY),
    "forgotten.ask": Rule(ANYBODY),
    "forgotten.asked": Rule(ANYBODY),
    "forgotten.show": Rule(ANYBODY),
    "forgotten.change": Rule(ANYBODY),
    "come_in.show": Rule(ANYBODY),
    "come_in.enter": Rule(ANYBODY),
    "come_in.renew": Rule(ANYBODY),
    "come_in.asked": Rule(ANYBODY),
    "account.show": Rule(EVERYONE),
    "account.change_password": Rule(EVERYONE),
    "account.choose_letters": Rule(EVERYONE),
    "account.letter": Rule(EVERYONE),
    "account.data": Rule(EVERYONE),
    "home.show": Rule(EVERYONE),
    "documents.index": Rule(EVERYONE),
    "documents.status": Rule(EVERYONE, lasts=False),
    "documents.show": Rule(EVERYONE, Thing.DOCUMENT),
    "documents.file": Rule(EVERYONE, Thing.DOCUMENT),
    "documents.picture": Rule(EVERYONE, Thing.PAGE),
    "documents.again": Rule(BUYER, Thing.DOCUMENT),
    "texts.show": Rule(EVERYONE, Thing.PAGE),
    "changes.show": Rule(BUYER, Thing.DOCUMENT),
    "uploads.form": Rule(SENDERS),
    "uploads.send": Rule(SENDERS),
    "findings.queue": Rule(BUYER),
    "findings.start": Rule(BUYER),
    "findings.show": Rule(BUYER, Thing.FINDING),
    "findings.following": Rule(BUYER, Thing.FINDING),
    "findings.confirm": Rule(BUYER, Thing.FINDING),
    "findings.reject": Rule(BUYER, Thing.FINDING),
    "findings.take_back": Rule(BUYER, Thing.FINDING),
    "desk.change": Rule(BUYER, Thing.FINDING),
    "desk.ask": Rule(BUYER, Thing.FINDING),
    "desk.ask_no_more": Rule(BUYER, Thing.FINDING),
    "desk.escalate": Rule(BUYER, Thing.FINDING),
    "desk.hand_back": Rule(LEAD, Thing.FINDING),
    "desk.open_hard": Rule(BUYER, Thing.FINDING),
    "desk.unmask": Rule(LEAD, Thing.FINDING),
    "desk.alike": Rule(BUYER, Thing.FINDING),
    "bulks.form": Rule(BUYER),
    "bulks.begin": Rule(BUYER),
    "bulks.show": Rule(BUYER, Thing.BULK),
    "bulks.undo": Rule(BUYER, Thing.BULK),
    "askings.index": Rule(EVERYONE),
    "askings.show": Rule(EVERYONE, Thing.ASKING),
    "askings.answer": Rule(SUPPLIER, Thing.ASKING),
    "searches.show": Rule(BUYER),
    "searches.keep": Rule(BUYER),
    "searches.forget": Rule(BUYER),
    "samples.following": Rule(BUYER),
    "samples.show": Rule(BUYER, Thing.SAMPLE),
    "samples.look": Rule(BUYER, Thing.SAMPLE),
    "quality.show": Rule(LEAD),
    "quality.certificate": Rule(LEAD),
    "teaching.begin": Rule(COMPLIANCE),
    "teaching.promote": Rule(COMPLIANCE, Thing.CLASSIFIER),
    "teaching.set_aside": Rule(COMPLIANCE, Thing.CLASSIFIER),
    "teaching.roll_back": Rule(COMPLIANCE, Thing.CLASSIFIER),
    "plans.index": Rule(EVERYONE),
    "plans.show": Rule(EVERYONE, Thing.PLAN),
    "plans.edit": Rule(EVERYONE, Thing.PLAN),
    "plans.write": Rule(EVERYONE, Thing.PLAN),
    "plans.merge": Rule(EVERYONE, Thing.PLAN),
    "plans.history": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.send": Rule(BUYER, Thing.PLAN),
    "plan_acts.take_back": Rule(BUYER, Thing.PLAN),
    "plan_acts.drop": Rule(BUYER, Thing.PLAN),
    "plan_acts.take_up": Rule(BUYER, Thing.PLAN),
    "plan_acts.send_back": Rule(BUYER, Thing.PLAN),
    "plan_acts.close_in_part": Rule(BUYER, Thing.PLAN),
    "plan_acts.close": Rule(BUYER, Thing.PLAN),
    "plan_acts.confirm_effect": Rule(BUYER, Thing.PLAN),
    "plan_acts.reopen": Rule(BUYER, Thing.PLAN),
    "plan_acts.decide_remedy": Rule(BUYER, Thing.PLAN),
    "plan_acts.assign": Rule(BUYER, Thing.PLAN),
    "plan_acts.settle": Rule(BUYER, Thing.PLAN),
    "plan_acts.suspend": Rule(BUYER, Thing.PLAN),
    "plan_acts.resume": Rule(BUYER, Thing.PLAN),
    "plan_acts.decide_extension": Rule(BUYER, Thing.PLAN),
    "plan_acts.escalate": Rule(BUYER, Thing.PLAN),
    "plan_acts.begin": Rule(SUPPLIER, Thing.PLAN),
    "plan_acts.submit": Rule(SUPPLIER, Thing.PLAN),
    "plan_acts.dispute": Rule(SUPPLIER, Thing.PLAN),
    "plan_acts.ask_extension": Rule(SUPPLIER, Thing.PLAN),
    "plan_acts.sign": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.withdraw": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.contain": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.say": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.withdraw_evidence": Rule(EVERYONE, Thing.PLAN),
    "plan_acts.finish_milestone": Rule(SUPPLIER, Thing.MILESTONE),
    "plan_acts.finish_action": Rule(EVERYONE, Thing.ACTION),
    "plan_files.add_evidence": Rule(EVERYONE, Thing.PLAN),
    "plan_files.choose": Rule(SUPPLIER, Thing.PLAN),
    "plan_files.send_on": Rule(SUPPLIER, Thing.PLAN),
    "plan_files.sheet": Rule(EVERYONE, Thing.PLAN),
    "plan_files.take_sheet": Rule(EVERYONE, Thing.PLAN),
    "plan_boards.board": Rule(BUYER),
    "plan_boards.figures": Rule(BUYER),
    "plan_boards.weekly_list": Rule(BUYER),
    "plan_boards.looked": Rule(BUYER, Thing.PLAN),
    "plan_boards.calendar": Rule(EVERYONE),
    "trainings.index": Rule(EVERYONE),
    "trainings.form": Rule(EVERYONE),
    "trainings.add": Rule(EVERYONE),
    "trainings.show": Rule(EVERYONE, Thing.TRAINING),
    "trainings.change": Rule(EVERYONE, Thing.TRAINING),
    "compliance.overview": Rule(LEAD),
    "compliance.findings": Rule(LEAD),
    "imports.index": Rule(LEAD),
    "imports.form": Rule(LEAD),
    "imports.begin": Rule(LEAD),
    "imports.show": Rule(LEAD, Thing.IMPORT),
    "imports.progress": Rule(LEAD, Thing.IMPORT, lasts=False),
    "imports.pause": Rule(LEAD, Thing.IMPORT),
    "imports.resume": Rule(LEAD, Thing.IMPORT),
    "imports.cancel": Rule(LEAD, Thing.IMPORT),
    "imports.held": Rule(LEAD, Thing.IMPORT),
    "imports.settle": Rule(LEAD, Thing.IMPORT),
    "imports.ledger": Rule(LEAD, Thing.IMPORT),
    "exports.findings": Rule(LEAD),
    "exports.documents": Rule(LEAD),
    "exports.labels": Rule(LEAD),
    **QUESTIONNAIRES,
    "people.index": Rule(ADMIN),
    "people.invite": Rule(ADMIN),
    "people.change_role": Rule(ADMIN, Thing.PERSON),
    "people.disable": Rule(ADMIN, Thing.PERSON),
    "people.enable": Rule(ADMIN, Thing.PERSON),
    "people.new_password": Rule(ADMIN, Thing.PERSON),
    "journal.index": Rule(ADMIN),
    "tokens.index": Rule(KEYHOLDERS),
    "tokens.make": Rule(KEYHOLDERS),
    "tokens.withdraw": Rule(KEYHOLDERS, Thing.TOKEN),
    "hooks.index": Rule(ADMIN),
    "hooks.make": Rule(ADMIN),
    "hooks.show": Rule(ADMIN, Thing.HOOK),
    "hooks.renew": Rule(ADMIN, Thing.HOOK),
    "hooks.remove": Rule(ADMIN, Thing.HOOK),
    "hooks.try_out": Rule(ADMIN, Thing.HOOK),
    "hooks.send_again": Rule(ADMIN, Thing.DELIVERY),
    "api.openapi": Rule(ANYBODY),
    "api.supplier": Rule(EVERYONE, Thing.SUPPLIER),
    "api.propose_plan": Rule(SUPPLIER, Thing.PLAN),
}
"""Every endpoint of the application. What is not here is closed to all, and fails a test."""

TABLE |= {door.endpoint: TABLE[door.beside] for door in DOORS}
"""The second door of an operation has the rule of the first: of its page."""


def as_table() -> str:
    """The documentation of the roles, as a table in Markdown: who may open what."""
    lines = ["| page or act | " + " | ".join(Role) + " | strangers |", "|---" * (len(Role) + 2) + "|"]
    for endpoint, rule in TABLE.items():
        cells = ["yes" if rule.expected(role) is Outcome.OPEN else "" for role in (*Role, None)]
        if rule.thing is not None:
            cells = [cell and "own" for cell in cells]
        lines.append(f"| `{endpoint}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def enforce() -> Response | None:
    """Find out who asks, and refuse what the table does not allow. Runs before every request."""
    g.person = None
    if request.endpoint is None:
        g.person = find_person()
        return None  # No such page, which the router says in its own time.
    rule = TABLE.get(request.endpoint)
    if rule is None:
        log.error("endpoint_not_in_table", extra={"endpoint": request.endpoint})
        abort(403)
    if request.endpoint == "static" or request.endpoint.startswith("health."):
        return None
    if request.blueprint == "api":
        g.person = keys.come_in(needs_token=rule.roles is not None)
    else:
        g.person = find_person(touch=rule.lasts)
    role = None if g.person is None else g.person.role
    outcome = rule.expected(role)
    if outcome is Outcome.LOG_IN:
        return _ask_to_log_in()
    if outcome is Outcome.FORBIDDEN:
        log.warning("refused", extra={"endpoint": request.endpoint, "person_id": str(g.person.id)})
        abort(403)
    return None


def may(endpoint: str) -> bool:
    """Whether who asks may open this endpoint; templates show no way to what would be refused."""
    person = g.get("person")
    return TABLE[endpoint].expected(None if person is None else person.role) is Outcome.OPEN


def _ask_to_log_in() -> Response:
    wants_page = request.method == "GET" and (not request.accept_mimetypes or request.accept_mimetypes.accept_html)
    if not wants_page or request.headers.get("X-Salient-Script"):
        abort(401)
    session["next"] = request.full_path.rstrip("?")
    return redirect(url_for("auth.log_in"), 303)
