"""Loads the demonstration company once, and says how to log in; its plans follow when its archive is screened."""

from __future__ import annotations

from collections.abc import Iterable

from models.base import utcnow
from webapp.plan_settings import policy_of
from webapp.runtime import Runtime
from webapp.secret import secret_key


def load_once(opened: Runtime) -> Iterable[str]:
    """Lines for the terminal: who may log in, and with what. Raises NotAllowed in production."""
    from webapp.demo.load import load

    settings = opened.settings
    return load(opened.database, opened.vault, secret=secret_key(settings), production=settings.is_production)


def plan_once(opened: Runtime) -> bool:
    """Make the plans of the demonstration if its archive is screened; answers whether nothing is left to do."""
    from webapp.demo.repairing import plan_when_screened

    return plan_when_screened(opened.database, now=utcnow(), policy=policy_of(opened.settings))
