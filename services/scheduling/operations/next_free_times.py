"""The next free times that a refusal names, for all that the visit needs."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.scheduling.domain.commands import SearchFreeTimes
from services.scheduling.domain.schedule import Schedule, stamp
from services.scheduling.domain.search import SiteOfSearch
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.zones import local_day
from services.scheduling.operations.booking_rules import may_break_rules
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.search_free_times import Search

# A refusal names so many free times, looked for this far ahead.
NEXT_FREE_TIMES = 5
NEXT_FREE_DAYS = 14
_MINUTE = timedelta(minutes=1)


def next_free_times(
    uow: Unit, schedule: Schedule, wish: Wish, not_before: datetime, now: datetime
) -> list[dict[str, str]]:
    """Those of the schedule's practitioner and site from then on, as they stand in a refusal's details."""
    site, extent = schedule.site, wish.extent
    kind = replace(
        schedule.kind,
        minutes=extent.length // _MINUTE,
        set_up_minutes=extent.before // _MINUTE,
        clean_up_minutes=extent.after // _MINUTE,
    )
    question = SearchFreeTimes(
        appointment_type_id=kind.appointment_type_id,
        practitioner_ids=(schedule.hours.practitioner_id,),
    )
    first = local_day(not_before, site.zone_info)
    days = first, first + timedelta(days=NEXT_FREE_DAYS)
    free_of_rules = may_break_rules(uow)
    search = Search(
        question,
        kind,
        uow,
        now,
        days=days,
        free_of_rules=free_of_rules,
        needs=schedule.needs,
        not_before=not_before,
    )
    found = search.first([SiteOfSearch(site_id=site.site_id, zone=site.zone, zip=None)], NEXT_FREE_TIMES)
    return [{"start_at": stamp(it.start_at), "end_at": stamp(it.end_at)} for it in found]
