"""The doorbell: tells the workers that there is work. Losing it loses nothing: the work is in the database."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE = "screening"
"""The one queue of this product. A job in it is the name of a function and ids, as JSON, and nothing else."""

JOBS = {
    "screen_document": "screening.jobs.screen_document",
    "draw_pages": "screening.jobs.draw_pages",
    "screen_answers": "screening.answers.screen_answers",
    "import_files": "screening.importing.import_files",
    "decide_many": "screening.deciding.decide_many",
    "learn_classifier": "screening.teaching.learn_classifier",
    "weigh_findings": "screening.teaching.weigh_findings",
    "invite_suppliers": "webapp.inviting.invite_suppliers",
    "issue_questionnaires": "webapp.inviting.issue_questionnaires",
    "deliver_messages": "screening.telling.deliver_messages",
}
"""Every job that may be asked for, by its name in the domain, with the function that does it."""

PATIENCE = 0.3
"""Seconds that a web request waits for the queue server, so that an upload is answered though it is down."""

REST = 3.0
"""Seconds during which a server that did not answer is not asked again."""

LONGEST_JOB = 1800
"""Seconds after which a job is ended by force. The reader ends a document of the most pages well before."""

FORGET = 600
"""Seconds after which the queue forgets a job that failed: the database knows what became of the work."""


def connect(url: str, *, patience: float | None = None) -> Redis:
    """A connection to the queue server. With `patience` it fails after so many seconds, and never tries twice."""
    if patience is None:
        return Redis.from_url(url, socket_connect_timeout=5.0)
    return Redis.from_url(
        url, socket_connect_timeout=patience, socket_timeout=patience, retry=Retry(NoBackoff(), 0), retry_on_error=[]
    )


def job_id(job: str, ids: dict[str, str]) -> str:
    """An id for one ring: what is asked for, and a random end so that two rings are never mistaken for one."""
    return f"{_subject(job, ids)}-{secrets.token_hex(4)}"


def _subject(job: str, ids: dict[str, str]) -> str:
    return "-".join([job, *(ids[name] for name in sorted(ids))])


def is_reachable(url: str) -> bool:
    """Whether the queue server answers within the patience of a request."""
    connection = connect(url, patience=PATIENCE)
    try:
        return bool(connection.ping())
    except RedisError:
        return False
    finally:
        connection.close()


@dataclass(slots=True)
class Doorbell:
    """Rings for jobs by name. Calling it never raises and never takes longer than the patience of a request."""

    url: str
    clock: Callable[[], float] = time.monotonic
    _queue: Queue | None = None
    _silent_until: float = 0.0
    _heard: set[str] = field(default_factory=set)

    def __call__(self, job: str, ids: dict[str, str]) -> None:
        """Ring for one job. While the server is down the ring is lost, and the clock rings again later."""
        if self.clock() < self._silent_until:
            return
        try:
            self._enqueue(job, ids)
        except RedisError as error:
            self._silent_until = self.clock() + REST
            log.warning("queue_unreachable", extra={"job": job, "error": type(error).__name__, **ids})

    def ring_unless_waiting(self, job: str, ids: dict[str, str]) -> None:
        """As calling it, but not for a job that `look` has seen waiting in the queue: for the clock's sweeps."""
        if _subject(job, ids) not in self._heard:
            self(job, ids)

    def look(self) -> int | None:
        """Take note of what waits in the queue. Answers how many jobs that is; None when the server is down."""
        try:
            waiting = self.queue.get_job_ids()
        except RedisError:
            return None
        self._heard = {job_id.rpartition("-")[0] for job_id in waiting}
        return len(waiting)

    @property
    def queue(self) -> Queue:
        if self._queue is None:
            connection = connect(self.url, patience=PATIENCE)
            self._queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        return self._queue

    def _enqueue(self, job: str, ids: dict[str, str]) -> Any:
        return self.queue.enqueue_call(
            JOBS[job],
            kwargs=ids,
            job_id=job_id(job, ids),
            description=job,
            timeout=LONGEST_JOB,
            result_ttl=0,
            failure_ttl=FORGET,
        )
