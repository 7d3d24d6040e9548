"""The unit of work as operations see it: what every service's `Unit` shares. shared/database/unit_of_work.py is it."""

from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from shared.asker import Asker
from shared.events.base import Condition
from shared.events.envelope import Event

T = TypeVar("T")


class UnitBase(Protocol):
    """One transaction. A service's `Unit` adds its repositories, as read-only members."""

    asker: Asker
    network_id: UUID
    action: str

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def lock(self, *names: str) -> None: ...
    def open_network(self, name: str) -> bool: ...
    def record(self, condition: Condition, caused_by: Event[Any] | None = None) -> None: ...
    def audit(self, action: str, object_type: str, object_id: object, **more: Any) -> None: ...
    def commit(self, answer: T = ...) -> T: ...
