"""`salient import`: a whole archive into the server's database, by hand or by a script."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from tqdm import tqdm

from webapp.commands import progress_wanted, read_settings

if TYPE_CHECKING:
    from models.operations.importing import Place
    from webapp.runtime import Runtime

EVERY = 1.0
"""Seconds between two looks at how far it has come."""


@click.command("import")
@click.argument("place")
@click.option("--by", "email", required=True, help="E-mail address of the person who answers for it.")
@click.option("--supplier", help="All files are of this supplier, named as it is here.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="CSV file with the columns path, supplier and, if wanted, site.")  # fmt: skip
@click.option("--wait", is_flag=True, help="Stay until every file is settled and every document has ended.")
def import_(place: str, email: str, supplier: str | None, mapping: Path | None, *, wait: bool) -> None:
    """Import a folder, an archive or an s3:// prefix into the server; its workers do the work.

    Without --supplier and --mapping the text of each file proposes whose it is, and a person confirms on the
    import's page. A folder must be within reach of the workers.

    \b
    Example:
      salient import /srv/audits/2025 --mapping suppliers.csv --by lead@example.com --wait
    """
    if supplier and mapping:
        raise click.UsageError("Give either --supplier or --mapping.")
    settings = read_settings()
    from webapp.runtime import runtime

    with runtime(settings) as opened:
        import_id = _begin(opened, _place(opened, place), email, supplier, mapping)
        click.echo(f"Import {import_id} has begun.")
        if wait:
            _wait(opened, import_id)


def _begin(opened: Runtime, place: Place, email: str, supplier: str | None, mapping: Path | None) -> UUID:
    from sqlalchemy import select

    from models.base import utcnow
    from models.errors import NotFound
    from models.operations import importing
    from models.operations.mapping import Names, Rule, everything_of, read_mapping
    from models.operations.scope import suppliers
    from models.people import Person

    with opened.database.transaction() as session:
        person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
        if person is None:
            raise NotFound("Nobody with this e-mail address may log in here.")
        rules: tuple[Rule, ...] = ()
        if supplier:
            owner = Names.of(suppliers(session, by=person)).named(supplier)
            if owner is None:
                raise NotFound("There is no supplier of this name.")
            rules = everything_of(owner.id)
        elif mapping:
            rules = read_mapping(session, mapping.read_text(encoding="utf-8-sig"), by=person)
        return importing.begin(session, place, rules, by=person, now=utcnow()).id


def _place(opened: Runtime, place: str) -> Place:
    """What was named, as the workers will find it. An archive is kept in the vault first."""
    from models.imports import ImportKind
    from models.operations.importing import Place

    if place.startswith("s3://"):
        return Place(ImportKind.S3, place, place.partition("?")[0].rstrip("/").rsplit("/", 1)[-1])
    path = Path(place).expanduser().resolve()
    if path.is_dir():
        return Place(ImportKind.FOLDER, str(path), path.name)
    if not path.is_file():
        raise click.BadParameter(f"There is no folder or archive {place}.")
    with path.open("rb") as stream:
        stored = opened.vault.put(stream, limit=opened.settings.upload_bytes)
    return Place(ImportKind.ZIP, stored.sha256, path.name)


def _wait(opened: Runtime, import_id: UUID) -> None:
    from models.base import utcnow
    from models.imports import EntryState, Import, ImportState
    from models.operations import pacing

    with tqdm(unit="document", disable=not progress_wanted(), dynamic_ncols=True) as bar:
        while True:
            with opened.database.reading() as session:
                found = session.get_one(Import, import_id)
                seen = pacing.pace(session, found, now=utcnow())
            bar.total = seen.finished + seen.open
            bar.update(seen.finished - bar.n)
            if not found.state.is_running and not (found.state is ImportState.DONE and seen.open):
                break
            time.sleep(EVERY)
    files = ", ".join(f"{count} {state.value}" for state, count in seen.files.items() if count) or "no files"
    click.echo(f"{found.state.value}: {files}; {seen.finished} documents have ended.")
    if found.state is ImportState.FAILED:
        raise click.ClickException(f"It was stopped ({found.reason}). Put that right and resume it on its page.")
    if seen.files[EntryState.HELD]:
        click.echo("Some files wait for a person to say whose they are: open the import's page.")
