"""Offers of the waitlist, how they are made, and what the job has to look at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.scheduling.domain.free_days import LONGEST_BOOKING
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import WaitlistOffer, WaitlistPolicy
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound

_COLUMNS = [name for name in WaitlistOffer.__dataclass_fields__ if name != "events"]


class FreedTime(NamedTuple):
    """What the job has to look at: an entry, or a resource's time (without an end: from its start on, or from now).

    `practitioner_id`: at that site his alone, though it may be another resource that has become free.
    """

    freed_id: int
    resource_id: UUID | None
    practitioner_id: UUID | None
    site_id: UUID | None
    start_at: datetime | None
    end_at: datetime | None
    entry_id: UUID | None


class WaitlistOfferRepository(Repository):
    """Every change writes the row first and then tells its events. An offer of another's site is NotFound."""

    def read(self, offer_id: UUID) -> WaitlistOffer:
        """The offer, without a lock. Raises NotFound."""
        row = self.one("waitlist-offer", offer_id=offer_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return offer_of(row)

    def group(self, group_id: UUID, *, lock: bool = False) -> list[WaitlistOffer]:
        """All that were made together, in the order of their ids; locked where that is asked for."""
        return [offer_of(row) for row in self.all("lock-offer-group" if lock else "offer-group", group_id=group_id)]

    def open_of(self, entry_id: UUID) -> list[WaitlistOffer]:
        """What the entry has to answer."""
        return [offer_of(row) for row in self.all("open-offers-of-entry", entry_id=entry_id)]

    def unheld(self) -> list[WaitlistOffer]:
        """One of each group whose time is offered and held for nobody."""
        return [offer_of(row) for row in self.all("unheld-offers")]

    def touched(self) -> list[WaitlistOffer]:
        """Those of them of whose time somebody else has taken anything, perhaps on another lane."""
        known = {each.offer_id: each for each in self.unheld()}
        takes = [(each, one) for each in known.values() for one in each.takes]
        if not takes:
            return []
        rows = self.all(
            "touched-offers",
            offer_ids=[each.offer_id for each, _ in takes],
            resource_ids=[one for _, one in takes],
            reaches=[each.occupied.start_at - LONGEST_BOOKING for each, _ in takes],
            from_ats=[each.occupied.start_at for each, _ in takes],
            until_ats=[each.occupied.end_at for each, _ in takes],
        )
        return [known[row["offer_id"]] for row in rows]

    def overdue(self, now: datetime, limit: int) -> list[UUID]:
        """Open offers that nobody has answered in time."""
        return [row["offer_id"] for row in self.all("overdue-offers", now=now, limit=limit)]

    def add(self, offer: WaitlistOffer) -> None:
        self.later("add-waitlist-offer", **_row(offer))
        self._tell(offer)

    def change(self, offer: WaitlistOffer) -> None:
        self.later("change-waitlist-offer", **_row(offer))
        self._tell(offer)

    def policy(self, appointment_type_id: UUID | None) -> WaitlistPolicy:
        """What was set for the type (None: the network); as it comes, version 0, where nothing was."""
        row = self.one("waitlist-policy", appointment_type_id=appointment_type_id)
        return WaitlistPolicy(**row) if row else WaitlistPolicy()

    def keep_policy(self, appointment_type_id: UUID | None, policy: WaitlistPolicy) -> None:
        self.later("keep-waitlist-policy", appointment_type_id=appointment_type_id, **vars(policy))

    def look_at_time(
        self,
        resource_id: UUID,
        site_id: UUID,
        during: TimeRange,
        practitioner_id: UUID | None = None,
    ) -> None:
        """Once this is committed the job offers what is free then."""
        place = {"resource_id": resource_id, "site_id": site_id, "practitioner_id": practitioner_id}
        self.later("look-at-time", **place, start_at=during.start_at, end_at=during.end_at)

    def look_at_working_time(self, resource_ids: Sequence[UUID], site_id: UUID | None) -> None:
        """Once this is committed the job offers what is free of theirs, whenever; `site_id` None: wherever."""
        self.later("look-at-working-time", resource_ids=list(resource_ids), site_id=site_id)

    def look_at_who_was_offered(
        self, resource_ids: Sequence[UUID], site_id: UUID | None, during: TimeRange | None
    ) -> None:
        """Once this is committed the job sees whether what is offered of theirs then can still be had."""
        start_at, end_at = (during.start_at, during.end_at) if during else (None, None)
        whose = {"resource_ids": list(resource_ids), "site_id": site_id}
        self.later("look-at-who-was-offered", **whose, start_at=start_at, end_at=end_at)

    def look_at_who_needs(self, resource_id: UUID, start_at: datetime, end_at: datetime | None) -> None:
        """Once this is committed the job looks at each who could use it then, and for whom somebody waits."""
        self.later("look-at-who-needs-it", resource_id=resource_id, start_at=start_at, end_at=end_at)

    def networks_with_freed_times(self) -> list[UUID]:
        """Of all networks; only the worker may ask."""
        return [row["network_id"] for row in self.all("networks-with-freed-times")]

    def take_freed_time(self, after: int) -> FreedTime | None:
        """The next after that one that no other process has taken; it comes back where nothing is committed."""
        row = self.one("take-freed-time", after=after)
        return FreedTime(**row) if row else None

    def _tell(self, offer: WaitlistOffer) -> None:
        for event in offer.events:
            self._uow.record(event)
        offer.events.clear()


def offer_of(row: Row) -> WaitlistOffer:
    """The offer of a row with all of its columns."""
    return WaitlistOffer(**{name: row[name] for name in _COLUMNS})


def _row(offer: WaitlistOffer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in _COLUMNS} | {"resource_ids": list(offer.resource_ids)}
