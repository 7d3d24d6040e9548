"""Everything of one site, written in batches: first its patients, then its book, day by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cli.seed.copying import Batch
from cli.seed.history import History
from cli.seed.ids import Ids
from cli.seed.people import People, write_person
from cli.seed.places import Clinic
from cli.seed.size import Size
from cli.seed.texts import Texts
from cli.seed.visits import Diaries
from services.scheduling.domain.places import AppointmentType

# How much goes into one transaction of each database.
_PATIENTS = 5_000
_VISITS = 5_000


@dataclass(frozen=True)
class Progress:
    """What was written since the last report."""

    patients: int = 0
    days: int = 0
    visits: int = 0
    rows: int = 0


@dataclass(frozen=True, kw_only=True)
class SiteSeed:
    """`write` takes a full batch and gives its number of rows; `report` hears what was written."""

    size: Size
    ids: Ids
    people: People
    types: Sequence[AppointmentType]
    sender: str
    write: Callable[[Batch], int]
    report: Callable[[Progress], None]

    def write_people(self, clinic: Clinic) -> None:
        """The patients whom this site registered."""
        batch, waiting = Batch(self.size.network_id), 0
        for number in self.size.patients_of(clinic.number):
            write_person(batch, self.people.person(number), clinic.site.site_id, self.ids)
            waiting += 1
            if waiting == _PATIENTS:
                self.report(Progress(patients=waiting, rows=self.write(batch)))
                waiting = 0
        self.report(Progress(patients=waiting, rows=self.write(batch)))

    def write_book(self, clinic: Clinic) -> None:
        """All visits. Everybody's patients must have been written: some come from the site before."""
        batch = Batch(self.size.network_id)
        self._welcome_guests(clinic, batch)
        history = History(batch, clinic, self.types)
        texts = Texts(batch, self.size, clinic.site, self.ids, self.sender)
        diaries = self._diaries(clinic)
        days = waiting = 0
        for ahead in range(self.size.days):
            days += 1
            for visit in diaries.day(self.size.first_day + timedelta(days=ahead)):
                history.write(visit)
                texts.write(visit)
                waiting += 1
            if waiting >= _VISITS:
                self.report(Progress(days=days, visits=waiting, rows=self.write(batch)))
                days = waiting = 0
        self.report(Progress(days=days, visits=waiting, rows=self.write(batch)))

    def _diaries(self, clinic: Clinic) -> Diaries:
        numbers = (*self.size.patients_of(clinic.number), *self.size.guests_of(clinic.number))
        return Diaries(self.size, clinic, [self.people.person(number) for number in numbers], self.ids)

    def _welcome_guests(self, clinic: Clinic, batch: Batch) -> None:
        for number in self.size.guests_of(clinic.number):
            batch.put("records.patient_sites", self.ids.of("patient", number), clinic.site.site_id)
