"""A process that gives up says why, and the supervisor passes it on."""

from __future__ import annotations

import os
import time
from pathlib import Path

from webapp.supervisor import Supervisor


def test_the_reason_of_a_command_that_gives_up_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    environ = dict(os.environ) | {"SALIENT_PORT": "no number"}
    supervisor = Supervisor(said.append, environ, logs=tmp_path)
    supervisor.start("web", "web")
    until = time.monotonic() + 30
    while not said and time.monotonic() < until:
        supervisor.look()
        time.sleep(0.05)
    supervisor.stop()
    assert said
    assert "SALIENT_PORT" in said[0], said[0]
    assert "started again" in said[0]
