"""How often something may be tried: counted in the queue server for all processes, or here while it is down."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LOG_IN = parse("10 per 15 minutes")
"""Failed log-ins, for one account and for one source (OWASP ASVS 5.0, 6.3.1 asks for such a limit)."""

FORGOTTEN_BY_ONE = parse("20 per hour")
FORGOTTEN_FOR_ONE = parse("5 per hour")
"""Letters about a forgotten password, asked for from one source and for one address: an office gets what it needs,
no letter box is filled, and no list of addresses is tried."""

REST = 5.0
"""Seconds during which a server that did not answer is not asked again."""


class TooOften(Exception):
    """The limit is reached. `wait` says for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Try again in {wait} seconds.")
        self.wait = wait


@dataclass(slots=True)
class Throttle:
    """Counts by name and key. Never fails: without its server it counts in this process alone."""

    shared: RateLimiter
    own: RateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))
    silent_until: float = 0.0

    @classmethod
    def at(cls, address: str) -> Throttle:
        """Count in the server at this address (`redis+unix://...`, `redis://...`), or in memory (`memory://`)."""
        patience = {} if address.startswith("memory") else {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
        storage = storage_from_string(address, wrap_exceptions=True, **patience)
        return cls(FixedWindowRateLimiter(storage))

    def check(self, limit: RateLimitItem, *key: str, cost: int = 1) -> None:
        """Raises TooOften when `cost` more would break the limit. Counts nothing."""
        if not self._ask("test", limit, key, cost):
            raise TooOften(self._wait(limit, key))

    def count(self, limit: RateLimitItem, *key: str, cost: int = 1) -> None:
        """Count, and raise TooOften when that breaks the limit."""
        if not self._ask("hit", limit, key, cost):
            raise TooOften(self._wait(limit, key))

    def _ask(self, verb: str, limit: RateLimitItem, key: tuple[str, ...], cost: int) -> bool:
        if time.monotonic() >= self.silent_until:
            try:
                return bool(getattr(self.shared, verb)(limit, *key, cost=cost))
            except (StorageError, RedisError, OSError):
                self.silent_until = time.monotonic() + REST
                log.warning("rate_limits_not_shared")
        return bool(getattr(self.own, verb)(limit, *key, cost=cost))

    def _wait(self, limit: RateLimitItem, key: tuple[str, ...]) -> int:
        try:
            reset = self.shared.get_window_stats(limit, *key).reset_time
        except (StorageError, RedisError, OSError):
            reset = self.own.get_window_stats(limit, *key).reset_time
        return max(1, math.ceil(reset - time.time()))
