"""Work that no visitor waits for: it begins a moment after the answer, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import SystemRandom

SOONEST, LATEST = 0.5, 2.0
"""Seconds. When it begins is drawn by lot: who asks again at once cannot see from how long that takes what is done."""


def soon(act: Callable[[], object]) -> None:
    """Have it done soon. A process that is asked to end waits for it; one that is ended by force forgets it."""
    threading.Timer(SystemRandom().uniform(SOONEST, LATEST), act).start()
