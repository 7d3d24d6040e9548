"""Absences, and whom and what they concern."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.reschedules import Reschedule, Tally
from services.scheduling.domain.time_range import TimeRange
from shared.asker import Asker
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound


class AbsenceRepository(Repository):
    """One that concerns none of the asker's sites is NotFound, as if there were none.

    Whoever writes one holds the lock of its practitioner, or of its site and all who work there.
    """

    def get(self, absence_id: UUID) -> Absence:
        """Raises NotFound."""
        row = self.one("absence", absence_id=absence_id)
        if row is None or not any(self._uow.asker.may_see(site_id) for site_id in row["site_ids"]):
            raise NotFound
        return _absence(row)

    def of_list(self, listed: Reschedule) -> Absence:
        """The absence on whose list that visit stands: whoever sees the one may know of the other."""
        row = self.one("absence", absence_id=listed.absence_id)
        if row is None:
            raise NotFound
        return _absence(row)

    def standing(
        self, during: TimeRange, *, practitioner_ids: Sequence[UUID] = (), site_ids: Sequence[UUID] = ()
    ) -> list[Absence]:
        """Those of any of these practitioners or sites that overlap or touch that time and were not undone."""
        rows = self.all(
            "standing-absences",
            practitioner_ids=list(practitioner_ids),
            site_ids=list(site_ids),
            from_at=during.start_at,
            until_at=during.end_at,
        )
        return [_absence(row) for row in rows]

    def add(self, absence: Absence) -> None:
        self.later("add-absence", **_row(absence))

    def change(self, absence: Absence) -> None:
        self.later("change-absence", **_row(absence))

    def sites_of(self, practitioner_id: UUID, during: TimeRange) -> tuple[UUID, ...]:
        """Where the practitioner works, or has visits then."""
        rows = self.all(
            "sites-of-absence",
            practitioner_id=practitioner_id,
            from_at=during.start_at,
            until_at=during.end_at,
        )
        return tuple(row["site_id"] for row in rows)

    def resources_to_close(self, site_id: UUID, during: TimeRange) -> list[UUID]:
        """Who works at the site or has visits there then, and what stands there."""
        rows = self.all("resources-to-close", site_id=site_id, from_at=during.start_at, until_at=during.end_at)
        return [row["resource_id"] for row in rows]

    def tallied(self, absence: Absence) -> Row:
        """The absence as it is shown to the asker, with the tally of its list at the asker's sites."""
        row = self.one("absence-tally", absence_id=absence.absence_id, site_ids=self._uow.asker.ordered_sites)
        return shown_absence(row or {}, self._uow.asker)


def shown_absence(row: Row, asker: Asker) -> Row:
    """The reason is for who sees every site that it concerns: at another it may say what is none of hers."""
    tally = Tally(**{each.name: row[each.name] for each in fields(Tally)})
    all_seen = all(asker.may_see(site_id) for site_id in row["site_ids"])
    return row | {"reason": row["reason"] if all_seen else None, "tally": tally}


def _absence(row: Row) -> Absence:
    return Absence(**row | {"site_ids": tuple(row["site_ids"])})


def _row(absence: Absence) -> dict[str, Any]:
    return vars(absence) | {"site_ids": list(absence.site_ids)}
