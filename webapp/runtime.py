"""Opens what a process works with, from the settings: the database, the file store and the doorbell of the queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from models.db import Database, Ring
from models.imports import ImportKind
from models.vault import FolderVault, Vault
from screening.sources import FolderSource, Source
from webapp.queues import Doorbell
from webapp.settings import Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """What every door of the product opens first. Made once a process, after it has forked."""

    settings: Settings
    database: Database
    vault: Vault
    doorbell: Doorbell

    def close(self) -> None:
        self.database.close()


def open_runtime(settings: Settings, *, ring: Ring | None = None, pool_size: int = 10) -> Runtime:
    """Open everything. `ring` stands in for the plain doorbell where a process rings in its own way."""
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    doorbell = Doorbell(settings.queue)
    database = Database.open(settings.database, ring=ring or doorbell, pool_size=pool_size)
    return Runtime(settings, database, open_vault(settings.vault), doorbell)


@contextmanager
def runtime(settings: Settings) -> Iterator[Runtime]:
    """The runtime for the length of a block."""
    opened = open_runtime(settings)
    try:
        yield opened
    finally:
        opened.close()


def open_vault(address: str) -> Vault:
    """The file store at a `file:///folder` or `s3://bucket/prefix?endpoint=...` address."""
    if address.startswith("s3://"):
        from webapp.s3 import S3Vault  # Only who uses such a store needs its library.

        return S3Vault.at(address)
    return FolderVault(Path(unquote(urlsplit(address).path)))


def open_source(kind: ImportKind, address: str) -> Source:
    """The place of an import: a folder, or an `s3://bucket/prefix?endpoint=...` address."""
    if kind is ImportKind.S3:
        from webapp.objects import ObjectSource  # Only who uses such a store needs its library.

        return ObjectSource.at(address)
    return FolderSource(Path(address))
