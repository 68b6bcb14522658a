"""`salient up`: everything that one machine needs, started in order, watched, and ended together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FrameType

from webapp.embedded import AlreadyRunning, lock, wait_until_reachable
from webapp.progress import Progress
from webapp.runtime import Runtime, open_runtime
from webapp.settings import Settings
from webapp.supervisor import Child, Supervisor
from webapp.upgrading import upgrade

GLANCE = 0.1
"""Seconds between two looks at the children."""

PATIENCE = 60.0
"""Seconds that the web server may take before its first answer."""

Load = Callable[[Runtime], Iterable[str]]
"""Loads the demonstration company, and answers the lines that tell how to log in."""

Later = Callable[[Runtime], bool]
"""What the demonstration does once its archive is screened. Answers whether nothing is left to do."""

LATER_EVERY = 5.0
"""Seconds between two questions whether it is time for that."""


class CannotStart(Exception):
    """Something stands in the way. The text says what, and what to do."""


@dataclass(slots=True)
class Installation:
    """One `salient up`. `say` prints a line, `show` a line that the next one writes over."""

    settings: Settings
    say: Callable[[str], None]
    show: Callable[[str], None]
    load: Load | None = None
    later: Later | None = None
    logs_here: bool = False

    def run(self) -> None:
        """Start everything and stay until SIGINT or SIGTERM. Raises CannotStart."""
        self._make_sure()
        stop = self._listen()
        supervisor = Supervisor(
            say=self.say,
            environ=dict(os.environ),
            logs=None if self.logs_here else self.settings.folder / "logs",
        )
        try:
            self._start(supervisor, stop)
            self._stay(supervisor, stop)
        finally:
            self._end(supervisor)

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.settings.host in ("", "0.0.0.0", "::") else self.settings.host  # noqa: S104
        return f"http://{host}:{self.settings.port}"

    def _make_sure(self) -> None:
        """Nobody else runs on this folder, and the port is free."""
        folder = self.settings.folder
        try:
            lock(folder / "lock", told=f"process {os.getpid()}, {self.address}")
        except AlreadyRunning as other:
            raise CannotStart(
                f"Salient already runs on the folder {folder} ({other}). Stop it first, or choose another with --data."
            ) from None
        except OSError as error:
            raise CannotStart(f"The folder {folder} cannot be used: {error.strerror}.") from None
        if not _is_free(self.settings.host, self.settings.port):
            raise CannotStart(f"The port {self.settings.port} is taken by another program: choose another with --port.")

    @staticmethod
    def _listen() -> threading.Event:
        stop = threading.Event()

        def told(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, told)
        signal.signal(signal.SIGINT, told)
        return stop

    def _start(self, supervisor: Supervisor, stop: threading.Event) -> None:
        if self.settings.embeds_queue:
            supervisor.start("queue", "queue")
        before, after = upgrade(self.settings)
        if before != after:
            self.say(f"Database brought to {after}.")
        web = supervisor.start("web", "web")
        for number in range(1, self.settings.workers + 1):
            supervisor.start(f"worker-{number}", "worker")
        if not wait_until_reachable(self.settings):
            self.say("The queue server does not answer: uploads are kept, and screened when it returns.")
        lines = self._load_demonstration()
        supervisor.start("clock", "clock")
        self._wait_for_web(supervisor, web, stop)
        if not stop.is_set():
            self._introduce(lines)

    def _load_demonstration(self) -> list[str]:
        if self.load is None:
            return []
        opened = open_runtime(self.settings)
        try:
            return list(self.load(opened))
        finally:
            opened.close()

    def _wait_for_web(self, supervisor: Supervisor, web: Child, stop: threading.Event) -> None:
        until = time.monotonic() + PATIENCE
        while not stop.is_set() and not _answers(self.settings.host, self.settings.port):
            if time.monotonic() > until:
                raise CannotStart(
                    f"The web server does not answer. Its log is {self.settings.folder}/logs/{web.name}.log."
                )
            supervisor.look()
            stop.wait(GLANCE)

    def _introduce(self, lines: list[str]) -> None:
        self.say(f"Salient is ready: {self.address}")
        for line in lines:
            self.say(line)
        self.say("Ctrl-C stops it.")

    def _stay(self, supervisor: Supervisor, stop: threading.Event) -> None:
        opened = open_runtime(self.settings, pool_size=1)
        progress, later, asked_at = Progress(opened.database), self.later, time.monotonic()
        try:
            while not stop.is_set():
                supervisor.look()
                if later is not None and time.monotonic() - asked_at >= LATER_EVERY:
                    asked_at = time.monotonic()
                    later = None if later(opened) else later
                line = progress.line(time.monotonic())
                if line is not None:
                    self.show(line)
                stop.wait(GLANCE)
        finally:
            opened.close()

    def _end(self, supervisor: Supervisor) -> None:
        self.say("Stopping ...")
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        queue = [child for child in supervisor.children if child.name == "queue"]
        supervisor.stop([child for child in supervisor.children if child not in queue])
        supervisor.stop(queue)
        self.say("Stopped.")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether the web server answers anything at all."""
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)  # noqa: S104
    try:
        connection.request("GET", "/health", headers={"Connection": "close"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
