"""The commands of `salient`, each loaded only when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from webapp.settings import Settings, unknown

F = TypeVar("F", bound=Callable[..., Any])


def read_settings(**overrides: object) -> Settings:
    """The settings of the environment with what the command line says instead; strangers are warned of.

    What is overridden is put into the environment too, so that the processes started from here agree. Files that
    are made from here on are their owner's alone: they may hold what people entered.
    """
    os.umask(0o077)
    from webapp.settings import catalogue

    for name, value in overrides.items():
        if value is not None:
            os.environ[catalogue()[name].variable] = str(value)
    settings = Settings.read()
    for sentence in unknown():
        click.echo(f"Warning: {sentence}", err=True)
    return settings


def with_parent(function: F) -> F:
    """The hidden option by which a supervisor tells a process whose end is also its own."""
    return click.option("--parent", type=int, hidden=True, default=None)(function)


def obey_parent(parent: int | None) -> None:
    if parent is not None:
        from webapp.processes import die_with_parent

        die_with_parent(parent)


def progress_wanted() -> bool:
    """Whether somebody looks: progress bars on a terminal, none when piped."""
    return sys.stderr.isatty()
