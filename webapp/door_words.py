"""Words for the second door: what tokens reach, what webhooks are told, and what became of a message."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from models.hooks import DeliveryState, Happening
from models.tokens import Reach

NAMES: dict[type[StrEnum], dict[str, object]] = {
    Reach: {Reach.READ: _l("Reads only"), Reach.WRITE: _l("Reads and writes")},
    Happening: {
        Happening.DOCUMENT_SCREENED: _l("A document was screened"),
        Happening.FINDING_CONFIRMED: _l("A finding was confirmed"),
        Happening.PLAN_CHANGED: _l("A plan has changed"),
        Happening.QUESTIONNAIRE_SUBMITTED: _l("A questionnaire was submitted"),
        Happening.TRIAL: _l("A trial"),
    },
    DeliveryState: {
        DeliveryState.WAITING: _l("Waits"),
        DeliveryState.SENT: _l("Arrived"),
        DeliveryState.GIVEN_UP: _l("Given up"),
    },
}

ACTS: dict[str, object] = {
    "token.made": _l("made an API token"),
    "token.withdrawn": _l("withdrew an API token"),
    "hook.made": _l("added a webhook"),
    "hook.removed": _l("removed a webhook"),
    "hook.secret_renewed": _l("gave a webhook a new secret"),
    "hook.sent_again": _l("sent a message to a webhook again"),
}

REASONS: dict[str, object] = {
    "secret_changed": _l("The key of this installation has changed: make a new secret for this address."),
    "address_refused": _l("The address leads into a private network, or is not secure: it was not called."),
    "no_such_address": _l("The name of the address was not found."),
    "not_to_be_trusted": _l("The certificate of the address does not hold."),
    "no_answer": _l("The address did not answer in time."),
    "redirected": _l("The address points to another one, which is not followed: give the final address."),
    "refused": _l("The address did not take the message."),
    "sender_fell_silent": _l("The workers that sent it did not end: look at the logs, then send it again."),
}
"""Why a message did not arrive, from a closed list."""


def why(reason: str | None) -> str:
    """The reason in words; empty without one."""
    return "" if reason is None else str(REASONS.get(reason, reason))
