"""Keeps work in the hands of the worker that is at it, so that only a silent one loses it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.orm import Session

from models.db import Database


@contextmanager
def held(database: Database, lease: timedelta, renew: Callable[[Session], bool]) -> Iterator[None]:
    """Renew the lease from a thread while the block runs, three times before it ends; `renew` says if it still can."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(lease.total_seconds() / 3):
            with database.transaction() as session:
                if not renew(session):
                    return

    thread = threading.Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
