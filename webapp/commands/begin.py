"""How a real installation begins: its first company with an administrator, then the suppliers."""

from __future__ import annotations

import click

from webapp.commands import read_settings

_LANGUAGES = click.Choice(["en", "nl"])


@click.command()
@click.argument("company")
@click.option("--admin", required=True, help="Name of the first administrator.")
@click.option("--email", required=True, help="The address with which the administrator logs in.")
@click.option("--language", type=_LANGUAGES, default="en", show_default=True, help="The language of the pages.")
def begin(company: str, admin: str, email: str, language: str) -> None:
    """Make a buying company with its first administrator, and print the first password once.

    \b
    Example:
      salient begin "Your Company" --admin "Your Name" --email you@example.com
    """
    settings = read_settings()
    from models.base import utcnow
    from models.operations.founding import found_buyer
    from webapp.passwords import hashed, made_up
    from webapp.runtime import runtime
    from webapp.upgrading import upgrade

    upgrade(settings)
    password = made_up()
    with runtime(settings) as opened, opened.database.transaction() as session:
        found_buyer(
            session, company, admin=admin, email=email, password_hash=hashed(password), language=language, now=utcnow()
        )
    click.echo(f"{email} may log in with the password  {password}\nChange it after the first log-in.")


@click.group()
def supplier() -> None:
    """The suppliers of a buying company."""


@supplier.command()
@click.argument("company")
@click.option("--person", required=True, help="Name of the first person who may log in for the supplier.")
@click.option("--email", required=True, help="The address with which this person logs in.")
@click.option("--by", "admin", required=True, help="The address of the buyer's administrator who takes it up.")
@click.option("--language", type=_LANGUAGES, default="en", show_default=True, help="The language of the pages.")
def add(company: str, person: str, email: str, admin: str, language: str) -> None:
    """Take up a supplier with its first person, and print the first password once.

    \b
    Example:
      salient supplier add "Their Company" --person "Their Name" --email them@example.org --by you@example.com
    """
    settings = read_settings()
    from models.base import utcnow
    from models.errors import NotFound
    from models.operations.accounts import find_by_email
    from models.operations.founding import add_supplier
    from webapp.passwords import hashed, made_up
    from webapp.runtime import runtime

    password = made_up()
    with runtime(settings) as opened, opened.database.transaction() as session:
        by = find_by_email(session, admin)
        if by is None:
            raise NotFound("Nobody with the address given as --by may log in.")
        add_supplier(
            session, company, person=person, email=email, password_hash=hashed(password), language=language, by=by,
            now=utcnow(),
        )  # fmt: skip
    click.echo(f"{email} may log in with the password  {password}\nChange it after the first log-in.")
