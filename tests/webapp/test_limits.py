"""Counting tries: together for all processes, over restarts of them, and alone while the server is down."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from limits import parse

from webapp import limits
from webapp.embedded import wait_until_reachable
from webapp.limits import Throttle, TooOften
from webapp.settings import Settings

THREE = parse("3 per hour")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """A real queue server, as an installation runs it."""
    code = (
        "import sys, pathlib; from webapp.embedded import become_queue_server; from webapp.settings import Settings; "
        "become_queue_server(Settings(data=pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(settings.data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert wait_until_reachable(settings, seconds=60)
    return process


@pytest.fixture
def server(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    process = start(settings)
    yield process
    process.kill()
    process.wait()


def used_up(throttle: Throttle, key: str) -> int:
    """How many tries go through before the limit is reached."""
    for number in range(10):
        try:
            throttle.count(THREE, "log-in", key)
        except TooOften:
            return number
    return 10


def test_a_limit_holds_and_keys_do_not_mix() -> None:
    throttle = Throttle.at("memory://")
    assert used_up(throttle, "a") == 3
    assert used_up(throttle, "b") == 3


def test_looking_counts_nothing() -> None:
    throttle = Throttle.at("memory://")
    for _ in range(10):
        throttle.check(THREE, "log-in", "a")
    assert used_up(throttle, "a") == 3
    with pytest.raises(TooOften) as refused:
        throttle.check(THREE, "log-in", "a")
    assert 0 < refused.value.wait <= 3600


def test_without_its_server_it_counts_alone_and_never_fails(tmp_path: Path) -> None:
    throttle = Throttle.at(f"redis+unix://{tmp_path}/nobody.sock")
    assert used_up(throttle, "a") == 3


def test_all_processes_count_together(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    first, second = (Throttle.at(settings.rate_limit_storage) for _ in range(2))
    first.count(THREE, "log-in", "a")
    second.count(THREE, "log-in", "a")
    assert used_up(first, "a") == 1
    with pytest.raises(TooOften):
        second.check(THREE, "log-in", "a")


def test_counts_outlive_the_processes_and_a_restart_of_the_server(
    settings: Settings, server: subprocess.Popen[bytes]
) -> None:
    assert used_up(Throttle.at(settings.rate_limit_storage), "a") == 3
    server.terminate()
    server.wait(10)
    again = start(settings)
    try:
        assert used_up(Throttle.at(settings.rate_limit_storage), "a") == 0
    finally:
        again.kill()
        again.wait()


def test_it_counts_together_again_when_the_server_is_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REST", 0.0)
    throttle = Throttle.at(settings.rate_limit_storage)
    throttle.count(THREE, "log-in", "a")
    process = start(settings)
    try:
        assert used_up(throttle, "a") == 3
        assert used_up(Throttle.at(settings.rate_limit_storage), "a") == 0
    finally:
        process.kill()
        process.wait()
