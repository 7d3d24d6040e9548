"""HTTP/1.1 as the public door reads it: what is ambiguous or unreadable is refused by the application, in its words.

eventlet answers such requests itself, in plain text or with nothing, and takes some that two servers in a row may read
differently (two lengths, `Content-Length: +5`, folded headers). Here each becomes a request for `/` with
`frontdesk.refused` in its environment: a slug that the application answers as it answers every other refusal.
"""

import contextlib
import re
import socket
from typing import Any, NoReturn

from eventlet import wsgi

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ABSOLUTE = re.compile(r"^https?://[^/?#]*/?", re.IGNORECASE)
_LENGTH = re.compile(r"^[0-9]{1,18}$", re.ASCII)
_LINGER_S = 1.0
_LINGER_BYTES = 4 * 1024 * 1024


class Unreadable(Exception):
    """A request that goes no further; `slug` says why."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class StrictProtocol(wsgi.HttpProtocol):  # type: ignore[misc]  # eventlet has no types
    """One connection. A request that was refused is its last."""

    refused: str | None = None
    command: str | None = None
    path: str
    request_version: str
    rfile: Any

    def handle_one_request(self) -> None:
        if self.server.max_http_version:
            self.protocol_version = self.server.max_http_version
        self.raw_requestline = self._read_request_line()
        self.conn_state[2] = wsgi.STATE_REQUEST
        if not self.raw_requestline:
            self.close_connection = 1
            return
        try:
            self._read_head()
        except Unreadable as reason:
            self._refuse(reason.slug)
        self._respond()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> NoReturn:
        """What the standard library's parser says of a request line or of headers."""
        raise Unreadable("headers-too-large" if code == 431 else "malformed-request")

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        if self.refused:
            environ["frontdesk.refused"] = self.refused
        return environ

    def finish(self) -> None:
        if self.refused:
            self._linger()
        super().finish()

    def _read_head(self) -> None:
        if len(self.raw_requestline) >= self.server.url_length_limit:
            raise Unreadable("uri-too-long")
        whole = self.rfile
        try:
            self.rfile = wsgi.FileObjectForHeaders(whole)
            readable = self.parse_request()
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            raise Unreadable("headers-too-large") from None
        finally:
            self.rfile = whole
        if not readable or not self.request_version.startswith("HTTP/1."):
            raise Unreadable("malformed-request")
        self._check_headers()
        self._check_length()
        if _ABSOLUTE.match(self.path):  # the form for proxies, which every server takes (RFC 9112, 3.2.2)
            self.path = "/" + _ABSOLUTE.sub("", self.path)

    def _check_headers(self) -> None:
        headers = self.headers
        # A line that is no header ends the headers for the standard library, and what follows is lost.
        torn = bool(headers.defects) or bool(headers.get_payload())
        if torn or any(_CONTROL.search(value) for value in headers.values()):
            raise Unreadable("malformed-request")
        hosts = headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and self.request_version != "HTTP/1.0"):  # RFC 9112, 3.2
            raise Unreadable("malformed-request")

    def _check_length(self) -> None:
        """RFC 9112, 6.3: one length in digits, and no transfer coding, since a body here is small and at hand."""
        lengths = self.headers.get_all("Content-Length", [])
        if len(lengths) > 1 or not all(_LENGTH.match(length) for length in lengths):
            raise Unreadable("malformed-request")
        if "Transfer-Encoding" in self.headers:
            raise Unreadable("malformed-request" if lengths else "length-required")

    def _refuse(self, slug: str) -> None:
        self.refused = slug
        self.command = "HEAD" if self.command == "HEAD" else "GET"
        self.path, self.request_version, self.requestline = "/", "HTTP/1.1", ""
        self.headers = self.MessageClass()
        self.close_connection = 1

    def _respond(self) -> None:
        self.environ = self.get_environ()
        self.application = self.server.app
        self.server.outstanding_requests += 1
        try:
            self.handle_one_response()
        except ConnectionError:
            self.close_connection = 1
        finally:
            self.server.outstanding_requests -= 1

    def _linger(self) -> None:
        """Reads on for a moment: closing on what was not read resets the connection, and the answer with it."""
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_S)
            left = _LINGER_BYTES
            while left > 0 and (got := self.connection.recv(65536)):
                left -= len(got)
