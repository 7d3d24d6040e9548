"""The claim feed as a reader sees it: rows in the order of their numbers, each once, gaps filled."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Row = dict[str, Any]

FIELDS = (
    "sequence",
    "type",
    "occurred_at",
    "claim_id",
    "claim_version",
    "encounter_id",
    "site_id",
    "status",
    "held_reason",
    "payer_id",
    "total_cents",
    "currency",
)


def row_of(body: Mapping[str, Any]) -> Row:
    """The row that a message of the feed's queue holds (an event's envelope); fields that are new are passed over."""
    data = body["data"]
    return plain({**data, "sequence": data["version"], "type": data["event_type"]})


def plain(row: Mapping[str, Any]) -> Row:
    """The fields that the feed promises, in their order."""
    return {name: row.get(name) for name in FIELDS}


class FeedOrder:
    """Says which rows come next. `fetch(after)` asks billing for a page of rows after that number.

    `last` is the number of the last row given; None: the first row that comes is the first that is wanted.
    """

    def __init__(self, fetch: Callable[[int], list[Row]], last: int | None = None) -> None:
        self.last = last
        self._fetch = fetch

    def catch_up(self) -> Iterator[Row]:
        """Every row after `last` that billing has now; nothing where there is no `last`."""
        while self.last is not None and (rows := self._fetch(self.last)):
            for row in rows:
                self.last = row["sequence"]
                yield row

    def rows_up_to(self, row: Row) -> Iterator[Row]:
        """This row and, before it, those that the queue dropped; nothing for a row that was given before."""
        if self.last is not None and row["sequence"] > self.last + 1:
            yield from self._dropped_before(row["sequence"])
        if self.last is None or row["sequence"] > self.last:
            self.last = row["sequence"]
            yield row

    def _dropped_before(self, sequence: int) -> Iterator[Row]:
        for row in self.catch_up():
            yield row
            if row["sequence"] >= sequence - 1:
                return
