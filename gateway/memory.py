"""What a process remembers of the accounts database: re-read every ten seconds, kept a little longer in an outage."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import psycopg2

from shared.errors import Unavailable

K = TypeVar("K")
V = TypeVar("V")

REREAD_S = 10.0
# While the accounts database is away what is known goes on this long, and no longer: revocation stays within 60 s.
OUTAGE_S = 50.0
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Remembered(Generic[V]):
    """A value and the monotonic second at which it was read."""

    value: V
    read_at: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.read_at


class Memory(Generic[K, V]):
    """Values by key, the least recently read forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[K, Remembered[V]] = OrderedDict()

    def fresh(self, key: K) -> Remembered[V] | None:
        """What was read within the last ten seconds."""
        found = self._known.get(key)
        return found if found and found.age < REREAD_S else None

    def read(self, key: K, fetch: Callable[[], V]) -> V:
        """The value read anew. Raises Unavailable where nobody can tell and nothing recent enough is known."""
        try:
            value = fetch()
        except (psycopg2.OperationalError, Unavailable):
            found = self._known.get(key)
            if found and found.age < OUTAGE_S:
                return found.value
            raise Unavailable({"part": "accounts"}) from None
        self.put(key, value)
        return value

    def any(self, key: K) -> V | None:
        """What was read last, however long ago: for what never changes."""
        found = self._known.get(key)
        return found.value if found else None

    def put(self, key: K, value: V) -> None:
        """Remembers a value that was read just now."""
        self._known[key] = Remembered(value, time.monotonic())
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, key: K) -> None:
        """The next use reads anew."""
        self._known.pop(key, None)

    def clear(self) -> None:
        """Forgets everything."""
        self._known.clear()
