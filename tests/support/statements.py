"""Statements put into SQL once for all databases of a test run, as the product does once for its only database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect


@dataclass(slots=True)
class Statements:
    """What was put into SQL so far, by kind of database.

    Every test has a database of its own, and with it an engine that has everything still to learn: half of what a
    short test costs. An engine that joins speaks the dialect of the first of its kind, and knows what that one knows.
    """

    dialects: dict[str, Dialect] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)

    def join(self, engine: Engine) -> None:
        """To be called before the engine's first use."""
        first = self.dialects.get(engine.dialect.name)
        if first is None:
            engine.connect().close()  # A dialect asks its server once what that can do.
            first = self.dialects[engine.dialect.name] = engine.dialect
        engine.dialect = first
        engine.update_execution_options(compiled_cache=self.known)
