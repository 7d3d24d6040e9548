"""Where a visit may take place instead: the asker's sites that lie near its own."""

from collections.abc import Collection
from uuid import UUID

from services.scheduling.domain.search import SiteOfSearch
from services.scheduling.operations.distances import miles_from, place_of
from services.scheduling.operations.ports import Unit, ZipCodes

# More are never looked at, so that a list of hundreds of visits is made while its maker waits.
MOST = 5


def near_sites(
    site_ids: Collection[UUID], within_miles: int, uow: Unit, zips: ZipCodes
) -> dict[UUID, list[SiteOfSearch]]:
    """Those near each of these, the nearest first: none near a site that is not the asker's, or has no ZIP code."""
    if not within_miles:
        return {}
    known = uow.searches.sites(uow.asker.ordered_sites)
    near: dict[UUID, list[SiteOfSearch]] = {}
    for own in known:
        if own.site_id in site_ids and (here := place_of(own, zips)):
            miles = miles_from(here, (site for site in known if site != own), zips)
            others = [site for site in known if miles.get(site.site_id, within_miles + 1) <= within_miles]
            near[own.site_id] = sorted(others, key=lambda site: (miles[site.site_id], site.site_id))[:MOST]
    return near
