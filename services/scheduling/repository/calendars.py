"""Calendar links and the network's settings of them. A secret's hash goes in and never comes out."""

from datetime import datetime
from uuid import UUID

from services.scheduling.domain.calendars import CalendarLink, CalendarSettings
from services.scheduling.domain.errors import CalendarSecretSpent
from services.scheduling.domain.time_range import TimeRange
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound, require_version


class CalendarRepository(Repository):
    """A link to a site that is not the asker's is NotFound, as if there were none."""

    def find(self, secret_hash: bytes) -> tuple[UUID, UUID]:
        """Network and id of the link in force with that secret. Raises NotFound."""
        row = self._uow.sql.one("find-calendar-link", secret_hash=secret_hash)
        if row is None:
            raise NotFound
        return row["network_id"], row["calendar_link_id"]

    def read(self, calendar_link_id: UUID) -> CalendarLink:
        """The link, whoever asks. Raises NotFound."""
        row = self.one("calendar-link", calendar_link_id=calendar_link_id)
        if row is None:
            raise NotFound
        return _link(row)

    def get(self, calendar_link_id: UUID, version: int | None = None) -> CalendarLink:
        """The locked link. Raises NotFound, Stale for another version."""
        row = self.one("lock-calendar-link", calendar_link_id=calendar_link_id)
        if row is None or not self._may_see(link := _link(row)):
            raise NotFound
        require_version(version, link.version)
        return link

    def of_practitioner(self, practitioner_id: UUID) -> list[CalendarLink]:
        """Those that the asker may see, oldest first."""
        links = [_link(row) for row in self.all("calendar-links", practitioner_id=practitioner_id)]
        return [link for link in links if self._may_see(link)]

    def add(self, link: CalendarLink, secret_hash: bytes) -> None:
        """Raises CalendarSecretSpent."""
        sites = None if link.site_ids is None else list(link.site_ids)
        given = {**vars(link), "site_ids": sites, "secret_hash": secret_hash}
        if not self.run("add-calendar-link", **given):
            raise CalendarSecretSpent

    def change(self, link: CalendarLink, secret_hash: bytes | None = None) -> None:
        """Keeps the secret where no other is given."""
        self.later("change-calendar-link", **{**vars(link), "site_ids": None, "secret_hash": secret_hash})

    def settings(self, *, lock: bool = False) -> CalendarSettings:
        """The network's; the default where none were ever set."""
        row = self.one("lock-calendar-settings" if lock else "calendar-settings")
        return CalendarSettings(**row) if row else CalendarSettings()

    def keep_settings(self, settings: CalendarSettings) -> None:
        self.later("keep-calendar-settings", **vars(settings))

    def items(self, link: CalendarLink, during: TimeRange, cancelled_from: datetime) -> list[Row]:
        """The appointments that the link shows, with their patients' names."""
        return self.all(
            "calendar-items",
            practitioner_id=link.practitioner_id,
            site_ids=None if link.site_ids is None else list(link.site_ids),
            from_at=during.start_at,
            until_at=during.end_at,
            cancelled_from=cancelled_from,
        )

    def _may_see(self, link: CalendarLink) -> bool:
        sites = self._uow.asker.sites
        return sites is None or (link.site_ids is not None and sites >= set(link.site_ids))


def _link(row: Row) -> CalendarLink:
    return CalendarLink(**{**row, "site_ids": None if row["site_ids"] is None else tuple(row["site_ids"])})
