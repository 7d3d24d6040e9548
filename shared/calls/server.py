"""The HTTP server of a service: calls behind claims, the health pages, and a way to stop that loses no answer.

nameko's own server kills connections while answers are on their way (nameko-facts 4). Ours, when asked to stop,
answers 503 to what is new, waits until each running call is answered on the wire, and only then goes.
"""

import contextlib
import functools
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import wsgi
from nameko.web.server import HttpOnlyProtocol, WebServer

from shared.calls.claims import Verifier
from shared.calls.replies import Reply, faulty, refused
from shared.calls.requests import BodyTooLarge, Request, read_request
from shared.config import setting
from shared.errors import DomainError, NotFound, Unavailable
from shared.health import health, health_app
from shared.logs import log
from shared.metrics import counter, histogram

BACKLOG = 512
IDLE_SECONDS = 75  # how long a kept-alive connection may be silent
READ_SECONDS = 10  # how long a caller may take over one request

_calls = counter("calls_total", "Calls of this service.", "operation", "outcome")
_seconds = histogram("call_seconds", "Time from a call's arrival to its reply.", "operation")
_counted, _timed = functools.cache(_calls.labels), functools.cache(_seconds.labels)


class CallProtocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko has no types
    """Lets an application end the connection after its reply."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["frontdesk.last_reply"] = functools.partial(setattr, self, "close_connection", 1)
        return environ


class CallServer(WebServer):  # type: ignore[misc]  # nameko has no types
    """Routes POST /commands/<name> (and its /batch) and /queries/<name> to the entrypoints that registered here."""

    def __init__(self) -> None:
        super().__init__()
        self.draining = False
        self.routes: dict[str, Any] = {}
        self._verifier: Verifier | None = None

    def register_provider(self, provider: Any) -> None:
        super().register_provider(provider)
        self.routes |= dict.fromkeys(provider.paths, provider)

    def start(self) -> None:
        if self._verifier is not None:  # shared by all entrypoints: each of them starts it
            return
        self._verifier = Verifier(setting("FRONTDESK_CLAIMS_PUBLIC_KEY"), self.container.service_name)
        # Two processes at one address would each get half of the calls and hide each other: no reuse_port.
        self._sock = eventlet.listen(self.bind_addr, backlog=BACKLOG, reuse_port=False)
        self._sock.settimeout(None)
        self._serv = wsgi.Server(
            self._sock,
            self._sock.getsockname(),
            self.answer,
            protocol=CallProtocol,
            debug=False,
            log_output=False,
            keepalive=IDLE_SECONDS,
            socket_timeout=READ_SECONDS,
        )
        self._gt = self.container.spawn_managed_thread(self.run)

    def run(self) -> None:
        while self._is_accepting:
            try:
                connection, address = self._sock.accept()
            except OSError:  # out of descriptors, or the caller left: neither is a reason to stop serving
                eventlet.sleep(0.05)
                continue
            connection.settimeout(READ_SECONDS)
            self.container.spawn_managed_thread(functools.partial(self.process_request, connection, address))

    def process_request(self, sock: Any, address: Any) -> None:
        """Serves one connection to its end; what breaks on it is not the container's death."""
        try:
            super().process_request(sock, address)
        except Exception:
            log.info("connection-broken", exc_info=True)
            with contextlib.suppress(OSError):
                sock.close()

    def drain(self) -> None:
        """Refuses what is new and returns when every running call has its reply on the wire."""
        self.draining = True
        while self._serv.outstanding_requests:
            eventlet.sleep(0.01)

    def answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application."""
        if environ["REQUEST_METHOD"] == "GET":
            return health_app(environ, start_response)
        if self.draining:
            environ["frontdesk.last_reply"]()
        reply = self._reply(environ)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(reply.body)))]
        start_response(reply.status_line, [*headers, *reply.headers.items()])
        return [reply.body]

    def _reply(self, environ: dict[str, Any]) -> Reply:
        started = time.monotonic()
        entrypoint = self.routes.get(environ["PATH_INFO"])
        try:
            reply = self._called(entrypoint, environ)
        except BodyTooLarge as error:
            environ["frontdesk.last_reply"]()
            reply = refused(error)
        except DomainError as error:
            reply = refused(error)
        except Exception:
            log.exception("call-not-read")
            reply = faulty()
        operation = entrypoint.method_name if entrypoint else "none"
        _counted(operation, reply.outcome).inc()
        _timed(operation).observe(time.monotonic() - started)
        return reply

    def _called(self, entrypoint: Any, environ: dict[str, Any]) -> Reply:
        if self.draining or health.draining or self._verifier is None:
            raise Unavailable
        request: Request = read_request(environ, self._verifier)
        if entrypoint is None or environ["REQUEST_METHOD"] != "POST":
            raise NotFound
        reply: Reply = entrypoint.reply(request)
        return reply
