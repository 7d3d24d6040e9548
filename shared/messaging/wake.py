"""Waking relay and `work` after a commit: at most one autocommit NOTIFY per 5 ms and process.

Never inside a commit, where NOTIFY takes a lock of the whole cluster. A lost wake-up costs a
second at most: whoever listens also looks by itself. After a commit a wake-up names the process
that committed; one by hand (an operator's command) names none, and means everyone.
"""

import threading
import time
from contextlib import closing
from enum import Enum

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.database.pool import connect
from shared.ids import new_id
from shared.logs import log

CHANNEL = "frontdesk_wake"
_QUIET_S = 0.005
_LOST_S = 1.0
_THIS_PROCESS = str(new_id())


class Wake(Enum):
    """Why somebody was woken."""

    BY_HAND = "somebody changed something by a command"
    BY_COMMIT = "another process has committed something"


class Waker:
    """`Waker(url)()` tells that something was committed. Works with threads and, once patched, with greenlets."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._due = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @staticmethod
    def once(url: str) -> None:
        """One wake-up, now, for a process that ends soon. Raises psycopg2.OperationalError."""
        with closing(connect(url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")

    def __call__(self) -> None:
        self._due.set()
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            time.sleep(_QUIET_S if self._notify() else _LOST_S)

    def _notify(self) -> bool:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = connect(self._url)
                self._connection.autocommit = True
            with self._connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}, '{_THIS_PROCESS}'")
        except psycopg2.Error:
            self._connection = None
            log.info("wake-up-not-sent", reason="database-away")
            return False
        return True


def heard(connection: Connection) -> set[Wake]:
    """The wake-ups that a listening connection has received; nothing of what this process committed itself."""
    connection.poll()
    told = {notice.payload for notice in connection.notifies} - {_THIS_PROCESS}
    connection.notifies.clear()
    return {Wake.BY_COMMIT if payload else Wake.BY_HAND for payload in told}


def listening(url: str) -> Connection:
    """A connection of its own that hears wake-ups. Raises psycopg2.OperationalError."""
    connection = connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return connection
