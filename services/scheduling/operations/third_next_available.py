"""Third next available: when the third time is that can be had. The first two may be chance cancellations."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.commands import SearchFreeTimes
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.search import SiteOfSearch
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.search_free_times import first_times

THIRD = 3
HORIZON_DAYS = 90


def third_times(site: Site, kinds: Iterable[AppointmentType], uow: Unit, now: datetime) -> dict[UUID, datetime | None]:
    """For each type the start of its third time at the site; None: not within HORIZON_DAYS.

    Times are those that a search finds, for all that a visit needs and by the type's notice and horizon, whoever asks:
    of one practitioner they do not overlap, of two they may be the same.
    """
    place = SiteOfSearch(site_id=site.site_id, zone=site.zone, zip=site.zip)
    starts = {}
    for kind in kinds:
        asked = SearchFreeTimes(appointment_type_id=kind.appointment_type_id, days=HORIZON_DAYS)
        found = first_times(asked, kind, [place], THIRD, uow, now, free_of_rules=False)
        starts[kind.appointment_type_id] = found[-1].start_at if len(found) == THIRD else None
    return starts
