"""A service outside nameko: the same class, made plainly, with the worker's rights. For `work`, CLI and children."""

import importlib
import inspect
from typing import Any

from shared.clock import BusinessClock
from shared.config import database_url, setting
from shared.database.units import UnitFactory, unit_factory
from shared.events.encryption import Keyring
from shared.messaging.door import Door
from shared.messaging.handlers import handlers_of
from shared.messaging.parking import ParkedRetries
from shared.messaging.wake import Waker


def service_class(service: str) -> type[Any]:
    """The nameko class of `services.<service>.service`: the one whose `name` is the service's."""
    module = importlib.import_module(f"services.{service}.service")
    for _, found in inspect.getmembers(module, inspect.isclass):
        if getattr(found, "name", None) == service:
            return found
    raise LookupError(f"services/{service}/service.py declares no class with name = {service!r}")


def worker_units(service: str, *, size: int = 4) -> UnitFactory[Any]:
    """Units of work of the service's own kind, as its worker role; commits wake relay and `work`."""
    kind = service_class(service).units.kind
    waker = Waker(database_url(service, "worker"))
    return unit_factory(service, kind, role="worker", size=size, told=waker)


def doors_of(service: str, units: UnitFactory[Any]) -> dict[str, Door]:
    """The doors of every handler of the service, by consumer name."""
    made = service_class(service)
    instance = made()
    instance.units = units
    instance.clock = BusinessClock()
    return {name: handler.door(instance) for name, handler in handlers_of(made).items()}


def parked_retries(service: str, units: UnitFactory[Any]) -> ParkedRetries:
    """What tries the service's parked events again."""
    return ParkedRetries(service, doors_of(service, units), units, Keyring.parse(setting("FRONTDESK_EVENT_KEYS")))
