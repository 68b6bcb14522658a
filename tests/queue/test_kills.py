"""Workers and the queue server are ended in the middle of a batch: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from models.base import utcnow
from models.documents import DocumentState
from models.work import Work
from tests.queue.conftest import READERS, Report
from tests.queue.forge import Forge
from tests.queue.house import House, Row, children, horse, kill, make_pdf
from webapp.processes import is_running
from webapp.worker import HEARTBEAT

KILLS = 5
Audits = dict[str, bytes]


def test_killed_workers_lose_nothing_and_double_nothing(
    house: House, audits: Audits, fault_free: tuple[Row, ...], report: Report
) -> None:
    chance = random.Random(7)
    house.environ["JUDGE_SECONDS"] = "0.4"
    house.start()
    house.upload(audits)
    orphans: set[int] = set()
    for number in range(KILLS):
        victim, child = house.busy_worker()
        time.sleep(chance.uniform(0, 0.2))
        if number % 3 == 0:
            with contextlib.suppress(ProcessLookupError):  # It may have ended its document by now.
                os.kill(child, signal.SIGKILL)
        else:
            orphans |= {child, *children(victim.pid)}
            kill(victim)
            house.workers.remove(victim)
            house.start_worker()
    tally = house.drain(len(audits))
    house.wait(lambda: not any(map(is_running, orphans)), seconds=60, what="children of killed workers lived on")
    report(tally, fault_free, kills=KILLS)
    assert (tally.lost, tally.twice) == (0, 0)
    assert tally.rows == fault_free
    assert tally.attempts > len(audits), "no kill hit a worker in the middle of a document"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_or_emptied_queue_server_loses_nothing(
    house: House, audits: Audits, fault_free: tuple[Row, ...], report: Report
) -> None:
    house.start()
    house.upload(audits)
    for place in (3, 7):
        house.go_on_until(place)
        house.kill_queue()
        time.sleep(0.3)
        house.start_queue()
    house.go_on_until(11)
    house.flush_queue()
    tally = house.drain(len(audits))
    report(tally, fault_free, queue_kills=2, flushes=1)
    assert (tally.lost, tally.twice) == (0, 0)
    assert tally.rows == fault_free


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_slept_through_its_lease_is_taken_over_and_its_late_result_refused(
    house: House, report: Report
) -> None:
    house.start(workers=1)
    house.upload({"slow.pdf": make_pdf(3, extra="SLEEP 5")})
    sleeper, _ = house.busy_worker()
    time.sleep(0.5)
    child = horse(sleeper.pid)
    assert child is not None
    for pid in (sleeper.pid, child):
        os.kill(pid, signal.SIGSTOP)
    house.start_worker()
    tally = house.drain(1)
    for pid in (child, sleeper.pid):
        os.kill(pid, signal.SIGCONT)
    house.wait(lambda: "late_result_refused" in house.log.read_text(), seconds=90, what="no late result was refused")
    after = house.tally()
    report(after, tally.rows, late_results_refused=house.log.read_text().count("late_result_refused"))
    assert after == tally
    assert (after.lost, after.twice, after.attempts) == (0, 0, 2)
    assert len(after.rows) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_document_that_kills_its_worker_is_set_aside_after_three_tries_while_others_go_on(
    house: House, audits: Audits, fault_free: tuple[Row, ...], report: Report
) -> None:
    house.start()
    house.upload({"poison.pdf": make_pdf(0, extra="POISON")} | audits)
    tally = house.drain(len(audits) + 1)
    state, reason, attempts = house.state_of("poison.pdf")
    report(tally, fault_free, set_aside=tally.states["set_aside"])
    assert (state.value, reason, attempts) == ("set_aside", "failed_repeatedly", 3)
    assert tally.states == {"screened": len(audits), "set_aside": 1}
    assert tally.rows == fault_free


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_uploads_while_the_queue_is_down_are_quick_and_screened_when_it_returns(
    house: House, audits: Audits, fault_free: tuple[Row, ...], report: Report
) -> None:
    house.start_clock()
    house.start_worker()
    slowest = 0.0
    for name, data in audits.items():
        began = time.monotonic()
        house.upload({name: data})
        slowest = max(slowest, time.monotonic() - began)
    assert house.ended() == 0
    house.start_queue()
    tally = house.drain(len(audits))
    report(tally, fault_free, uploads_while_down=len(audits), slowest_upload_ms=round(slowest * 1000))
    assert slowest < 3, "nobody waits for a queue server that is away"
    assert (tally.lost, tally.twice) == (0, 0)
    assert tally.rows == fault_free


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_loses_the_queue_server_ends_its_document_first_and_goes_on(house: House, report: Report) -> None:
    house.start(workers=1)
    house.upload({"slow.pdf": make_pdf(3, extra=f"SLEEP {HEARTBEAT + 5}"), "next.pdf": make_pdf(2)})
    worker = house.workers[0]
    house.wait(lambda: house.tally().states["reading"] == 1, seconds=90, what="nothing was begun")
    house.kill_queue()
    time.sleep(HEARTBEAT + 1)
    house.start_queue()
    house.go_on_until(1)
    assert house.state_of("slow.pdf")[0] is DocumentState.SCREENED, "a second child was started beside the first"
    tally = house.drain(2)
    report(tally, tally.rows, queue_kills=1)
    assert worker.poll() is None
    assert (tally.lost, tally.twice, tally.attempts, len(tally.rows)) == (0, 0, 2, 9)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_is_stopped_in_the_middle_leaves_its_document_to_the_next_at_once(
    tmp_path: Path, database_url: str, forge: Forge
) -> None:
    house = House(tmp_path, database_url, lease=300, forge=forge, readers=READERS)
    try:
        house.start(workers=1)
        house.upload({"slow.pdf": make_pdf(3, extra="SLEEP 60")})
        house.wait(lambda: house.tally().states["reading"] == 1, seconds=90, what="nothing was begun")
        worker = house.workers[0]
        worker.terminate()
        time.sleep(1.2)
        assert worker.poll() is None, "the first request lets it end its document"
        worker.terminate()
        worker.wait(timeout=10)
        with house.runtime.database.reading() as session:
            left = session.scalars(select(Work)).one()
    finally:
        house.close()
    assert left.lease_until is not None
    assert left.lease_until <= utcnow()
