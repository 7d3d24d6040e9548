"""`serve`: a service's nameko class in a container, stopped without losing work."""

from importlib import import_module
from typing import Any

import eventlet
from nameko.containers import ServiceContainer

from shared.config import optional, setting
from shared.logs import configure_logs, log
from shared.processes.stopping import LOOK_UP_SECONDS, SECONDS_TO_DRAIN, on_stop

HEARTBEAT_SECONDS = 20
DEFAULT_WORKERS = "10"


def run(service: str) -> int:
    """Serves services.<service>.service until told to stop."""
    configure_logs(f"{service}-serve")
    return serve(service_class(service))


def service_class(service: str) -> type[Any]:
    """The nameko class of a service: the one in its service.py that bears its name."""
    module = import_module(f"services.{service}.service")
    (found,) = (
        value for value in vars(module).values() if isinstance(value, type) and getattr(value, "name", None) == service
    )
    return found


def serve(service: type[Any]) -> int:
    """Runs the container to its end: 0 drained, 1 given up on what would not end."""
    container = ServiceContainer(service, nameko_config())
    outcome = {"code": 0}
    # A signal handler runs inside eventlet's hub and may not wait: the draining gets a greenlet of its own.
    on_stop(lambda: eventlet.spawn_n(_drain, container, outcome))
    container.start()
    log.info("serving", service=container.service_name)
    _wait(container)
    log.info("stopped", service=container.service_name, drained=not outcome["code"])
    return outcome["code"]


def nameko_config() -> dict[str, Any]:
    """nameko's configuration, from our settings."""
    return {
        "AMQP_URI": setting("FRONTDESK_AMQP_URL"),
        "WEB_SERVER_ADDRESS": setting("FRONTDESK_ADDRESS"),
        "HEARTBEAT": HEARTBEAT_SECONDS,
        "serializer": "json",
        "max_workers": int(optional("FRONTDESK_MAX_WORKERS", DEFAULT_WORKERS)),
    }


def _drain(container: ServiceContainer, outcome: dict[str, int]) -> None:
    """nameko's stop asks every entrypoint to stop first; ours return when their work is answered or acknowledged."""
    try:
        with eventlet.Timeout(SECONDS_TO_DRAIN):
            container.stop()
    except eventlet.Timeout:
        outcome["code"] = 1
        log.error("drain-gave-up", seconds=SECONDS_TO_DRAIN)
        container.kill()


def _wait(container: ServiceContainer) -> None:
    # An idle hub sleeps up to a minute, and sees a signal only when it wakes.
    waiting = eventlet.spawn(container.wait)
    while not waiting.dead:
        eventlet.sleep(LOOK_UP_SECONDS)
    waiting.wait()
