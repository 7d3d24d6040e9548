"""What the waitlist's unit tests are made of: entries that wait since one after the other."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import Waiting, WaitlistEntry, WaitlistOffer, WaitlistPolicy, Wish
from tests.unit.scheduling.making import NOW, PATIENT, PRACTITIONER, SITE, VISIT, ZONE


def entry(number: int = 1, *, earlier_than: datetime | None = None, priority: int = 0, **wish: Any) -> WaitlistEntry:
    """The entry of that number; the higher, the shorter it has waited."""
    visit = UUID(int=900 + number) if earlier_than else None
    return WaitlistEntry(
        entry_id=UUID(int=100 + number),
        patient_id=PATIENT,
        appointment_type_id=VISIT.appointment_type_id,
        appointment_id=visit,
        appointment_site_id=SITE if visit else None,
        earlier_than=earlier_than,
        wish=Wish(**wish),
        priority=priority,
        waiting_since=NOW + timedelta(seconds=number),
    )


def waiting(
    number: int = 1,
    *,
    policy: WaitlistPolicy | None = None,
    minutes: int | None = None,
    refused: tuple[TimeRange, ...] = (),
    kind: Any = VISIT,
    **entry_of: Any,
) -> Waiting:
    """One in line."""
    return Waiting(
        entry=entry(number, **entry_of),
        kind=kind,
        policy=policy or WaitlistPolicy(),
        visit=None if minutes is None else Extent(length=timedelta(minutes=minutes)),
        refused=refused,
    )


def offer(start_at: datetime = NOW + timedelta(hours=1), **changes: Any) -> WaitlistOffer:
    """An open offer of half an hour, held for a quarter of one; its event is already told."""
    made = WaitlistOffer(
        **{
            "offer_id": UUID(int=300),
            "group_id": UUID(int=301),
            "entry_id": UUID(int=101),
            "patient_id": PATIENT,
            "site_id": SITE,
            "practitioner_id": PRACTITIONER,
            "appointment_type_id": VISIT.appointment_type_id,
            "appointment_id": None,
            "earlier_than": None,
            "start_at": start_at,
            "end_at": start_at + timedelta(minutes=30),
            "zone": ZONE.key,
            "hold_id": UUID(int=302),
            "offered_at": NOW,
            "expires_at": NOW + timedelta(minutes=15),
            **changes,
        }
    )
    made.offer()
    made.events.clear()
    return made
