"""A service for tests of the delivery layer, a process of its own: `consumer_service.py serve|relay|retry|suspect`.

It hears appointments as notifications does, and writes one row a fact. The fact's `zone` says what goes wrong.
"""

import os
import signal
import sys
import threading
import time
from typing import ClassVar

from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork
from shared.events.scheduling import AppointmentCondition, SiteChanged

CONSUMER = "notifications.on_appointment"


class TestUnitOfWork(UnitOfWork):
    statements: ClassVar[Statements] = Statements()


def write_effects(facts, uow) -> None:
    """One row a fact, and the trouble that its zone asks for."""
    for fact in facts:
        trouble(fact.data.zone)
    with uow.connection.cursor() as cursor:
        for fact in facts:
            cursor.execute(
                "INSERT INTO test_effects (network_id, event_id, subject, version, batch) VALUES (%s, %s, %s, %s, %s)",
                (uow.network_id, fact.id, fact.subject, fact.version, len(facts)),
            )


def trouble(zone: str) -> None:
    if zone == "poison":
        raise ValueError("Quillon Zephyrine cannot be handled")
    if zone == "kill" or (zone == "kill-serve" and "serve" in sys.argv):
        os.kill(os.getpid(), signal.SIGKILL)
    if zone.startswith("slow"):
        time.sleep(float(zone.removeprefix("slow")))


def service_class():
    """The nameko class; made late, so that `serve` can patch first."""
    from nameko.extensions import DependencyProvider

    from shared.database.units import unit_factory
    from shared.messaging.handlers import event_handler

    class Units(DependencyProvider):
        def __init__(self, kind):
            self.kind = kind

        def setup(self):
            self.factory = unit_factory("notifications", self.kind, size=5)

        def get_dependency(self, worker_ctx):
            return self.factory

    class NotificationsService:
        name = "notifications"
        units = Units(TestUnitOfWork)

        @event_handler(AppointmentCondition)
        def on_appointment(self, facts, uow):
            write_effects(facts, uow)

        @event_handler(SiteChanged)
        def on_site(self, facts, uow):
            write_nothing(facts, uow)

    return NotificationsService


def write_nothing(facts, uow) -> None:
    """A second handler, so that lanes share permits."""


def retries():
    """The parked retries of this service; its suspects run in this file's own `suspect` mode."""
    from shared.config import setting
    from shared.database.units import unit_factory
    from shared.events.encryption import Keyring
    from shared.messaging.handlers import handlers_of
    from shared.messaging.parking import ParkedRetries

    made = service_class()
    service = made()
    service.units = unit_factory("notifications", TestUnitOfWork, role="worker", size=2)
    doors = {name: handler.door(service) for name, handler in handlers_of(made).items()}
    keyring = Keyring.parse(setting("FRONTDESK_EVENT_KEYS"))
    child = (sys.executable, __file__, "suspect")
    return ParkedRetries("notifications", doors, service.units, keyring, child), service.units


def suspect(parked_id: int) -> int:
    from shared.messaging.parking import attempt_of

    tried, units = retries()
    reason = tried.attempt(attempt_of(units, parked_id))
    print(reason or "")
    return 3 if reason else 0


def serve(stopping: list[int]) -> None:
    from nameko.runners import ServiceRunner

    from shared.config import setting

    config = {"AMQP_URI": setting("FRONTDESK_AMQP_URL"), "max_workers": 4}
    runner = ServiceRunner(config)
    runner.add_service(service_class())
    runner.start()
    print("started", flush=True)
    while not stopping:
        time.sleep(0.05)
    runner.stop()


def main(mode: str, arguments: list[str]) -> None:
    if mode == "serve":
        import eventlet

        eventlet.monkey_patch()
        from psycopg2.extensions import get_wait_callback

        assert get_wait_callback() is not None
    from shared.logs import configure_logs

    configure_logs(f"test-{mode}")
    stopping: list[int] = []
    event = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, _frame: (stopping.append(number), event.set()))
    if mode == "serve":
        serve(stopping)
    elif mode == "relay":
        from shared.messaging.relay import run_relay

        sys.exit(0 if run_relay(arguments, event) else 1)
    elif mode == "retry":
        retries()[0].run()
    elif mode == "suspect":
        sys.exit(suspect(int(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
