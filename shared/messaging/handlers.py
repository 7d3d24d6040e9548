"""`@event_handler(Condition)`: a service's method that is told facts, in lists, inside an open unit of work.

Our own entrypoint on nameko's machinery, since nameko acknowledges what failed, declares
classic queues and closes its connection under running handlers.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kombu import Queue
from nameko.containers import WorkerContext
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from nameko.messaging import Consumer

from shared.config import setting
from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.registry import consumers_in
from shared.messaging.consuming import FactConsumer
from shared.messaging.door import Door
from shared.messaging.intake import Intake
from shared.messaging.topology import QUORUM


class EventHandler(Consumer):  # type: ignore[misc]  # nameko has no types
    """The entrypoint behind `event_handler`; `shape` is the condition of the aggregate that is listened to."""

    queue_consumer = FactConsumer()

    def __init__(self, shape: type[Condition], **kwargs: Any) -> None:
        self.shape = shape
        super().__init__(queue=None, **kwargs)

    @property
    def consumer_name(self) -> str:
        """The queue's name, frozen: a renamed method would leave its queue behind."""
        return f"{self.container.service_name}.{self.method_name}"

    def setup(self) -> None:
        require_registered(self.consumer_name, self.shape)
        # Declared by `migrate` alone: the service's broker user may only read.
        self.queue = Queue(self.consumer_name, durable=True, no_declare=True, queue_arguments=dict(QUORUM))
        keyring = Keyring.parse(setting("FRONTDESK_EVENT_KEYS"))
        self.lane = self.queue_consumer.lane(self.consumer_name, Intake(self.door(), keyring))
        super().setup()

    def door(self) -> Door:
        """The handler's door: each batch gets a service instance with its dependencies, as a worker does."""
        return Door(self.consumer_name, _LazyUnits(self._instance), self._effect)

    def _effect(self, facts: Any, uow: Any) -> None:
        getattr(self._instance(), self.method_name)(facts, uow)

    def _instance(self) -> Any:
        service = self.container.service_cls()
        context = WorkerContext(self.container, service, self, (), {})
        for provider in self.container.dependencies:
            setattr(service, provider.attr_name, provider.get_dependency(context))
        return service


event_handler = EventHandler.decorator


@dataclass(frozen=True)
class Handler:
    """One declared handler of a service class."""

    consumer: str
    shape: type[Condition]
    method: Callable[..., None]

    def door(self, service: Any) -> Door:
        """The door of a plain instance (in `work` and in the child process of a suspect)."""
        method = self.method
        return Door(self.consumer, service.units, lambda facts, uow: method(service, facts, uow))


def handlers_of(service_cls: type[Any]) -> dict[str, Handler]:
    """Every handler that a service class declares, by consumer name. Raises for one that the registry lacks."""
    found: dict[str, Handler] = {}
    for name, method in inspect.getmembers(service_cls, inspect.isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, EventHandler):
                consumer = f"{service_cls.name}.{name}"
                require_registered(consumer, entrypoint.shape)
                found[consumer] = Handler(consumer, entrypoint.shape, method)
    return found


def require_registered(consumer: str, shape: type[Condition]) -> None:
    """A handler without a line in the registry has no queue and would never be told anything."""
    service = consumer.partition(".")[0]
    if not any(known.name == consumer and known.shape is shape for known in consumers_in(service)):
        raise LookupError(f"{consumer} with {shape.__name__} is not in shared/events/registry.py")


class _LazyUnits:
    """Units of whatever instance is asked for now; dependencies are not set up yet when the entrypoint is."""

    def __init__(self, instance: Callable[[], Any]) -> None:
        self._instance = instance

    def for_events(self) -> Any:
        return self._instance().units.for_events()
