"""HTTP/1.1 as our services speak it: a request in one write, an answer whose length is told, the connection kept alive.

urllib3 can do far more, and that took half of a call's time in its caller (docs/performance.md).
"""

import socket
import ssl
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.calls.heads import STATUS_LINE, fields_of

CONNECT_S = 1.0
MAX_HEAD_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 16 * 1024 * 1024
_READ_BYTES = 64 * 1024


class NotReached(Exception):
    """No connection came about: nothing was sent."""


class BrokenOff(Exception):
    """The request was sent, in part at least, and no whole answer came in time."""


class Answered(NamedTuple):
    """An answer as it came; the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """One connection to the service at `url`. It is closed by whatever leaves its state in doubt."""

    def __init__(self, url: str, seconds: float) -> None:
        try:
            self._socket = _connected(url, min(seconds, CONNECT_S))
        except OSError:
            raise NotReached from None
        self.is_open = True

    def is_usable(self) -> bool:
        """Whether the other side has neither ended it nor said anything since."""
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def exchange(self, request: bytes, seconds: float) -> Answered:
        """The answer to a whole request. Raises BrokenOff."""
        try:
            self._socket.settimeout(seconds)
            self._socket.sendall(request)
            return self._answer(time.monotonic() + seconds)
        except (OSError, ValueError):
            self.close()
            raise BrokenOff from None
        except BaseException:  # a deadline of the caller's own: the answer would be the next one's
            self.close()
            raise

    def close(self) -> None:
        """Ends it; what was under way on it is in doubt."""
        self.is_open = False
        self._socket.close()

    def _answer(self, ends: float) -> Answered:
        came = bytearray()
        while (head_ends := came.find(b"\r\n\r\n")) < 0:
            if len(came) > MAX_HEAD_BYTES:
                raise ValueError
            came += self._read(ends)
        status, is_last, headers = _head(bytes(came[:head_ends]))
        body = came[head_ends + 4 :]
        while (missing := _length(headers) - len(body)) > 0:
            body += self._read(ends)
        if missing < 0:
            raise ValueError
        if is_last:
            self.close()
        return Answered(status, headers, bytes(body))

    def _read(self, ends: float) -> bytes:
        left = ends - time.monotonic()
        if left <= 0:  # a server that trickles does not hold its caller
            raise TimeoutError
        self._socket.settimeout(left)
        came = self._socket.recv(_READ_BYTES)
        if not came:
            raise ConnectionError
        return came


def request_of(path: str, host: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A whole POST. Raises ValueError for a header that would be more than one."""
    told = {"Host": host, "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    if any(mark in line for line in lines for mark in "\r\n\0"):
        raise ValueError("no header holds a line break")
    return "\r\n".join(lines).encode("latin-1") + body


def _connected(url: str, seconds: float) -> socket.socket:
    origin = urlsplit(url)
    host, is_secure = origin.hostname or "", origin.scheme == "https"
    made = socket.create_connection((host, origin.port or (443 if is_secure else 80)), seconds)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ssl.create_default_context().wrap_socket(made, server_hostname=host) if is_secure else made


def _head(head: bytes) -> tuple[int, bool, dict[str, str]]:
    """Status, whether the connection ends with it, headers. Raises ValueError for what is no head."""
    first, *lines = head.split(b"\r\n")
    status, headers = STATUS_LINE.fullmatch(first), fields_of(lines)
    if status is None:
        raise ValueError
    is_last = status[1] == b"0" or headers.get("connection", "").lower() == "close"
    return int(status[2]), is_last, headers


def _length(headers: Mapping[str, str]) -> int:
    told = headers.get("content-length", "")
    if "transfer-encoding" in headers or not told.isdecimal() or int(told) > MAX_ANSWER_BYTES:
        raise ValueError
    return int(told)
