"""What has been sent and not yet confirmed: tags, returned ids, deadlines. No input or output."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.messaging.outbox_rows import OutboxRow


@dataclass(frozen=True)
class Flight:
    """One sent row; `deadline` is an instant of the monotonic clock."""

    tag: int
    row: OutboxRow
    deadline: float


class Window:
    """The bounded set of messages in flight on one channel; delivery tags only grow."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._flights: dict[int, Flight] = {}
        self._returned: set[str] = set()

    def __len__(self) -> int:
        return len(self._flights)

    @property
    def room(self) -> int:
        """How many more may be sent."""
        return self.size - len(self._flights)

    def row_ids(self) -> list[int]:
        """The rows in flight: they are due in the database and must not be sent twice."""
        return [flight.row.id for flight in self._flights.values()]

    def rows(self) -> list[OutboxRow]:
        return [flight.row for flight in self._flights.values()]

    def sent(self, flight: Flight) -> None:
        self._flights[flight.tag] = flight

    def returned(self, event_id: str) -> None:
        """No queue took this message; its confirm is still to come and must not count."""
        self._returned.add(event_id)

    def settle(self, tag: int, *, multiple: bool) -> Iterator[tuple[OutboxRow, bool]]:
        """The rows that a confirm (or nack) of `tag` speaks of, each with whether it had been returned.

        A tag that is no longer known (its deadline had passed) settles nothing.
        """
        tags = [known for known in self._flights if known <= tag] if multiple else [tag]
        for known in tags:
            flight = self._flights.pop(known, None)
            if flight is not None:
                yield flight.row, self._take_returned(flight.row.event_id)

    def overdue(self, now: float) -> list[OutboxRow]:
        """Takes out the rows whose confirm did not come in time."""
        late = [flight for flight in self._flights.values() if flight.deadline <= now]
        for flight in late:
            del self._flights[flight.tag]
        return [flight.row for flight in late]

    def postpone(self, seconds: float) -> None:
        """Moves every deadline (the broker had asked us to wait)."""
        moved = {tag: Flight(tag, f.row, f.deadline + seconds) for tag, f in self._flights.items()}
        self._flights = moved

    def _take_returned(self, event_id: str) -> bool:
        was_returned = event_id in self._returned
        self._returned.discard(event_id)
        return was_returned
