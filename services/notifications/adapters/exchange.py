"""One request to a carrier, and how sure we are of what became of it.

A connection of its own for each request: what fails before it stands has certainly told the carrier nothing, and a
kept connection that the other side has just closed would leave that open.
"""

import http.client
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CONNECT_S = 4.0
ANSWER_S = 10.0
_LONGEST_ANSWER = 4 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NotSent(Exception):
    """The carrier certainly has nothing of the request."""


class NoAnswer(Exception):
    """The carrier may have taken the request; its answer did not come, or not whole."""


@dataclass(frozen=True)
class Reply:
    """What the carrier said: any status."""

    status: int
    body: bytes
    retry_after: str | None


class Exchange:
    """Requests with basic authentication. `base_url` is https, or http on this machine."""

    def __init__(
        self, base_url: str, account: str, secret: str, *, connect_s: float = CONNECT_S, answer_s: float = ANSWER_S
    ) -> None:
        parts = urlsplit(base_url)
        if parts.hostname is None or not (parts.scheme == "https" or parts.hostname in _LOOPBACK):
            raise ValueError("the text gateway's address has to begin with https://")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = parts.path.rstrip("/")
        self.address = f"{parts.netloc.rpartition('@')[2]}{self._path}"
        self._credentials = b64encode(f"{account}:{secret}".encode()).decode()
        self._connect_s, self._answer_s = connect_s, answer_s

    def post(self, path: str, form: Mapping[str, str]) -> Reply:
        """A form. Raises NotSent or NoAnswer; takes at most `connect_s` twice and `answer_s`."""
        return self._exchange("POST", path, urlencode(form).encode())

    def get(self, path: str, query: Mapping[str, str]) -> Reply:
        """A question. Raises NotSent or NoAnswer."""
        return self._exchange("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def path_of(self, uri: object) -> str | None:
        """The path of a `next_page_uri`, which is the carrier's whole one; None for an address that is not its own."""
        whole = uri if isinstance(uri, str) else ""
        return whole.removeprefix(self._path) if whole.startswith(f"{self._path}/") else None

    def _exchange(self, method: str, path: str, body: bytes | None) -> Reply:
        with closing(self._connected()) as connection:
            return self._asked(connection, method, path, body)

    def _connected(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection, began = kind(self._host, self._port, timeout=self._connect_s), time.monotonic()
        try:
            connection.connect()
        except OSError as error:  # refused, no such host, no answer, a certificate that does not hold
            connection.close()
            raise NotSent from error
        if time.monotonic() - began > 2 * self._connect_s:  # a name server that took its time: no claim waits so long
            connection.close()
            raise NotSent
        return connection

    def _asked(self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None) -> Reply:
        connected: socket.socket = connection.sock
        connected.settimeout(self._answer_s)
        # An answer that drips byte by byte never runs into the socket's own time-out.
        watchdog = threading.Timer(self._answer_s, _cut, [connected])
        watchdog.daemon = True
        watchdog.start()
        try:
            connection.request(method, self._path + path, body, self._headers())
            answer = connection.getresponse()
            read = answer.read(_LONGEST_ANSWER + 1)
            return Reply(answer.status, read, answer.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        finally:
            watchdog.cancel()

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Basic {self._credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
