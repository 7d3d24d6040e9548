"""What one practitioner can be offered for at one site: the search, asked of one day after the other."""

from services.scheduling.domain.commands import FindFreeTimes, SearchFreeTimes
from services.scheduling.domain.search import FoundTime, SiteOfSearch
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.search_free_times import first_times
from shared.clock import Clock


def find_free_times(question: FindFreeTimes, uow: Unit, clock: Clock) -> list[FoundTime]:
    """Free times from the local day `from_on` (today where absent) on, none before now; one more than asked for, where
    there are as many. Raises NotFound."""
    site = uow.places.site(question.site_id)
    kind = uow.places.appointment_type(question.appointment_type_id)
    after = (question.after, question.practitioner_id, question.site_id) if question.after else None
    asked = SearchFreeTimes(
        appointment_type_id=kind.appointment_type_id,
        practitioner_ids=(question.practitioner_id,),
        from_on=question.from_on,
        days=question.days,
        limit=question.limit,
        after=after,
    )
    place = SiteOfSearch(site_id=site.site_id, zone=site.zone, zip=site.zip)
    return first_times(asked, kind, [place], question.limit + 1, uow, clock.now())
