"""Whether a server stands, looked at aside: a server that is silent must not hold up whoever starts processes again."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

EVERY_S = 0.4
# A look that is older says nothing about now.
_HOLDS_S = 2.0


class Standing:
    """`is_up` says what the last look saw, and has somebody look again. The first answer is no."""

    def __init__(self, looks: Mapping[str, Callable[[], bool]]) -> None:
        self._looks = looks
        self._aside = ThreadPoolExecutor(len(looks))
        self._lock = threading.Lock()
        self._began = dict.fromkeys(looks, 0.0)
        self._stood = dict.fromkeys(looks, 0.0)
        self._looking: set[str] = set()

    def is_up(self, name: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if name not in self._looking and now - self._began[name] > EVERY_S:
                self._looking.add(name)
                self._began[name] = now
                self._aside.submit(self._look, name)
            return now - self._stood[name] < _HOLDS_S

    def changed(self, name: str) -> None:
        """What was seen until now does not hold any more."""
        with self._lock:
            self._stood[name] = 0.0
            self._began[name] = time.monotonic()

    def close(self) -> None:
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _look(self, name: str) -> None:
        began = time.monotonic()
        stands = self._looks[name]()
        with self._lock:
            self._looking.discard(name)
            if stands and began >= self._began[name]:
                self._stood[name] = time.monotonic()
