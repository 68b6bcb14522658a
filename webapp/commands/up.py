"""`salient up`: the whole product on one machine, with one command."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webapp.commands import read_settings


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port of the web server [default: SALIENT_PORT or 8000]."
)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="The data folder [default: var].")
@click.option("--workers", type=click.IntRange(1, 64), help="How many workers [default: SALIENT_WORKERS or 2].")
@click.option("--demo", is_flag=True, help="Load a demonstration company and screen its documents.")
@click.option("--logs", is_flag=True, help="Show every log here, instead of in files under the data folder.")
def up(port: int | None, data: Path | None, workers: int | None, *, demo: bool, logs: bool) -> None:
    """Run everything on this machine: queue server, database, web server, workers and clock.

    Ctrl-C stops all of it. What people entered stays in the data folder.

    \b
    Examples:
      salient up --demo
      salient up --port 8080 --data /srv/salient --workers 4
    """
    settings = read_settings(port=port, data=data and data.absolute(), workers=workers)
    from webapp.installation import CannotStart, Installation
    from webapp.logging import set_up

    set_up(settings)
    screen = Screen()
    load = later = None
    if demo:
        from webapp.demonstration import load_once, plan_once

        load, later = load_once, plan_once
    try:
        Installation(settings, say=screen.say, show=screen.show, load=load, later=later, logs_here=logs).run()
    except CannotStart as why:
        raise click.ClickException(str(why)) from None


class Screen:
    """Lines on a terminal, the last of which may be written over; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._open = False
        self._last = ""

    def say(self, line: str) -> None:
        self._close()
        click.echo(line)

    def show(self, line: str) -> None:
        """Progress. A line that ends with a line break stays."""
        text = line.rstrip("\n")
        if not self._is_terminal:
            if line.endswith("\n"):
                click.echo(text)
            return
        if self._open and text == self._last:
            return
        padding = " " * max(0, len(self._last) - len(text))
        click.echo(f"\r{text}{padding}", nl=line.endswith("\n"))
        self._open, self._last = not line.endswith("\n"), text

    def _close(self) -> None:
        if self._open:
            click.echo()
        self._open = False
