"""The reference pages of the documentation, written from the code so that they cannot go stale."""

from __future__ import annotations

from dataclasses import fields

import click

from webapp.setting_kinds import About
from webapp.settings import Settings


def pages() -> dict[str, str]:
    """Every generated page by the name of its file under `docs/reference/`."""
    return {"settings.md": settings_page(), "commands.md": commands_page()}


def settings_page() -> str:
    return (
        "# Settings\n\n"
        "All of them are environment variables, read once when a process starts. `salient settings` prints the values "
        "in force. This page is written by `make docs`.\n\n" + settings_table()
    )


def settings_table() -> str:
    """Every setting with its default and its meaning."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for entry in fields(Settings):
        known: About = entry.metadata["about"]
        default = known.shown_default if known.shown_default is not None else f"`{entry.default}`"
        lines.append(f"| `{known.variable}` | {default} | {known.meaning} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The help text of every command, as it is printed."""
    from webapp.cli import main

    context = click.Context(
        main, info_name="salient", terminal_width=100, max_content_width=100, help_option_names=["-h", "--help"]
    )
    parts = ["# Commands\n\nThe help of every command, as `--help` prints it. This page is written by `make docs`.\n"]
    for words, text in _helps(main, context, "salient"):
        parts.append(f"\n## `{words}`\n\n```\n{text}\n```\n")
    return "".join(parts)


def _helps(command: click.Command, context: click.Context, words: str) -> list[tuple[str, str]]:
    found = [(words, "\n".join(line.rstrip() for line in command.get_help(context).splitlines()))]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                inner = click.Context(below, info_name=name, parent=context, terminal_width=100, max_content_width=100)
                found += _helps(below, inner, f"{words} {name}")
    return found
