"""How long Salient takes to start, to screen the demonstration, to start again, and to stop: printed as JSON.

Run: `python -m tests.bench.bench_start`
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def descendants(pid: int) -> set[int]:
    """Every process below this one."""
    found: set[int] = set()
    with suppress(OSError):
        for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found |= {int(word)} | descendants(int(word))
    return found


def one_run(folder: Path, *, until_screened: bool) -> dict[str, float | int]:
    port = free_port()
    began = time.monotonic()
    output = folder.with_suffix(".txt")
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "up", "--demo", "--data", str(folder), "--port", str(port)],
            stdout=out, stderr=out, env=os.environ,
        )  # fmt: skip
    figures: dict[str, float | int] = {}
    while not answers(port):
        if process.poll() is not None or time.monotonic() - began > 120:
            sys.exit(f"It did not start:\n{output.read_text()}")
        time.sleep(0.02)
    figures["seconds_to_first_answer"] = round(time.monotonic() - began, 2)
    while "Ctrl-C stops it." not in output.read_text():
        time.sleep(0.02)
    figures["seconds_to_log_ins"] = round(time.monotonic() - began, 2)
    while until_screened and "documents are screened" not in output.read_text():
        if process.poll() is not None or time.monotonic() - began > 300:
            sys.exit(f"The demonstration was not screened:\n{output.read_text()}")
        time.sleep(0.1)
    if until_screened:
        figures["seconds_to_all_screened"] = round(time.monotonic() - began, 2)
    below = descendants(process.pid)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    figures["exit_code"] = process.wait(timeout=60)
    figures["seconds_to_stop"] = round(time.monotonic() - began, 2)
    figures["processes"] = len(below)
    figures["left_behind"] = sum(Path(f"/proc/{pid}").exists() for pid in below)
    return figures


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        first = one_run(folder, until_screened=True)
        second = one_run(folder, until_screened=False)
    print(json.dumps({"processors": os.cpu_count(), "first": first, "second": second}, indent=2))


if __name__ == "__main__":
    main()
