"""The replicas of a service: asked by turns, and around one that does not answer."""

import itertools
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from shared.calls.wire import Answered, Wire, request_of

# So often an address that did not answer is tried again, by one call.
REST_S = 1.0


class Address:
    """One replica, with the connections to it that are kept alive. Thread-safe and green-safe."""

    def __init__(self, url: str, kept: int) -> None:
        self._url = url
        self._host = urlsplit(url).netloc.rpartition("@")[2]
        self._kept = kept
        self._idle: list[Wire] = []
        self.opened = 0

    def post(self, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answered:
        """One request within so many seconds. Raises NotReached, BrokenOff."""
        request, ends = request_of(path, self._host, headers, body), time.monotonic() + seconds
        wire = self._idle_one() or self._new_one(seconds)
        answered = wire.exchange(request, ends - time.monotonic())
        if wire.is_open:
            self._keep(wire)
        return answered

    def _idle_one(self) -> Wire | None:
        while self._idle:
            try:
                wire = self._idle.pop()
            except IndexError:  # another thread took it
                break
            if wire.is_usable():
                return wire
            wire.close()
        return None

    def _new_one(self, seconds: float) -> Wire:
        self.opened += 1
        return Wire(self._url, seconds)

    def _keep(self, wire: Wire) -> None:
        if len(self._idle) < self._kept:
            self._idle.append(wire)
        else:
            wire.close()


class Addresses:
    """All replicas, by turns. Thread-safe and green-safe."""

    def __init__(self, urls: Sequence[str], pool_size: int) -> None:
        self._all = [Address(url, pool_size) for url in urls]
        self._turns = itertools.count()
        self._resting: dict[Address, float] = {}  # until when

    def pick(self) -> Address:
        """The next in turn that does not rest; where all do, the one whose rest ends first."""
        first = next(self._turns) % len(self._all)
        in_turn = self._all[first:] + self._all[:first]
        chosen = min(in_turn, key=self._rest_left)
        if chosen in self._resting:
            self.failed(chosen)  # until it answers, this call alone tries it
        return chosen

    def answered(self, address: Address) -> None:
        """It works (again)."""
        self._resting.pop(address, None)

    def failed(self, address: Address) -> None:
        """It refuses, is silent, or says that it is ending: it rests."""
        self._resting[address] = time.monotonic() + REST_S

    def is_resting(self, address: Address) -> bool:
        """Whether it failed the last time, and just now."""
        return self._rest_left(address) > 0

    def has_another(self, address: Address) -> bool:
        """Whether somebody else may be asked instead, at once."""
        return any(other is not address and self._rest_left(other) == 0 for other in self._all)

    def _rest_left(self, address: Address) -> float:
        return max(0.0, self._resting.get(address, 0.0) - time.monotonic())
