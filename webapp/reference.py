"""The reference pages of the documentation, written from the code so that they cannot go stale."""

from __future__ import annotations

from dataclasses import fields

import click

from models.taxonomy import shipped
from screening.engine.reasons import Doubt, Reason
from webapp.reference_api import api_page
from webapp.reference_questions import questionnaires_page
from webapp.setting_kinds import About
from webapp.settings import Settings


def pages() -> dict[str, str]:
    """Every generated page by the name of its file under `docs/reference/`."""
    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "reasons.md": reasons_page(),
        "roles.md": roles_page(),
        "taxonomy.md": taxonomy_page(),
        "questionnaires.md": questionnaires_page(),
        "api.md": api_page(),
    }


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


def reasons_page() -> str:
    """Every reason why a file or a page was not read and every doubt about one that was, with their sentences."""
    rows = "\n".join(f"| `{reason.value}` | {reason.advice} |" for reason in Reason)
    doubts = "\n".join(f"| `{doubt.value}` | {doubt.sentence} |" for doubt in Doubt)
    return (
        "# Reasons\n\nWhy a document, a page or a file inside an archive was not read, from a closed list. "
        "Written by `salient docs`.\n\n| word | what its sender is told |\n|---|---|\n" + rows + "\n"
        "\n## Doubts\n\nWhy a page that was read may not be all, or not what, people see: `doubts` of `pages.jsonl`. "
        "Those of the first four make `hidden_text` true.\n\n| word | what is said of it |\n|---|---|\n" + doubts + "\n"
    )


def roles_page() -> str:
    """Who may open what: the table that is enforced before every request."""
    from webapp import access

    return (
        "# Roles\n\n"
        "Who may open which page, and who may do what. This very table is enforced before every request and driven "
        "cell by cell by the tests. *own*: only what belongs to the person's own organisation; to everybody else the "
        "same thing does not exist. This page is written by `make docs`.\n\n" + access.as_table()
    )


def taxonomy_page() -> str:
    """Every category and signal with its severity and the clauses that it touches."""
    known = shipped()
    parts = [
        f"# Taxonomy {known.version}\n\n"
        f"{len(known.categories)} categories and {len(known.signals)} signals. *Floor* is the lowest priority for "
        "review of an actual impact; *scale* and *irremediability* run from 1 to 5. These three are our own defaults, "
        "no scheme's. The number of a clause with a question mark is not certain: look it up before you cite it. "
        "This page is written by `make docs`.\n"
    ]
    for category in known.categories:
        parts.append(f"\n## {category.id} {category.name.en}\n\n")
        parts.append("| code | signal | floor | scale | irremediability | touches |\n|---|---|---|---|---|---|\n")
        for signal in category.signals:
            clauses = ", ".join(f"{r.scheme.upper()} {r.code}{'' if r.verified else '?'}" for r in signal.references)
            floor = f"{signal.floor}{', zero tolerance' if signal.zero_tolerance else ''}"
            gravity = f"{floor} | {signal.scale} | {signal.irremediability}"
            parts.append(f"| `{signal.id}` | {signal.name.en} | {gravity} | {clauses} |\n")
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
