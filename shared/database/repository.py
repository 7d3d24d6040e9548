"""What every repository does: named statements in the network of the unit of work."""

from typing import Any

from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork


class Repository:
    """Statements with the network's id filled in."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def one(self, name: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        return self._uow.sql.one(name, network_id=self._uow.network_id, **params)

    def all(self, name: str, /, **params: Any) -> list[Row]:
        """Every row."""
        return self._uow.sql.all(name, network_id=self._uow.network_id, **params)

    def run(self, name: str, /, **params: Any) -> int:
        """How many rows were touched."""
        return self._uow.sql.run(name, network_id=self._uow.network_id, **params)

    def later(self, name: str, /, **params: Any) -> None:
        """Waits for the next statement: for changes of which nobody asks how many rows they touched."""
        self._uow.sql.later(name, network_id=self._uow.network_id, **params)

    def many_later(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        """The same for one statement of many rows."""
        self._uow.sql.many_later(name, [(self._uow.network_id, *row) for row in rows])

    def many(self, name: str, rows: list[tuple[Any, ...]], *, returns: bool = False) -> list[Row]:
        """One statement of many rows, each with the network's id in front."""
        return self._uow.sql.many(name, [(self._uow.network_id, *row) for row in rows], returns=returns)
