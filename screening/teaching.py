"""The jobs behind a classifier of one's own: learn a candidate from decisions, and have findings weighed by it."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from models.operations import learning_rows
from models.operations.learning_rows import Claimed, Weighed
from models.own_classifiers import STEPS
from screening.jobs import Workbench, at_hand
from screening.leases import held

if TYPE_CHECKING:
    from screening.engine.vectors import Vectors
    from screening.tenants.classifier import Classifier

log = logging.getLogger(__name__)

FIRST = 3_000
"""So many of what waits are weighed by a candidate: enough to see what it would change."""
PORTION = 200
TURN = 60.0
"""Seconds after which weighing rings again and lets others have their turn."""
_LIMIT = 128 * 1024 * 1024


def learn_classifier(classifier_id: str) -> None:
    """Learn and measure one candidate. Does nothing when that is done already or in other hands."""
    from screening.tenants.opinions import TooFew  # What learning needs: other jobs start without it.

    bench = at_hand()
    with bench.database.transaction() as session:
        task = learning_rows.claim(session, UUID(classifier_id), now=bench.now(), lease=bench.lease)
    if task is None:
        return
    try:
        with held(
            bench.database,
            bench.lease,
            lambda session: learning_rows.renew(session, task, now=bench.now(), lease=bench.lease),
        ):
            kept = _learn(bench, task)
    except TooFew as short:
        with bench.database.transaction() as session:
            learning_rows.hindered(session, task, short.why, short.shortage, now=bench.now())
        log.info("classifier_not_learned", extra={"classifier_id": classifier_id, "why": short.why.value})
        return
    log.info("classifier_learned" if kept else "late_result_refused", extra={"classifier_id": classifier_id})


def weigh_findings(classifier_id: str) -> None:
    """Have what waits, and was not looked at, weighed by the classifier in use; portion after portion."""
    bench = at_hand()
    began, known = time.monotonic(), None
    while True:
        with bench.database.reading() as session:
            keys = learning_rows.unweighed(session, UUID(classifier_id), limit=PORTION)
        if not keys:
            return
        if time.monotonic() - began >= TURN:
            with bench.database.transaction() as session:
                learning_rows.ring_again(session, UUID(classifier_id))
            return
        if known is None:
            known, vectors = _loaded(bench, UUID(classifier_id)), _vectors()
        [found] = _weighed(bench, [known], keys, vectors)
        with bench.database.transaction() as session:
            learning_rows.keep_opinions(session, UUID(classifier_id), found, to=keys[-1], now=bench.now())
        log.info("findings_weighed", extra={"classifier_id": classifier_id, "count": len(found)})


def _learn(bench: Workbench, task: Claimed) -> bool:
    """Whether it was kept. Raises TooFew."""
    from screening.tenants import opinions

    done = 0

    def told(_what: str = "") -> None:
        nonlocal done
        done = min(done + 1, STEPS - 1)
        with bench.database.transaction() as session:
            learning_rows.told(session, task, done)

    with bench.database.reading() as session:
        rows = learning_rows.decided(session, task.buyer_id)
        waiting = learning_rows.waiting(session, task.buyer_id)
        first = learning_rows.waiting_first(session, task.buyer_id, limit=FIRST)
    dealt = opinions.deal(rows)
    told()
    vectors = _vectors()
    # What is kept is judged, not what was learned: storing rounds its numbers.
    data, version = opinions.packed(opinions.taught(dealt, vectors=vectors, told=told))
    candidate = opinions.unpacked(data)
    current = None if task.current_files is None else opinions.unpacked(bench.vault.get(task.current_files))
    measured = opinions.measured(dealt, candidate, current, vectors=vectors)
    told()
    judges = [candidate] if current is None else [candidate, current]
    ours, *theirs = _all_weighed(bench, judges, first, vectors)
    change = opinions.change(ours, theirs[0] if theirs else None, waiting=waiting)
    measured = replace(measured, change=change)
    stored = bench.vault.put(io.BytesIO(data), limit=_LIMIT)
    with bench.database.transaction() as session:
        return learning_rows.finish(
            session, task, files_sha256=stored.sha256, version=version, measured=measured, opinions=ours,
            now=bench.now(),
        )  # fmt: skip


def _all_weighed(
    bench: Workbench, judges: Sequence[Classifier], keys: Sequence[UUID], vectors: Vectors
) -> list[list[Weighed]]:
    """For each of the classifiers its opinions on the same findings, in the same order."""
    found: list[list[Weighed]] = [[] for _ in judges]
    for start in range(0, len(keys), PORTION):
        portion = _weighed(bench, judges, keys[start : start + PORTION], vectors)
        for one, more in zip(found, portion, strict=True):
            one += more
    return found


def _weighed(
    bench: Workbench, judges: Sequence[Classifier], keys: Sequence[UUID], vectors: Vectors
) -> list[list[Weighed]]:
    """Opinions on these findings, each seen among the others of its document."""
    from screening.tenants import opinions

    with bench.database.reading() as session:
        rows = learning_rows.around(session, keys)
    asked = set(keys)
    return [
        [one for one in opinions.weigh(known, rows, vectors=vectors) if one.finding_id in asked] for known in judges
    ]


def _loaded(bench: Workbench, classifier_id: UUID) -> Classifier:
    from screening.tenants import opinions

    with bench.database.reading() as session:
        sha256 = learning_rows.files(session, classifier_id)
    return opinions.unpacked(bench.vault.get(sha256 or ""))


def _vectors() -> Vectors:
    from screening.engine.vectors import Vectors

    return Vectors.wide()
