"""A session for looking writes nothing, and the server plans its questions once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models.base import utcnow
from models.db import Database
from models.people import Organisation, OrganisationKind

SO_OFTEN = 8
"""From the sixth time on the driver has a statement prepared."""


def test_what_is_written_while_looking_is_not_kept(database: Database) -> None:
    with database.reading() as session:
        session.add(Organisation(kind=OrganisationKind.BUYER, name="Northwind", created_at=utcnow()))
        if database.engine.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="read-only"):
                session.flush()
        else:
            session.flush()
    with database.transaction() as session:
        session.add(Organisation(kind=OrganisationKind.BUYER, name="Southwind", created_at=utcnow()))
    with database.reading() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Southwind"]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_remembers_what_it_was_asked_before(database: Database) -> None:
    for _ in range(SO_OFTEN):
        with database.reading() as session:
            session.scalar(select(func.count()).select_from(Organisation))
    with database.reading() as session:
        known = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("count(*)" in statement for statement in known)
