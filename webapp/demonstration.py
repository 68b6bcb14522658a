"""Loads the demonstration company once, and says how to log in; a second start finds it there."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.runtime import Runtime


def load_once(opened: Runtime) -> Iterable[str]:
    """Lines for the terminal: who may log in, and with what."""
    from webapp.demo.load import load

    return load(opened.database, opened.vault)
