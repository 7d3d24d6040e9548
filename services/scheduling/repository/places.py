"""Sites, practitioners, appointment types."""

from typing import Any
from uuid import UUID

from services.scheduling.domain.places import AppointmentType, Practitioner, Site
from services.scheduling.repository.kinds import practitioner_of, row_of_practitioner, row_of_type, type_of
from shared.database.repository import Repository
from shared.errors import NotFound


class PlaceRepository(Repository):
    """The network's map. Another's site is NotFound, as if there were none."""

    def site(self, site_id: UUID, *, lock: bool = False) -> Site:
        self._uow.asker.require_site(site_id)
        return Site(**self._found("lock-site" if lock else "site", site_id=site_id))

    def add_site(self, site: Site) -> None:
        self.later("add-site", **vars(site))

    def change_site(self, site: Site) -> None:
        self.later("change-site", **vars(site))

    def practitioner(self, practitioner_id: UUID, *, lock: bool = False) -> Practitioner:
        name = "lock-practitioner" if lock else "practitioner"
        return practitioner_of(self._found(name, practitioner_id=practitioner_id))

    def add_practitioner(self, practitioner: Practitioner) -> None:
        self.later("add-practitioner", **row_of_practitioner(practitioner))

    def change_practitioner(self, practitioner: Practitioner) -> None:
        self.later("change-practitioner", **row_of_practitioner(practitioner))

    def appointment_type(self, appointment_type_id: UUID, *, lock: bool = False) -> AppointmentType:
        name = "lock-appointment-type" if lock else "appointment-type"
        return type_of(self._found(name, appointment_type_id=appointment_type_id))

    def add_appointment_type(self, kind: AppointmentType) -> None:
        self.later("add-appointment-type", **row_of_type(kind))

    def change_appointment_type(self, kind: AppointmentType) -> None:
        self.later("change-appointment-type", **row_of_type(kind))

    def _found(self, statement: str, **params: Any) -> dict[str, Any]:
        row = self.one(statement, **params)
        if row is None:
            raise NotFound
        return row
