"""The worker: waits for the bell, and lets a child of its own do each job, so that no document can end it."""

from __future__ import annotations

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from models.base import utcnow
from models.operations import ledger
from screening import jobs, recording
from screening.engine.members import Unpacked
from screening.engine.results import Finding, Reading, Screened
from screening.engine.stated import Facts
from webapp import calling
from webapp.logging import trace
from webapp.plan_settings import policy_of
from webapp.processes import die_with_parent
from webapp.queues import JOBS, QUEUE, connect
from webapp.runtime import open_runtime, open_source
from webapp.settings import Settings

if TYPE_CHECKING:
    from screening.comparing import Pair, Relation

log = logging.getLogger(__name__)

BLOCKING = 60
"""Seconds. A worker that waits for work shows itself at least so often."""

HEARTBEAT = 2
"""Seconds between two signs of life of a worker whose child is busy."""


class Tools(Protocol):
    """What a worker keeps warm between documents: the cage for reading, and the engine for judging."""

    def screen(self, data: bytes) -> Screened: ...

    def draw(self, data: bytes, pages: list[int]) -> dict[int, bytes]: ...

    def unpack(self, data: bytes, first: int) -> Unpacked: ...

    def describe(self, data: bytes) -> Facts: ...

    def judge(self, reading: Reading) -> tuple[Finding, ...]: ...

    def hold(self, pairs: list[Pair]) -> list[Relation]: ...

    def comparing(self) -> str: ...

    def make_ready(self) -> None:
        """Called in the worker before each job, and at its start."""

    def adopt(self) -> None:
        """Called in the child that does a job, at its beginning."""

    def renew(self) -> None:
        """Called in the worker after its child was ended in the middle of a job."""

    def close(self) -> None: ...


class UnknownJob(Exception):
    """Something put a job into the queue that this product does not have."""


class KnownJob(Job):  # type: ignore[misc]  # RQ is not type-checked.
    """A job that can only be one of ours: whoever writes into the queue cannot have anything else run."""

    @property
    def func(self) -> Callable[..., Any]:
        if self.func_name not in JOBS.values() or self.instance is not None:
            raise UnknownJob
        module, _, name = str(self.func_name).rpartition(".")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function

    success_callback = failure_callback = stopped_callback = property(lambda _self: None)

    def send_webhooks(self, *_arguments: Any, **_more: Any) -> None:
        """Our jobs report to nobody; the database holds what became of them."""


class ScreeningWorker(Worker):  # type: ignore[misc]  # RQ is not type-checked.
    """RQ's worker with our tools, our logs, and without its ears for remote commands."""

    max_connection_wait_time = 2.0

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._settings, self._tools = settings, tools
        self._parent = os.getpid()  # Known before the fork, so that the child can see whether it still lives.
        self._job: Job | None = None
        super().__init__(
            [QUEUE],
            connection=connect(settings.queue),
            job_class=KnownJob,
            serializer=JSONSerializer,
            worker_ttl=BLOCKING,
            maintenance_interval=BLOCKING,
            job_monitoring_interval=HEARTBEAT,
            log_job_description=False,
        )

    @property
    def was_told_to_stop(self) -> bool:
        return self._shutdown_requested_date is not None

    def subscribe(self) -> None:
        """Nobody commands a worker through the queue: signals from its own machine are enough."""

    def unsubscribe(self) -> None:
        """See `subscribe`."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        self._tools.make_ready()
        self._job = job
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        die_with_parent(self._parent, by=signal.SIGKILL)
        self._tools.adopt()
        super().main_work_horse(job, queue)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """The child's end. One that did not end by itself leaves a cage of which nobody knows what it was told last."""
        pid, status, usage = super().wait_for_horse()
        if status:
            self._tools.renew()
        return pid, status, usage

    def teardown(self) -> None:
        """The last act of a worker, also of one that lost the queue server: its child may end its document first."""
        if not self.is_horse and self.horse_pid and self._job is not None:
            _, status, _ = self.wait_for_horse()
            self._horse_pid = 0
            if status != 0:  # None where it was ended and waited for already, by the second request to stop.
                self._let_go(self._job)
        super().teardown()

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Runs in the child: open what the job needs, do it, and close again."""
        from webapp.tools import limits_of  # The engine comes with it: the worker has it, the web has not.

        opened = open_runtime(self._settings, pool_size=2)
        bench = jobs.Workbench(
            database=opened.database,
            vault=opened.vault,
            screen=self._tools.screen,
            draw=self._tools.draw,
            unpack=self._tools.unpack,
            limits=limits_of(self._settings),
            describe=self._tools.describe,
            judge=self._tools.judge,
            hold=self._tools.hold,
            comparing=self._tools.comparing,
            source=open_source,
            call=calling.caller(self._settings),
            file_bytes=self._settings.upload_bytes,
            policy=policy_of(self._settings),
            lease=timedelta(seconds=self._settings.lease_seconds),
        )
        try:
            with jobs.at(bench):
                return bool(super().perform_job(job, queue, execution))
        finally:
            opened.close()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """The kind of the error and its place are logged; its words are not, for they may quote a document."""
        error: BaseException = exc_info[1]
        log.error("job_failed", extra={"ring": job.id, **trace(error)})

    def handle_job_failure(self, job: Job, queue: Queue, *arguments: Any, **more: Any) -> None:
        more["exc_string"] = ""
        super().handle_job_failure(job, queue, *arguments, **more)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: Any) -> None:
        """A document ended the child that read it. Our own mark in the log, and the document back to the others."""
        log.warning("work_horse_ended", extra={"ring": job.id, "status": ret_val})
        self._let_go(job)

    def _let_go(self, job: Job) -> None:
        """Let others try the document of a child that is dead at once, or set it aside after so many tries."""
        opened = open_runtime(self._settings, pool_size=1)
        try:
            with opened.database.transaction() as session:
                if "import_id" in job.kwargs:
                    ledger.let_go(session, UUID(job.kwargs["import_id"]), now=utcnow())
                elif "document_id" in job.kwargs:
                    recording.let_go(session, UUID(job.kwargs["document_id"]), now=utcnow())
        except SQLAlchemyError as error:  # The lease will run out all the same.
            log.warning("not_let_go", extra={"ring": job.id, **trace(error)})
        finally:
            opened.close()


def work(settings: Settings, make_tools: Callable[[], Tools]) -> None:
    """Work until told to stop by SIGTERM or SIGINT. A queue server that is away is waited for."""
    tools = make_tools()
    tools.make_ready()
    configure_mappers()
    gc.collect()
    gc.freeze()  # What is loaded now is shared with every child: the collector must not touch its pages.
    log.info("worker_ready")
    try:
        while not _work_until_trouble(settings, tools):
            time.sleep(1)
    finally:
        tools.close()
    log.info("worker_stopped")


def _work_until_trouble(settings: Settings, tools: Tools) -> bool:
    """Answers True when the worker was told to stop, False when it lost the queue server."""
    try:
        worker = ScreeningWorker(settings, tools)
    except RedisError as error:
        log.warning("queue_unreachable", extra={"error": type(error).__name__})
        return False
    with suppress(RedisError):  # Saying farewell to a server that is away.
        worker.work(logging_level=None)
    return worker.was_told_to_stop
