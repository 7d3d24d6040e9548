"""How large a network, over which years, and from which seed: all that its rows follow from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

# Appointments are booked so far ahead, ever fewer of them.
DAYS_AHEAD = 60
# Texts are kept for visits of these last days; those of older visits are left out (docs/how-to/seed-a-network.md).
TEXTS_OF_DAYS = 90
# Of a site's patients so many also see the next site.
SEEN_ELSEWHERE = 0.03


@dataclass(frozen=True, kw_only=True)
class Size:
    """The wish. `as_of` is the instant at which the history ends; visits that begin later are booked."""

    name: str
    network_id: UUID
    sites: int
    patients: int
    years: int
    visits_a_year: float
    seed: int
    as_of: datetime

    @property
    def first_day(self) -> date:
        return self.as_of.date() - timedelta(days=round(365.25 * self.years))

    @property
    def days(self) -> int:
        """Days of the book, from the first to the last that may have appointments."""
        return (self.as_of.date() - self.first_day).days + DAYS_AHEAD + 1

    @property
    def texts_since(self) -> datetime:
        return self.as_of - timedelta(days=TEXTS_OF_DAYS)

    def chance(self, what: str, number: int = 0) -> Random:
        """The dice for one thing: the same at every run, whatever is made before or beside it."""
        return Random(f"{self.seed}/{what}/{number}")  # noqa: S311 - to be repeated, not to be secret

    def patients_of(self, site: int) -> range:
        """The numbers of a site's own patients, from 0 to `patients`."""
        return range(site * self.patients // self.sites, (site + 1) * self.patients // self.sites)

    def guests_of(self, site: int) -> range:
        """Patients of the site before who come here too."""
        before = self.patients_of((site - 1) % self.sites)
        return before[: int(len(before) * SEEN_ELSEWHERE)] if self.sites > 1 else range(0)
