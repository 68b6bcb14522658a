"""The command `salient`. A command's code is loaded when it is called, so that `salient --help` is there at once."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

import click


class Place(NamedTuple):
    """Where a command's code is, and what `salient --help` says of it."""

    module: str
    name: str
    summary: str


COMMANDS = {
    "up": Place("up", "up", "Run everything on this machine."),
    "begin": Place("begin", "begin", "Make a buying company with its first administrator."),
    "supplier": Place("begin", "supplier", "The suppliers of a buying company."),
    "screen": Place("screen", "screen", "Screen files and folders, without a server or a database."),
    "import": Place("imports", "import_", "Import an archive into the server, file by file."),
    "classify": Place("classify", "classify", "Judge passages, one JSON object a line."),
    "compare": Place("compare", "compare", "Hold answers against evidence, one JSON object a line."),
    "train": Place("teach", "train", "Learn a classifier of your own from labelled texts."),
    "predict": Place("teach", "predict", "Label texts with a classifier of your own."),
    "evaluate": Place("teach", "evaluate", "Measure a classifier of your own on labelled texts."),
    "versions": Place("teach", "versions", "Compare, promote and roll back classifiers of your own."),
    "sample": Place("sample", "sample", "Draw passages that were not flagged, for a person to read."),
    "estimate": Place("sample", "estimate", "Say from the answers how many passages may hide a finding."),
    "corpus": Place("classify", "corpus", "Check the labelled passages that the classifier learns from."),
    "questionnaire": Place("questionnaire", "questionnaire", "Check a questionnaire file, and see its paths."),
    "web": Place("run", "web", "Run the web server."),
    "worker": Place("run", "worker", "Run workers that read and screen what was uploaded."),
    "clock": Place("run", "clock", "Run the clock that rings again for work that stalled."),
    "queue": Place("run", "queue", "Run the embedded queue server."),
    "migrate": Place("keep", "migrate", "Bring the database to the shape of this version."),
    "journal": Place("keep", "journal", "The journal: verify that nothing in it was changed."),
    "demo": Place("keep", "demo", "The demonstration company."),
    "seed": Place("seed", "seed", "Fill an empty database with an invented installation."),
    "settings": Place("tell", "settings", "List every setting with its meaning and value."),
    "doctor": Place("tell", "doctor", "Say what is installed, reachable and well."),
    "docs": Place("tell", "docs", "Write the reference pages of the documentation."),
}


FOR_PEOPLE = frozenset(
    {
        "models.errors.DomainError",
        "screening.engine.classifier.ClassifierError",
        "screening.tenants.classifier.ClassifierFault",
        "screening.tenants.examples.DataError",
        "webapp.s3.VaultUnreachable",
        "webapp.settings.SettingsError",
    }
)


class Lazy(click.Group):
    """A group that knows its commands by name and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(importlib.import_module(f"webapp.commands.{place.module}"), place.name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.UsageError(f"{error.format_message()} `salient --help` lists the commands.", ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Errors that carry a sentence for people end with that sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except Exception as error:
            if is_for_people(error):
                raise click.ClickException(str(error)) from None
            raise


def is_for_people(error: Exception) -> bool:
    """Whether the error's words were written to be read: told by name, so that nothing need be loaded for it."""
    return any(f"{kind.__module__}.{kind.__qualname__}" in FOR_PEOPLE for kind in type(error).__mro__)


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="salient", message="salient %(version)s")
def main() -> None:
    """Salient finds risks to people in supplier documents, and follows each until it is remedied.

    \b
    Examples:
      salient up --demo                run everything here, with a demonstration company
      salient screen audits/ --out o   screen a folder of PDFs without a server
    """
