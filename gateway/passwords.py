"""Passwords by Argon2id, off the event loop, a bounded number at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Unavailable

# The second recommended option of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
AT_ONCE = 2
WAITING = 20

Runner = Callable[..., Any]


def run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Runs the function where it is called: for plain processes, which have no event loop to keep free."""
    return function(*arguments)


def hash_password(password: str) -> str:
    """The PHC string to store."""
    return _HASHER.hash(password)


class Passwords:
    """Verifies passwords. `run` moves the work off the event loop (eventlet.tpool.execute in the gateway)."""

    def __init__(self, run: Runner = run_here) -> None:
        self._run = run
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + WAITING)
        # Unknown logins are measured against this, so that they take as long as known ones.
        self._nobody = hash_password("nobody has this password")

    def holds(self, stored_hash: str | None, password: str) -> bool:
        """Whether the password is the stored one; None (no such account) costs as much and is False.

        Raises Unavailable where too many wait already.
        """
        with self._place():
            matches = bool(self._run(_matches, stored_hash or self._nobody, password))
        return matches and stored_hash is not None

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise Unavailable({"part": "sign-in", "retry_after": 2})
        try:
            with self._places:
                yield
        finally:
            self._queue.release()


def _matches(stored_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored_hash, password)
    except (VerificationError, InvalidHashError):
        return False
