"""Series. What became of their dates stands in the appointments."""

from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.series import Series
from shared.database.repository import Repository
from shared.errors import NotFound, require_version


class SeriesRepository(Repository):
    """Another's site is NotFound, as if there were none."""

    def add(self, series: Series) -> None:
        self.later("add-series", **vars(series))

    def change(self, series: Series) -> None:
        self.later("change-series", series_id=series.series_id, version=series.version)

    def get(self, series_id: UUID, version: int | None = None) -> Series:
        """The locked series. Raises NotFound, Stale for another version."""
        series = self._found("lock-series", series_id)
        require_version(version, series.version)
        return series

    def read(self, series_id: UUID) -> Series:
        """The series, without a lock. Raises NotFound."""
        return self._found("series", series_id)

    def appointments(self, series_id: UUID) -> list[Appointment]:
        """Its dates at the asker's sites by their start, without a lock; one may have been moved to another site."""
        rows = self.all("appointments-of-series", series_id=series_id, site_ids=self._uow.asker.ordered_sites)
        return [Appointment(**row) for row in rows]

    def _found(self, statement: str, series_id: UUID) -> Series:
        row = self.one(statement, series_id=series_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return Series(**row)
