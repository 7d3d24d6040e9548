"""SQL <-> encounters."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from services.records.domain.encounters import Encounter
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.events.records import Coding, Procedure

_COLUMNS = tuple(Encounter.__dataclass_fields__)


class EncounterRepository(Repository):
    """Encounters of the running transaction's network."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._taken: dict[UUID, Mapping[str, Any]] = {}

    def take_ahead(self, encounter_ids: Collection[UUID]) -> list[UUID]:
        """Locks these in the order of their ids, for the `take`s that follow; gives the patients of those there are."""
        rows = self.all("lock-encounters", encounter_ids=list(encounter_ids))
        self._taken = {row["encounter_id"]: row for row in rows}
        return [row["patient_id"] for row in rows]

    def take(self, encounter_id: UUID) -> Encounter:
        """The encounter, locked. Raises NotFound where there is none at a site of the asker's."""
        # What was read ahead holds for one change: after it the row is another.
        row = self._taken.pop(encounter_id, None) or self.one("lock-encounter", encounter_id=encounter_id)
        if row is None or not self._uow.asker.may_see(row["site_id"]):
            raise NotFound
        return encounter_of(row)

    def of_appointments(self, appointment_ids: Sequence[UUID]) -> Mapping[UUID, list[Encounter]]:
        """Every encounter of these appointments, locked."""
        found: dict[UUID, list[Encounter]] = {}
        for row in self.all("encounters-of-appointments", appointment_ids=list(appointment_ids)):
            found.setdefault(row["appointment_id"], []).append(encounter_of(row))
        return found

    def add(self, encounters: Sequence[Encounter]) -> None:
        """New ones."""
        rows = [tuple(_row_of(encounter)[name] for name in _COLUMNS) for encounter in encounters]
        self.many_later("add-encounters", rows)

    def save(self, encounters: Sequence[Encounter]) -> None:
        """Locked ones, changed."""
        for encounter in encounters:
            self.later("save-encounter", **_row_of(encounter))


def encounter_of(row: Mapping[str, Any]) -> Encounter:
    """An encounter of its row."""
    diagnoses = tuple(Coding(**coding) for coding in row["diagnoses"])
    procedures = tuple(
        Procedure(**{**done, "diagnosis_pointers": tuple(done["diagnosis_pointers"])}) for done in row["procedures"]
    )
    return Encounter(**{**row, "diagnoses": diagnoses, "procedures": procedures})


def _row_of(encounter: Encounter) -> dict[str, Any]:
    return {
        **vars(encounter),
        "diagnoses": Json([vars(coding) for coding in encounter.diagnoses]),
        "procedures": Json([vars(done) for done in encounter.procedures]),
    }
