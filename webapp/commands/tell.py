"""What an operator asks of an installation: its settings, whether it is well, and its reference pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from webapp.commands import read_settings


@click.command()
@click.option("--markdown", is_flag=True, help="Print the reference page instead: no values, only defaults.")
def settings(*, markdown: bool) -> None:
    """List every setting with its value and its meaning. Secrets are never shown.

    \b
    Example:
      salient settings
    """
    from webapp.reference import settings_page
    from webapp.settings import catalogue

    if markdown:
        click.echo(settings_page(), nl=False)
        return
    current = read_settings()
    for name, about in catalogue().items():
        value = getattr(current, name)
        click.echo(f"{about.variable} = {_shown(value, secret=about.secret) or about.shown_default}")
        click.echo(f"    {about.meaning}")


@click.command()
@click.option("--files", is_flag=True, help="Compare every file of the vault with the tables too, which takes longer.")
def doctor(*, files: bool) -> None:
    """Say in plain words what is installed, reachable and well. Ends with 1 when nobody can work.

    \b
    Example:
      salient doctor
      salient doctor --files
    """
    current = read_settings()
    from models.base import utcnow
    from webapp import checkup
    from webapp.installed import parts
    from webapp.runtime import open_runtime

    opened = open_runtime(current)
    try:
        found = checkup.examine(opened, now=utcnow())
        if files:
            found = replace(found, parts=(*found.parts, checkup.compare_files(opened)))
    finally:
        opened.close()
    for name, words in parts():
        click.echo(f"        {name}: {words}")
    for part in found.parts:
        click.echo(f"{part.state.value:7} {part.name}{': ' if part.remark else ''}{part.remark}")
    if found.state is checkup.State.DOWN:
        raise click.ClickException("Nobody can work with this installation until the parts that are down are repaired.")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/reference"))
def docs(folder: Path) -> None:
    """Write the reference pages from the code into FOLDER.

    \b
    Example:
      salient docs docs/reference
    """
    from webapp.reference import pages

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(f"Wrote {folder / name}")


def _shown(value: object, *, secret: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    parts = value if isinstance(value, tuple) else (value,)
    text = ", ".join(":".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in parts)
    return "(set, not shown)" if secret and text else text
