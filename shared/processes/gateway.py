"""`gateway`: the public door, on eventlet's WSGI server."""

import hmac
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import eventlet
from eventlet import wsgi
from eventlet.event import Event

from shared.config import optional, setting
from shared.health import health_app
from shared.logs import configure_logs, log
from shared.processes.protocol import StrictProtocol
from shared.processes.stopping import LOOK_UP_SECONDS, SECONDS_TO_DRAIN, on_stop

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BACKLOG = 512
IDLE_SECONDS = 75
READ_SECONDS = 10
MAX_CONNECTIONS = 2000
_OPEN_PAGES = frozenset({"/healthz", "/readyz"})
_METRICS = "/metrics"


def run() -> int:
    """Serves gateway.app until told to stop."""
    configure_logs("gateway")
    return serve_wsgi(import_module("gateway.app").build_app(), setting("FRONTDESK_ADDRESS"))


def serve_wsgi(application: Application, address: str) -> int:
    """Serves `application` and the health pages; on a signal no new connections, running requests finish."""
    host, _, port = address.rpartition(":")
    listening = eventlet.listen((host, int(port)), backlog=BACKLOG, reuse_port=False)
    pool = eventlet.GreenPool(MAX_CONNECTIONS)
    counted = Counted(application, optional("FRONTDESK_METRICS_TOKEN"))
    server = eventlet.spawn(
        wsgi.server,
        listening,
        counted,
        custom_pool=pool,
        log_output=False,
        debug=False,
        keepalive=IDLE_SECONDS,
        socket_timeout=READ_SECONDS,
        protocol=StrictProtocol,
        minimum_chunk_size=1,  # by default eventlet holds a live page's events back until they are 4096 bytes
    )
    stopped = Event()
    on_stop(lambda: eventlet.spawn_n(_drain, listening, server, counted, stopped))
    log.info("serving", address=address)
    while not stopped.ready():  # an idle hub sleeps up to a minute, and sees a signal only when it wakes
        eventlet.sleep(LOOK_UP_SECONDS)
    return int(stopped.wait())


class Counted:
    """Counts the requests that run, streams until their last byte; adds the health pages.

    This is a public address: the metrics are for whoever has their token, and for everyone else there is no such page.
    """

    def __init__(self, application: Application, metrics_token: str = "") -> None:
        self._application = application
        self._metrics_token = metrics_token
        self.running = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "frontdesk.refused" not in environ and self._is_ours(environ):
            return health_app(environ, start_response)
        self.running += 1
        try:
            return _Counting(self, self._application(environ, start_response))
        except BaseException:
            self.running -= 1
            raise

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        if environ["PATH_INFO"] != _METRICS:
            return environ["PATH_INFO"] in _OPEN_PAGES
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1")
        return bool(self._metrics_token) and hmac.compare_digest(given, f"Bearer {self._metrics_token}".encode())


class _Counting:
    def __init__(self, counted: Counted, body: Iterable[bytes]) -> None:
        self._counted = counted
        self._body = body
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._counted.running -= 1
        if callable(close := getattr(self._body, "close", None)):
            close()


def _drain(listening: Any, server: Any, counted: Counted, stopped: Any) -> None:
    server.kill()
    listening.close()
    try:
        with eventlet.Timeout(SECONDS_TO_DRAIN):
            while counted.running:
                eventlet.sleep(0.01)
        stopped.send(0)
    except eventlet.Timeout:
        log.error("drain-gave-up", running=counted.running)
        stopped.send(1)
