"""The replicas of a service: asked by turns, and around one that does not answer."""

import itertools
import time
from collections.abc import Sequence

import urllib3
from urllib3.connectionpool import HTTPConnectionPool

# So often an address that did not answer is tried again, by one call.
REST_S = 1.0


class Addresses:
    """One pool of kept-alive connections for each address. Thread-safe and green-safe."""

    def __init__(self, urls: Sequence[str], pool_size: int) -> None:
        self._pools = [urllib3.connectionpool.connection_from_url(url, maxsize=pool_size, block=False) for url in urls]
        self._turns = itertools.count()
        self._resting: dict[HTTPConnectionPool, float] = {}  # until when

    def pick(self) -> HTTPConnectionPool:
        """The next in turn that does not rest; where all do, the one whose rest ends first."""
        first = next(self._turns) % len(self._pools)
        in_turn = self._pools[first:] + self._pools[:first]
        chosen = min(in_turn, key=self._rest_left)
        if chosen in self._resting:
            self.failed(chosen)  # until it answers, this call alone tries it
        return chosen

    def answered(self, pool: HTTPConnectionPool) -> None:
        """It works (again)."""
        self._resting.pop(pool, None)

    def failed(self, pool: HTTPConnectionPool) -> None:
        """It refuses, is silent, or says that it is ending: it rests."""
        self._resting[pool] = time.monotonic() + REST_S

    def is_resting(self, pool: HTTPConnectionPool) -> bool:
        """Whether it failed the last time, and just now."""
        return self._rest_left(pool) > 0

    def has_another(self, pool: HTTPConnectionPool) -> bool:
        """Whether somebody else may be asked instead, at once."""
        return any(other is not pool and self._rest_left(other) == 0 for other in self._pools)

    def _rest_left(self, pool: HTTPConnectionPool) -> float:
        return max(0.0, self._resting.get(pool, 0.0) - time.monotonic())
