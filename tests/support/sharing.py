"""Shares the tests out among the processes that run them: what takes long begins first, so that all end together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]

TOGETHER = ("e2e",)
"""Folders whose modules stay in one process: all of them play on one started product, in one browser."""

LONG = (
    "e2e", "queue/test_kills.py", "screening/test_bulk.py", "webapp/test_access.py", "webapp/test_up.py",
    "models/test_desk.py", "screening/comparing/test_comparing.py", "models/test_triage.py",
    "queue/test_killed_imports.py", "models/test_plan_life.py", "screening/signals/test_screener.py",
    "queue/test_killed_uploads.py", "screening/signals/test_training.py", "models/test_plan_letters.py",
    "screening/test_teaching.py", "models/test_plan_following.py", "webapp/api/test_doors.py",
    "questionnaires/test_answering.py", "screening/tenants/test_tenants.py", "webapp/test_security.py",
    "models/test_planning.py", "webapp/test_campaign_pages.py", "screening/reading/test_scans.py",
)  # fmt: skip
"""What took longest when it was measured, longest first. The short rest fills the time at the end."""


def unit(path: str) -> str:
    """What goes to one process as a whole: a module, or a folder that stays together. `path` is relative to `tests`."""
    folder = path.partition("/")[0]
    return folder if folder in TOGETHER else path


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests in the order in which they begin; those of a module keep theirs."""
    places = {name: place for place, name in enumerate(LONG)}
    return sorted(items, key=lambda item: places.get(unit(item.path.relative_to(ROOT).as_posix()), len(LONG)))


class Sharing(LoadScopeScheduling):
    """Module by module, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid.partition("::")[0].removeprefix(f"{ROOT.name}/"))
