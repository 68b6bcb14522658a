"""Measures how long it takes to find the copies of a document among a hundred thousand.

Usage: python -m tests.bench.bench_copies [DOCUMENTS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from models import migrations
from models.db import Database
from models.documents import Document, DocumentState
from models.extracts import DocumentBand, DocumentPrint
from models.operations.knowing import same_as
from models.people import Role
from screening.engine.sketches import BANDS, NUMBERS, bands_of
from tests.factories import NOON, make_document, make_person, make_supplier

ROUNDS = 50


def main(count: int) -> None:
    chance = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'copies.sqlite3'}")
        migrations.upgrade(database.engine)
        with database.transaction() as session:
            supplier = make_supplier(session)
            sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
            reader = make_person(session, organisation=supplier.buyer)
            model = make_document(session, supplier=supplier, by=sender, state=DocumentState.SCREENED)
            ids = [uuid.UUID(int=number + 1) for number in range(count)]
            shared = {"supplier_id": supplier.id, "uploaded_by_id": sender.id, "uploaded_at": NOON, "size": 1}
            shared |= {"state": DocumentState.SCREENED, "pages": 1, "pages_read": 1, "languages": []}
            session.execute(
                insert(Document), [{"id": key, "name": "a.pdf", "sha256": f"{key.int:064x}", **shared} for key in ids]
            )
            sketches = [chance.integers(0, 2**32, NUMBERS, dtype=np.uint32).tobytes() for _ in ids]
            session.execute(
                insert(DocumentPrint),
                [{"document_id": key, "sketch": sketch} for key, sketch in zip(ids, sketches, strict=True)],
            )
            bands = [
                {"band": band, "document_id": key}
                for key, sketch in zip(ids, sketches, strict=True)
                for band in bands_of(sketch)
            ]
            session.execute(insert(DocumentBand), bands)
            session.add(DocumentPrint(document_id=model.id, sketch=sketches[7]))
            session.add_all(DocumentBand(band=band, document_id=model.id) for band in bands_of(sketches[7]))
        seconds = []
        with database.reading() as session:
            for _ in range(ROUNDS):
                began = time.perf_counter()
                found = same_as(session, model, by=reader)
                seconds.append(time.perf_counter() - began)
                assert [same.document.id for same in found] == [ids[7]]
        database.close()
    print(
        f"{count} documents, {count * BANDS} bands: median {1000 * statistics.median(seconds):.1f} ms, "
        f"slowest {1000 * max(seconds):.1f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
