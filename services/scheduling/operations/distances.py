"""How far the sites lie from a place."""

from collections.abc import Iterable
from uuid import UUID

from services.scheduling.domain.search import SiteOfSearch
from services.scheduling.operations.ports import ZipCodes


def place_of(site: SiteOfSearch, zips: ZipCodes) -> tuple[float, float] | None:
    """Where its ZIP code lies; None where it has none that is known."""
    return zips.place(site.zip) if site.zip else None


def miles_from(here: tuple[float, float], sites: Iterable[SiteOfSearch], zips: ZipCodes) -> dict[UUID, float]:
    """Miles by the site's id, of the sites of which it is known."""
    return {site.site_id: zips.miles(here, place) for site in sites if (place := place_of(site, zips))}
