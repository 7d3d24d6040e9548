"""Who waits: entries as rows, and the line with all that decides who is offered what."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.search import DayOf
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import Desk, Waiting, WaitlistEntry, WaitlistPolicy, Wish
from services.scheduling.domain.zones import zone_of
from services.scheduling.repository.kinds import type_of
from services.scheduling.repository.searching import day_row
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound, require_version

_WISH = tuple(Wish.__dataclass_fields__)
_LISTS = ("site_ids", "practitioner_ids", "weekdays")


class WaitlistRepository(Repository):
    """An entry is seen by whoever has one of its sites; another's is NotFound."""

    def add(self, entry: WaitlistEntry, on_day: date) -> None:
        """The row; the job looks at it when it is committed."""
        self.later("add-waitlist-entry", **_row(entry), looked_on=on_day)
        self.look_at(entry.entry_id)

    def change(self, entry: WaitlistEntry) -> None:
        self.later("change-waitlist-entry", **_row(entry))

    def get(self, entry_id: UUID, version: int | None = None) -> WaitlistEntry:
        """The locked entry. Raises NotFound (also for another's sites), Stale for another version."""
        found = self.lock([entry_id])
        if not found:
            raise NotFound
        require_one_of(self._uow.asker.sites, found[0].wish.site_ids)
        require_version(version, found[0].version)
        return found[0]

    def lock(self, entry_ids: Sequence[UUID]) -> list[WaitlistEntry]:
        """These, whoever asks, locked in the order of their ids."""
        return [entry_of(row) for row in self.all("lock-waitlist-entries", entry_ids=list(entry_ids))]

    def lock_in_line(self, entry_ids: Sequence[UUID]) -> list[WaitlistEntry]:
        """Those of them who still wait and have nothing to answer, locked in the order of their ids."""
        return [entry_of(row) for row in self.all("lock-entries-in-line", entry_ids=list(entry_ids))]

    def line(self, site_id: UUID, practitioner_id: UUID, now: datetime) -> list[Waiting]:
        """Who could be offered anything of that practitioner at that site, in their order."""
        rows = self.all("line-of-place", site_id=site_id, practitioner_id=practitioner_id, now=now)
        return self._in_line(rows)

    def one_in_line(self, entry_id: UUID, now: datetime) -> Waiting | None:
        """The entry where it still waits and has nothing to answer."""
        row = self.one("one-in-line", entry_id=entry_id, now=now)
        return self._in_line([row])[0] if row else None

    def desks_of(self, wish: Wish) -> list[Desk]:
        """Where somebody with that wish could be offered anything."""
        named = {name: _listed(getattr(wish, name)) for name in ("site_ids", "practitioner_ids")}
        return [Desk(**row | {"zone": zone_of(row["zone"])}) for row in self.all("desks-of-wish", **named)]

    def days_of(self, desks: Sequence[Desk], first: date, last: date, minutes: int) -> list[DayOf]:
        """The practitioners' days, where there is room for so many minutes."""
        whose = {
            "resource_ids": list({each.practitioner_id for each in desks}),
            "site_ids": list({each.site_id for each in desks}),
        }
        return [
            DayOf(**day_row(row)) for row in self.all("days-of-desks", **whose, first=first, last=last, minutes=minutes)
        ]

    def networks_to_close_in(self, now: datetime, on_day: date) -> list[UUID]:
        """Of all networks those in which anything is over or has to be looked at; only the worker may ask."""
        return [row["network_id"] for row in self.all("networks-to-close-in", now=now, on_day=on_day)]

    def to_close(self, now: datetime, limit: int) -> list[UUID]:
        """Entries whose wish has run out, or whose visit has begun or ended otherwise."""
        return [row["entry_id"] for row in self.all("entries-to-close", now=now, limit=limit)]

    def is_over(self, entry_id: UUID, now: datetime) -> bool:
        """Whether that is so of an entry that waits."""
        return self.one("entry-to-close", entry_id=entry_id, now=now) is not None

    def look_at(self, entry_id: UUID) -> None:
        """Once this is committed the job sees whether anything is free for it."""
        self.later("look-at-entry", entry_id=entry_id)

    def _in_line(self, rows: list[Row]) -> list[Waiting]:
        type_ids = list({row["appointment_type_id"] for row in rows})
        found = self.all("types-in-line", type_ids=type_ids) if rows else []
        kinds = {row["appointment_type_id"]: type_of(row) for row in found}
        return [_waiting(row, kinds[row["appointment_type_id"]]) for row in rows]

    def is_known(self, patient_id: UUID) -> bool:
        """Whether the patient had an appointment at one of the asker's sites."""
        return self.one("patient-is-known", patient_id=patient_id, site_ids=self._uow.asker.ordered_sites) is not None

    def look_again(self, on_day: date) -> None:
        """Has the job look at every entry that it has not looked at since before that day."""
        self.later("look-at-forgotten-entries", on_day=on_day)


def require_one_of(sites: frozenset[UUID] | None, wanted: Collection[UUID] | None) -> None:
    """Raises NotFound where none of the sites that are wanted (None: any) is one of the asker's (None: every)."""
    if sites is not None and wanted is not None and not sites & set(wanted):
        raise NotFound


def entry_of(row: Row) -> WaitlistEntry:
    """The entry of a row with all of its columns."""
    told: Row = {name: _tuple(row[name]) if name in _LISTS else row[name] for name in _WISH}
    wish = Wish(**told)
    others = {name: row[name] for name in WaitlistEntry.__dataclass_fields__ if name != "wish"}
    return WaitlistEntry(**others, wish=wish)


def _row(entry: WaitlistEntry) -> dict[str, Any]:
    wish = {name: _listed(value) if name in _LISTS else value for name, value in vars(entry.wish).items()}
    return {name: value for name, value in vars(entry).items() if name != "wish"} | wish


def _waiting(row: Row, kind: AppointmentType) -> Waiting:
    entry = entry_of(row)
    named = {name: row[name] for name in ("mode", "hold_minutes", "group_size") if row[name] is not None}
    visit = _extent(row) if row["visit_start_at"] else None
    refused = [TimeRange(each.lower, each.upper) for each in row["refused"] or ()]
    if visit is not None and row["previous_start_at"] is not None:  # the visit was moved away from there
        refused.append(visit.visit(row["previous_start_at"]))
    return Waiting(entry=entry, kind=kind, policy=WaitlistPolicy(**named), visit=visit, refused=tuple(refused))


def _extent(row: Row) -> Extent:
    around = timedelta(minutes=row["set_up_minutes"]), timedelta(minutes=row["clean_up_minutes"])
    return Extent(length=row["visit_end_at"] - row["visit_start_at"], before=around[0], after=around[1])


def _tuple(value: list[Any] | None) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


def _listed(value: tuple[Any, ...] | None) -> list[Any] | None:
    return None if value is None else list(value)
