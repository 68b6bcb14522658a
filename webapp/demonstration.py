"""Loads the demonstration company once, and says how to log in; a second start finds it there."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.runtime import Runtime
from webapp.secret import secret_key


def load_once(opened: Runtime) -> Iterable[str]:
    """Lines for the terminal: who may log in, and with what. Raises NotAllowed in production."""
    from webapp.demo.load import load

    settings = opened.settings
    return load(opened.database, opened.vault, secret=secret_key(settings), production=settings.is_production)
