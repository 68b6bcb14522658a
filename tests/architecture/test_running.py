"""How the tests are run: what begins first is there, what stays together does, and a named place is respected."""

from __future__ import annotations

import os
import tempfile

import pytest

from tests.support import memory, sharing


def test_what_is_said_to_take_long_exists() -> None:
    assert [name for name in sharing.LONG if not (sharing.ROOT / name).exists()] == []


def test_browser_tests_stay_in_one_process_and_other_modules_are_on_their_own() -> None:
    assert sharing.unit("e2e/test_keys.py") == sharing.unit("e2e/test_questionnaires.py") == "e2e"
    assert sharing.unit("queue/test_kills.py") == "queue/test_kills.py"


@pytest.mark.parametrize(("free", "place"), [(memory.NEEDED, str(memory.MEMORY)), (memory.NEEDED - 1, None)])
def test_memory_is_used_where_there_is_enough_of_it(
    free: int, place: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.setattr(memory, "_free", lambda: free)
    monkeypatch.setattr(memory, "_available", lambda: memory.NEEDED)
    memory.use()
    assert os.environ.get("TMPDIR") == place


def test_a_place_that_somebody_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    memory.use()
    assert os.environ["TMPDIR"] == "/var/tmp"
