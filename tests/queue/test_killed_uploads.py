"""The web server and the database are killed in the middle of uploads: what was answered as received is there, once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.base import utcnow
from tests.queue.house import House, make_pdf
from tests.queue.uploading import Books, Promises, Server, balance, send_all
from tests.support.postgres import Server as Postgres

KILLS = 3
FILES = 400


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    made = Server(house)
    made.start()
    yield made
    made.kill()


def files(chance: random.Random) -> list[bytes]:
    """Small audits with a tail of many sizes, so that kills meet uploads at every stage. No two are alike."""
    audits = [make_pdf(number) for number in range(4)]
    return [
        audits[number % 4] + b"\n%" + chance.randbytes(chance.choice((10, 5_000, 400_000))) for number in range(FILES)
    ]


def is_sound(books: Books) -> bool:
    return (books.missing, books.twice, books.without_work, books.rows_without_file) == (0, 0, 0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_web_server_that_is_killed_keeps_what_it_promised(server: Server, tmp_path: Path) -> None:
    chance, promises, stop = random.Random(3), Promises(), threading.Event()
    sender = send_all(server, files(chance), promises, stop)
    for _ in range(KILLS):
        promises.wait_for_another()
        time.sleep(chance.uniform(0, 0.4))
        server.kill()
        server.start()
    time.sleep(0.5)
    stop.set()
    sender.join(30)
    server.kill()
    books = balance(server.house, promises)
    assert books.promised > 0
    assert promises.refused, "no kill met an upload"
    assert is_sound(books), books
    assert books.files_without_row <= KILLS, "only what was under way when the server died may be left over"
    server.house.runtime.vault.clear_partial(before=utcnow() + timedelta(seconds=1))
    assert not list((server.house.settings.folder / "vault" / "incoming").iterdir())


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_is_killed_keeps_what_was_promised(server: Server, postgres_server: Postgres) -> None:
    chance, promises, stop = random.Random(4), Promises(), threading.Event()
    sender = send_all(server, files(chance), promises, stop)
    for _ in range(KILLS):
        promises.wait_for_another()
        time.sleep(chance.uniform(0, 0.4))
        postgres_server.kill()
        time.sleep(0.1)
        postgres_server.start()
    time.sleep(0.5)
    stop.set()
    sender.join(30)
    books = balance(server.house, promises)
    assert books.promised > 0
    assert is_sound(books), books
    assert books.files_without_row <= len(promises.refused), "every file without a row was refused to its sender"
