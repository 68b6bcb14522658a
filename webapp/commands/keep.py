"""What an operator does to the database by hand: migrate it, verify its journal, load the demonstration company."""

from __future__ import annotations

import click

from webapp.commands import read_settings


@click.command()
def migrate() -> None:
    """Bring the database to the shape that this version expects. Does nothing when it has it.

    \b
    Example:
      DATABASE_URL=postgresql://salient@db/salient salient migrate
    """
    settings = read_settings()
    from webapp.upgrading import upgrade

    before, after = upgrade(settings)
    if before == after:
        click.echo(f"The database is up to date ({after}).")
    else:
        click.echo(f"The database was brought from {before or 'nothing'} to {after}.")


@click.group()
def journal() -> None:
    """The journal of who did what: append-only, each entry sealed with the one before."""


@journal.command()
def verify() -> None:
    """Check every seal of the journal, and name the first entry that was changed.

    \b
    Example:
      salient journal verify
    """
    settings = read_settings()
    from models.journal import verify as find_break
    from webapp.runtime import runtime

    with runtime(settings) as opened, opened.database.reading() as session:
        broken = find_break(session)
    if broken is not None:
        raise click.ClickException(f"The journal does not hold: entry {broken.number} {broken.what}.")
    click.echo("The journal holds: no entry was changed, removed or put in.")


@click.group()
def demo() -> None:
    """The demonstration company, with suppliers, documents and log-ins. Invented from end to end."""


@demo.command()
def load() -> None:
    """Load the demonstration company into the database.

    \b
    Example:
      salient demo load
    """
    settings = read_settings()
    from webapp.demonstration import load_once
    from webapp.runtime import runtime

    with runtime(settings) as opened:
        for line in load_once(opened):
            click.echo(line)
