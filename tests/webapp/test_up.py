"""`salient up` starts everything, says what stands in its way, restarts what dies, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.bench.bench_start import answers, descendants, free_port
from webapp.processes import is_running

ROOT = Path(__file__).parents[2]
LONGEST_STOP = 10.0


def salient(*arguments: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webapp", *arguments],
        cwd=ROOT, env=os.environ | (environ or {}), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def wait_for(condition: Callable[[], bool], *, seconds: float = 150) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@dataclass
class Up:
    """A running `salient up`."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.said = self.folder.with_suffix(".txt")
        with self.said.open("wb") as out:
            command = [sys.executable, "-m", "webapp", "up", "--data", str(self.folder), "--port", str(self.port)]
            self.process = subprocess.Popen([*command, "--workers", "1"], cwd=ROOT, stdout=out, stderr=out)

    @property
    def words(self) -> str:
        return self.said.read_text()

    def child(self, command: str) -> int:
        """The process that this command became, such as `web`."""
        mark = "valkey-server" if command == "queue" else f"webapp\0{command}\0"
        below = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next(int(pid) for pid in below if mark in Path(f"/proc/{pid}/cmdline").read_text())


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """One of its own, for those that end it."""
    yield from _running(tmp_path)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One for all that leave it running, and for the one behind them that ends it."""
    yield from _running(tmp_path_factory.mktemp("lasting"))


def _running(folder: Path) -> Iterator[Up]:
    running = Up(folder / "data")
    wait_for(lambda: "is ready" in running.words)
    yield running
    below = descendants(running.process.pid)
    running.process.kill()
    running.process.wait()
    wait_for(lambda: not any(map(is_running, below)))


def test_it_answers_and_stops_on_a_signal_without_leaving_a_process(up: Up) -> None:
    assert answers(up.port)
    below = descendants(up.process.pid)
    assert len(below) >= 5
    began = time.monotonic()
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(timeout=30) == 0
    assert time.monotonic() - began < LONGEST_STOP
    wait_for(lambda: not any(map(is_running, below)), seconds=2)
    assert up.words.endswith("Stopped.\n")


def test_a_second_one_on_the_same_folder_says_who_is_there(lasting: Up) -> None:
    second = salient("up", "--data", str(lasting.folder), "--port", str(free_port()))
    assert second.returncode == 1
    assert f"already runs on the folder {lasting.folder} (process {lasting.process.pid}" in second.stderr
    assert answers(lasting.port)


def test_a_child_that_dies_is_started_again_and_it_is_said(lasting: Up) -> None:
    for command in ("web", "queue"):
        before = lasting.child(command)
        os.kill(before, signal.SIGKILL)
        sentence = f"{command} was ended by SIGKILL; it is started again"
        wait_for(partial(_is_said, lasting, sentence))
    wait_for(lambda: answers(lasting.port))
    wait_for(lambda: b'"queue":"ok"' in ready(lasting.port))


def test_no_log_of_it_holds_an_address_of_a_visitor(lasting: Up) -> None:
    with socket.create_connection(("127.0.0.1", lasting.port)) as bad:
        bad.sendall(b"\x00\x01 nonsense \x1b[31m\r\n\r\n")
        bad.recv(1000)
    wait_for(lambda: "web_server_trouble" in (lasting.folder / "logs" / "web.log").read_text(), seconds=30)
    for log in (lasting.folder / "logs").iterdir():
        assert "127.0.0.1" not in log.read_text(), log.name
        assert "nonsense" not in log.read_text(), log.name


def test_when_it_is_ended_by_force_its_children_end_too(lasting: Up) -> None:
    """The last of those that share it."""
    below = descendants(lasting.process.pid)
    assert len(below) >= 5
    lasting.process.kill()
    lasting.process.wait()
    wait_for(lambda: not any(map(is_running, below)), seconds=LONGEST_STOP)


def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = salient("up", "--data", str(tmp_path / "data"), "--port", str(port))
    assert told.returncode == 1
    assert f"The port {port} is taken" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = salient("up", "--data", str(tmp_path / "file" / "data"), "--port", str(free_port()))
    assert told.returncode == 1
    assert "cannot be used" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", ["up", "web", "worker", "clock", "migrate"])
def test_production_without_its_secrets_does_not_start(command: str, tmp_path: Path) -> None:
    told = salient(
        command, environ={"SALIENT_ENV": "production", "SALIENT_DATA": str(tmp_path / "data"), "SECRET_KEY": ""}
    )
    assert told.returncode == 1
    assert "SECRET_KEY must be set in production" in told.stderr
    assert not (tmp_path / "data").exists()


def _is_said(up: Up, sentence: str) -> bool:
    return sentence in up.words


def ready(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/ready")
        return re.sub(rb"\s", b"", connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return b""
    finally:
        connection.close()
