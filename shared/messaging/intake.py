"""What becomes of what the broker delivers: handled, parked or dead-lettered, and only then acknowledged.

Everything that has arrived, up to a bound, goes through the door in one transaction; if that
fails, each event by itself. Nothing is ever requeued, nothing is acknowledged before a commit.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from shared.events.encryption import Keyring
from shared.events.envelope import UnreadableEvent, decode
from shared.failpoints import failpoint
from shared.logs import log, without_values
from shared.messaging import handler_metrics
from shared.messaging.door import DatabaseAway, Door
from shared.messaging.inbox import Fact
from shared.messaging.park import Parked, park, parked_of
from shared.messaging.slugs import slug_of

BATCH = 50
# A message that comes for the third time was twice in a process that did not live to settle it.
TOO_OFTEN = 2
_UNDECODABLE = "undecodable"


class Delivery(Protocol):
    """One message as the broker gave it; settled once."""

    body: bytes
    earlier_deliveries: int

    def ack(self, *earlier: Self) -> None:
        """Done with: committed or parked, and so are these that came before it."""
        ...

    def dead_letter(self) -> None:
        """Not even bytes that we can read: to the broker's dead-letter queue."""
        ...


@dataclass(frozen=True)
class Arrived:
    """A delivery and the event in it."""

    delivery: Delivery
    body: dict[str, Any]
    fact: Fact


class Intake:
    """Settles the deliveries of one handler."""

    def __init__(self, door: Door, keyring: Keyring) -> None:
        self._door = door
        self._keyring = keyring

    def settle(self, deliveries: list[Delivery]) -> None:
        """Settles every delivery and takes it out of the list. Raises DatabaseAway with the rest still in it."""
        read = [self._read(delivery) for delivery in deliveries]
        for unread in read:
            if isinstance(unread, Unread):
                self._set_aside(unread, deliveries)
        arrived = [one for one in read if isinstance(one, Arrived)]
        failpoint("handler.after-deliver")
        if len(arrived) > 1 and self._handle(arrived, deliveries):
            return
        for one in arrived:
            self._alone(one, deliveries)

    def _read(self, delivery: Delivery) -> "Arrived | Unread":
        try:
            body = json.loads(delivery.body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return Unread(delivery, None, _UNDECODABLE)
        if delivery.earlier_deliveries >= TOO_OFTEN:
            return Unread(delivery, body, "delivered-too-often")
        try:
            return Arrived(delivery, body, decode(body, self._keyring))
        except UnreadableEvent as error:
            return Unread(delivery, body, error.reason)
        except Exception as error:  # whatever a hostile body brings about, it must not stop the handler
            return Unread(delivery, body, slug_of(error))

    def _set_aside(self, one: "Unread", deliveries: list[Delivery]) -> None:
        if one.reason == _UNDECODABLE:
            self._done(one.delivery, deliveries, "dead-lettered")
        else:
            dangerous = one.reason == "delivered-too-often"
            self._park(
                one.delivery, parked_of(self._door.consumer, one.body, one.reason, dangerous=dangerous), deliveries
            )

    def _handle(self, arrived: Sequence[Arrived], deliveries: list[Delivery]) -> bool:
        """One transaction for all; False where something in it failed."""
        try:
            self._door.admit([one.fact for one in arrived])
        except DatabaseAway:
            raise
        except Exception as error:
            log.info("batch-taken-apart", consumer=self._door.consumer, size=len(arrived), slug=slug_of(error))
            return False
        failpoint("handler.after-commit")
        *earlier, last = deliveries  # what could not be read is settled and gone from it
        last.ack(*earlier)
        deliveries.clear()
        failpoint("handler.after-ack")
        handler_metrics.count(self._door.consumer, "handled", number=len(arrived))
        return True

    def _alone(self, one: Arrived, deliveries: list[Delivery]) -> None:
        try:
            self._door.admit([one.fact])
        except DatabaseAway:
            raise
        except Exception as error:
            slug = slug_of(error)
            log.error("event-failed", consumer=self._door.consumer, slug=slug, error=without_values(error))
            self._park(one.delivery, parked_of(self._door.consumer, one.body, slug), deliveries)
            return
        failpoint("handler.after-commit")
        self._done(one.delivery, deliveries, "handled")

    def _park(self, delivery: Delivery, parked: Parked, deliveries: list[Delivery]) -> None:
        park(self._door.units, parked)
        failpoint("handler.after-park")
        self._done(delivery, deliveries, "parked", parked.reason)

    def _done(self, delivery: Delivery, deliveries: list[Delivery], outcome: str, slug: str = "") -> None:
        if outcome == "dead-lettered":
            delivery.dead_letter()
        else:
            delivery.ack()
        deliveries.remove(delivery)
        failpoint("handler.after-ack")
        handler_metrics.count(self._door.consumer, outcome, slug)


@dataclass(frozen=True)
class Unread:
    """A delivery whose event is not tried, and why. Without a body where the bytes are not even JSON."""

    delivery: Delivery
    body: Any
    reason: str


def _no_number(_name: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")
