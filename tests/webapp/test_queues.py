"""The doorbell never harms who rings it, and nothing that is written into the queue by hand is run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Callback, Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from screening.engine.results import Screened
from webapp.embedded import wait_until_reachable
from webapp.queues import JOBS, QUEUE, Doorbell, connect, is_reachable, job_id
from webapp.settings import Settings
from webapp.worker import KnownJob, ScreeningWorker, UnknownJob

ROOT = Path(__file__).parents[2]
IDS = {"document_id": "01a20429-a7c6-72ac-aa42-232f6180cc0c"}


class NoTools:
    """For jobs that must not come so far."""

    def make_ready(self) -> None: ...
    def adopt(self) -> None: ...
    def renew(self) -> None: ...
    def close(self) -> None: ...
    def screen(self, data: bytes) -> Screened:
        raise AssertionError

    def draw(self, data: bytes, pages: list[int]) -> dict[int, bytes]:
        raise AssertionError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def server(settings: Settings) -> Iterator[Settings]:
    """A real queue server in the test's folder."""
    environ = {"SALIENT_DATA": str(settings.folder), "PATH": ""}
    process = subprocess.Popen([sys.executable, "-m", "webapp", "queue"], cwd=ROOT, env=environ)
    try:
        assert wait_until_reachable(settings, seconds=60)
        yield settings
    finally:
        process.kill()
        process.wait()


def test_a_ring_is_a_name_and_ids_as_json(server: Settings) -> None:
    Doorbell(server.queue)("screen_document", IDS)
    connection = connect(server.queue)
    (name,) = Queue(QUEUE, connection=connection, serializer=JSONSerializer).get_job_ids()
    kept = connection.hgetall(f"rq:job:{name}")
    assert kept[b"description"] == b"screen_document"
    job = KnownJob.fetch(name, connection=connection, serializer=JSONSerializer)
    assert (job.func_name, job.args, job.kwargs) == ("screening.jobs.screen_document", [], IDS)


def test_ringing_a_server_that_is_not_there_is_quick_and_silent(settings: Settings) -> None:
    began = time.monotonic()
    Doorbell(settings.queue)("screen_document", IDS)
    assert time.monotonic() - began < 2


def test_a_server_that_hangs_costs_one_patience_and_is_then_left_alone_for_a_while() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(5)
        ticks = iter(range(100))
        bell = Doorbell(f"redis://127.0.0.1:{mute.getsockname()[1]}", clock=lambda: next(ticks) * 0.01)
        began = time.monotonic()
        bell("screen_document", IDS)
        first = time.monotonic() - began
        for _ in range(20):
            bell("screen_document", IDS)
        assert first < 0.5
        assert time.monotonic() - began - first < 0.5


def test_the_clock_does_not_ring_for_what_waits_in_the_queue_already(server: Settings) -> None:
    bell = Doorbell(server.queue)
    bell("screen_document", IDS)
    assert bell.look() == 1
    bell.ring_unless_waiting("screen_document", IDS)
    bell.ring_unless_waiting("screen_document", {"document_id": "another"})
    assert bell.look() == 2


def test_two_rings_for_one_thing_have_names_of_their_own() -> None:
    assert job_id("screen_document", IDS) != job_id("screen_document", IDS)


def test_looking_at_a_server_that_is_not_there_says_so(settings: Settings) -> None:
    assert Doorbell(settings.queue).look() is None
    assert not is_reachable(settings.queue)


@pytest.mark.parametrize("name", ["os.system", "subprocess.run", "screening.leases.held", "builtins.eval"])
def test_a_job_that_is_none_of_ours_has_no_function(server: Settings, name: str) -> None:
    job = KnownJob.create(name, args=["true"], connection=connect(server.queue), serializer=JSONSerializer)
    with pytest.raises(UnknownJob):
        _ = job.func


def test_every_job_that_may_be_rung_for_exists(server: Settings) -> None:
    for name in JOBS.values():
        job = KnownJob.create(name, connection=connect(server.queue), serializer=JSONSerializer)
        assert job.func.__name__ == name.rpartition(".")[2]


def test_what_is_written_into_the_queue_by_hand_is_not_run(server: Settings, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    connection = connect(server.queue)
    as_json = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    as_json.enqueue("os.mkdir", str(trace))
    pickled = Queue(QUEUE, connection=connection).enqueue("os.mkdir", str(trace))
    kept = connection.hget(pickled.key, "data")
    assert isinstance(kept, bytes)
    assert zlib.decompress(kept).startswith(b"\x80"), "not a pickle: the test tests nothing"
    ScreeningWorker(server, NoTools()).work(burst=True, logging_level=None)
    assert not trace.exists()
    assert as_json.count == 0


def test_a_callback_or_address_that_is_put_onto_a_job_by_hand_is_not_called(server: Settings) -> None:
    connection = connect(server.queue)
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    asked = queue.enqueue("screening.jobs.screen_document", kwargs=IDS, on_success=Callback("os.mkdir"))
    plain = Job.fetch(asked.id, connection=connection, serializer=JSONSerializer)
    assert plain.success_callback is os.mkdir, "the attack would not work: the test tests nothing"
    ours = KnownJob.fetch(asked.id, connection=connection, serializer=JSONSerializer)
    assert (ours.success_callback, ours.failure_callback, ours.stopped_callback) == (None, None, None)


def test_a_second_queue_server_on_the_same_folder_says_so(server: Settings) -> None:
    environ = {"SALIENT_DATA": str(server.folder)}
    second = subprocess.run(
        [sys.executable, "-m", "webapp", "queue"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert is_reachable(server.queue)


def test_the_queue_server_keeps_its_rings_over_a_restart(settings: Settings) -> None:
    environ = {"SALIENT_DATA": str(settings.folder)}
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-m", "webapp", "queue"], cwd=ROOT, env=environ)
        assert wait_until_reachable(settings, seconds=60)
        bell = Doorbell(settings.queue)
        waiting = bell.look()
        bell("screen_document", IDS)
        process.terminate()
        process.wait()
    assert waiting == 1
