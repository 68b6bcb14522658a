"""`salient seed`: an invented installation of any size, to see how fast the pages are with it."""

from __future__ import annotations

import time
from datetime import datetime

import click
from tqdm import tqdm

from webapp.commands import progress_wanted, read_settings


@click.command()
@click.option(
    "--findings", type=click.IntRange(1, 5_000_000), default=2000, show_default=True, help="Flagged passages."
)
@click.option("--documents", type=click.IntRange(1, 500_000), help="A tenth of the findings, if not said.")
@click.option("--suppliers", type=click.IntRange(1, 20_000), help="One for fifty documents, if not said.")
@click.option("--reviewers", type=click.IntRange(2, 500), default=20, show_default=True, help="People at the desk.")
@click.option("--seed", "number", type=int, default=7, show_default=True, help="Another number, another invention.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the invented history; today, if not said."
)
def seed(
    findings: int, documents: int | None, suppliers: int | None, reviewers: int, number: int, today: datetime | None
) -> None:
    """Fill an empty database with an invented installation, to measure on or to plan its size.

    A few suppliers have most documents, most old findings have a verdict, confirmed ones have plans, and the journal
    holds each decision. The documents have texts and no files. A database that holds an organisation is refused. The
    same numbers, seed and day give the same rows, but for the password.

    \b
    Example:
      SALIENT_DATA=/srv/trial salient seed --findings 100000
    """
    settings = read_settings()
    from models.base import utcnow
    from webapp.passwords import hashed, made_up
    from webapp.runtime import runtime
    from webapp.seeding import Size, load
    from webapp.seeding.company import DOMAIN
    from webapp.upgrading import upgrade

    upgrade(settings)
    day = (today or utcnow()).date()
    size = Size.of(findings, today=day, documents=documents, suppliers=suppliers, reviewers=reviewers, seed=number)
    began, password = time.monotonic(), made_up()
    with (
        runtime(settings) as opened,
        tqdm(total=findings, unit=" findings", disable=not progress_wanted(), leave=False) as bar,
    ):
        company = load.fill(
            opened.database,
            size,
            password_hash=hashed(password),
            production=settings.is_production,
            told=bar.update,
        )
    click.echo(
        f"{size.findings} findings in {size.documents} documents of {size.suppliers} suppliers, written in "
        f"{time.monotonic() - began:.0f} s."
    )
    desk, lead, admin = company.logins[0], *company.logins[-2:]
    click.echo(f"Log in with the password  {password}  as {desk}, {lead}, {admin} or supplier1@suppliers.{DOMAIN}.")
