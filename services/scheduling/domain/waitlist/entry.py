"""Somebody on the waitlist.

waiting -> booked       an offer was accepted, or the patient was booked otherwise
        -> withdrawn    waits no more
        -> expired      the wish has run out: its last day, or the visit that it was to come before
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from services.scheduling.domain.errors import NotWaiting
from services.scheduling.domain.waitlist.wish import Wish, checked_wish

EntryState = Literal["waiting", "booked", "withdrawn", "expired"]
ENTRY_STATES: tuple[EntryState, ...] = get_args(EntryState)
_OF_THE_WISH = frozenset(Wish.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True)
class WaitlistEntry:
    """Waits for any time, or for one before `earlier_than`, the start of `appointment_id`, which will then be moved.

    The higher `priority` is asked first, then who has waited longer. `open_offer_id`: the offer that is not answered
    yet; nobody has two.
    """

    entry_id: UUID
    patient_id: UUID
    appointment_type_id: UUID
    appointment_id: UUID | None = None
    appointment_site_id: UUID | None = None
    earlier_than: datetime | None = None
    wish: Wish
    priority: int = 0
    active_until: datetime | None = None
    state: EntryState = "waiting"
    waiting_since: datetime
    open_offer_id: UUID | None = None
    version: int = 1

    def require_waiting(self) -> None:
        """Raises NotWaiting."""
        if self.state != "waiting":
            raise NotWaiting({"state": self.state})

    def changed(self, changes: Mapping[str, Any]) -> "WaitlistEntry":
        """With what is given; the place in the line stays. Raises NotWaiting, ImpossibleWish."""
        self.require_waiting()
        wish = checked_wish(replace(self.wish, **{name: changes[name] for name in changes if name in _OF_THE_WISH}))
        others = {name: value for name, value in changes.items() if name not in _OF_THE_WISH}
        return replace(self, **others, wish=wish, version=self.version + 1)

    def left(self, state: EntryState) -> "WaitlistEntry":
        """Waits no more. Raises NotWaiting."""
        self.require_waiting()
        return replace(self, state=state, open_offer_id=None, version=self.version + 1)

    def asked(self, offer_id: UUID) -> "WaitlistEntry":
        """Has an offer to answer. What a person may change is as it was, so the version stays."""
        return replace(self, open_offer_id=offer_id)

    def seen_by(self, sites: frozenset[UUID] | None) -> "WaitlistEntry":
        """What somebody of these sites (None: of all) may see: no other site, and no visit at one."""
        if sites is None:
            return self
        wanted = self.wish.site_ids
        shown = None if wanted is None else tuple(each for each in wanted if each in sites)
        entry = replace(self, wish=replace(self.wish, site_ids=shown))
        if self.appointment_site_id is None or self.appointment_site_id in sites:
            return entry
        return replace(entry, appointment_id=None, appointment_site_id=None, earlier_than=None)

    def answered(self) -> "WaitlistEntry":
        """Has none any more, and goes on waiting."""
        return replace(self, open_offer_id=None)
