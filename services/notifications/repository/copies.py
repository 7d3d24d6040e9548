"""Copies of other services' facts: the newest condition of each, and nothing that this service does not need."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from uuid import UUID

from services.notifications.domain.occasions import PURPOSES, REMINDERS
from services.notifications.domain.reach import CHANNEL, Number
from services.notifications.domain.visits import Visit
from services.notifications.repository.columns import columns
from shared.database.repository import Repository
from shared.events.records import PatientCondition
from shared.events.scheduling import SiteChanged


class CopyRepository(Repository):
    """Sites, patients' first names, languages and numbers with their consents, and appointments."""

    def keep_sites(self, sites: Sequence[SiteChanged]) -> None:
        """One condition a site."""
        told = attrgetter("site_id", "version", "name", "zone", "phone")
        ordered = sorted(sites, key=attrgetter("site_id"))
        self.many("keep-sites", [(*told(site), list(site.holidays)) for site in ordered])

    def keep_patients(self, patients: Sequence[PatientCondition]) -> None:
        """One condition a patient; the numbers of a newer one replace those before."""
        ordered = sorted(patients, key=attrgetter("patient_id"))
        told = attrgetter("patient_id", "version", "given", "language")
        news = self.many("keep-patients", [told(patient) for patient in ordered], returns=True)
        changed = {row["patient_id"] for row in news}
        self.run("forget-numbers", patient_ids=list(changed))
        self.many("keep-numbers", [row for it in ordered if it.patient_id in changed for row in _number_rows(it)])

    def keep_visits(self, visits: Sequence[Visit]) -> list[UUID]:
        """One condition an appointment; gives the ids of which this was news. Their rows stay locked."""
        rows = columns(sorted(visits, key=attrgetter("appointment_id")))
        return [row["appointment_id"] for row in self.all("keep-appointments", **rows)]

    def hold_patients(self, patient_ids: Sequence[UUID]) -> dict[UUID, int]:
        """The versions of those that no event has in hand; they stay as they are until the transaction ends."""
        rows = self.all("hold-patients", patient_ids=list(patient_ids))
        return {row["patient_id"]: row["version"] for row in rows}

    def numbers_of(self, patient_ids: Sequence[UUID]) -> dict[UUID, list[Number]]:
        """The patients' numbers in their own order."""
        found: dict[UUID, list[Number]] = defaultdict(list)
        for row in self.all("numbers-of", patient_ids=list(patient_ids)):
            purposes = frozenset(row.pop("purposes"))
            found[row.pop("patient_id")].append(Number(**row, purposes=purposes))
        return found

    def patients_with(self, number: str) -> list[UUID]:
        """Everyone who has this number: a family shares one."""
        return [row["patient_id"] for row in self.all("patients-with-number", number=number)]

    def lock_visits(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Visit]:
        """The visits, locked in the order of their ids."""
        rows = self.all("lock-appointments", appointment_ids=list(appointment_ids))
        return {row["appointment_id"]: Visit(**row) for row in rows}

    def try_visits(self, appointment_ids: Sequence[UUID]) -> dict[UUID, Visit]:
        """The visits, locked; what someone else has in hand is passed by."""
        rows = self.all("try-appointments", appointment_ids=list(appointment_ids))
        return {row["appointment_id"]: Visit(**row) for row in rows}


def _number_rows(patient: PatientCondition) -> list[tuple[object, ...]]:
    told = [it for it in sorted(patient.consents, key=attrgetter("at")) if it.channel == CHANNEL]
    said = {(it.number, it.purpose): it.given for it in told}
    return [
        (
            patient.patient_id,
            place,
            phone.number,
            phone.use,
            said.get((phone.number, REMINDERS)),
            [purpose for purpose in PURPOSES if said.get((phone.number, purpose))],
        )
        for place, phone in enumerate(patient.phones)
    ]
