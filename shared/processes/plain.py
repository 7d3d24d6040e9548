"""What `work` and `relay` share: a thread that serves the health pages, and an event that says stop."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from shared.config import setting
from shared.health import health_app
from shared.logs import configure_logs, log
from shared.processes.stopping import LOOK_UP_SECONDS, on_stop


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Nothing: probes every second say nothing."""


def serve_health(address: str) -> _Server:
    """Serves /healthz, /readyz and /metrics at `host:port` in a thread of its own."""
    host, _, port = address.rpartition(":")
    server = _Server((host, int(port)), _QuietHandler)
    server.set_app(health_app)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _aside(body: Callable[[threading.Event], bool | None], stopping: threading.Event) -> bool | None:
    # A signal that the kernel gives to another thread does not end a wait of the main thread, which alone may run
    # the handler: waiting in `stopping.wait()` itself, every third process here never heard SIGTERM. So the body has
    # a thread of its own, and the main thread looks up often.
    with ThreadPoolExecutor(1, thread_name_prefix="body") as aside:
        running = aside.submit(body, stopping)
        while not running.done():
            wait([running], timeout=LOOK_UP_SECONDS)
    return running.result()


def run_plain(process: str, body: Callable[[threading.Event], bool | None]) -> int:
    """Runs `body(stopping)` until it returns; it drains when `stopping` is set. 1 where it says False."""
    configure_logs(process)
    stopping = threading.Event()
    on_stop(stopping.set)
    server = serve_health(setting("FRONTDESK_ADDRESS"))
    log.info("running")
    try:
        drained = _aside(body, stopping) is not False
    finally:
        server.shutdown()
    log.info("stopped", drained=drained)
    return 0 if drained else 1
