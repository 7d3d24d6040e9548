"""Working hours and the time taken: what a schedule decides from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from services.scheduling.domain.errors import PatientUnseen
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.places import Site
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.search import extent_of
from services.scheduling.domain.stranded import Visit, one_a_visit
from services.scheduling.domain.taking import Other, Wish
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.warnings import OtherVisit
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import local_day
from services.scheduling.repository.hours_rows import hours_of, patterns_row, set_hours, stays_row
from services.scheduling.repository.kinds import type_of
from services.scheduling.repository.ranges import ranges_of
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound


class ScheduleRepository(Repository):
    """One practitioner at one site, read in one question. Another's site is NotFound."""

    def hours(self, practitioner_id: UUID, site_id: UUID) -> WorkingHours:
        """Week, patterns and stays; none where the practitioner does not work there. Deviations are not read."""
        row = self.one("working-hours", practitioner_id=practitioner_id, site_id=site_id)
        return set_hours(practitioner_id, site_id, row or {"version": None})

    def hours_at(
        self, site_id: UUID, from_at: datetime, resource_ids: Sequence[UUID] | None = None
    ) -> dict[UUID, WorkingHours]:
        """All that says when these (None: all) practitioners, rooms and devices work at the site from then on."""
        wanted = None if resource_ids is None else list(resource_ids)
        rows = self.all("hours-at-site", site_id=site_id, from_at=from_at, resource_ids=wanted)
        return {row["resource_id"]: hours_of(row["resource_id"], site_id, row) for row in rows}

    def resources_at(self, site_id: UUID) -> list[UUID]:
        """Who works at the site and what stands there."""
        return [row["resource_id"] for row in self.all("resources-at-site", site_id=site_id)]

    def sites_of(self, practitioner_id: UUID) -> list[UUID]:
        """Where the practitioner has hours."""
        return [row["site_id"] for row in self.all("sites-of-practitioner", practitioner_id=practitioner_id)]

    def coming_visits(
        self, site_id: UUID, from_at: datetime, resource_ids: Sequence[UUID] | None = None
    ) -> list[Visit]:
        """Booked visits that start from then on, by their start; those that take one of the resources where named."""
        wanted = None if resource_ids is None else list(resource_ids)
        return one_a_visit(
            _visit(row) for row in self.all("coming-visits", site_id=site_id, from_at=from_at, resource_ids=wanted)
        )

    def keep_hours(self, hours: WorkingHours) -> None:
        """Replaces week, patterns and stays and makes sure of the lanes. The caller holds the resource's lock."""
        place = {"practitioner_id": hours.practitioner_id, "site_id": hours.site_id}
        rules = {"patterns": patterns_row(hours.patterns), "stays": stays_row(hours.stays)}
        self.later("keep-working-hours", **place, **rules, lanes=hours.lanes, version=hours.version)
        self.later("forget-weekly-hours", **place)
        self.many_later("keep-weekly-hours", [(*place.values(), it.weekday, it.starts, it.ends) for it in hours.weekly])
        self.later("keep-lanes", resource_id=hours.practitioner_id, lanes=hours.lanes)

    def lock_what_is_needed(self, wanted: Sequence[tuple[UUID, UUID]], resource_ids: Sequence[UUID]) -> None:
        """The locks of these resources, and of all that may serve what else (site, appointment type) needs."""
        sites, types = [site for site, _ in wanted], [type_ for _, type_ in wanted]
        self.later("lock-what-is-needed", site_ids=sites, type_ids=types, resource_ids=list(resource_ids))

    def schedule_to_move(
        self, site_id: UUID, practitioner_id: UUID, appointment_type_id: UUID, patient_id: UUID | None, wish: Wish
    ) -> Schedule:
        """The schedule with all that is taken of the time that is wished for. Raises NotFound."""
        times = {"start_at": wish.start_at, "from_at": wish.occupied.start_at, "until_at": wish.occupied.end_at}
        names = {"appointment_type_id": appointment_type_id, "patient_id": patient_id}
        rows = self._read("schedule-to-move", site_id, practitioner_id, **names, **times)
        return self._with_others(_schedule(practitioner_id, rows, wish.start_at, self._uow.clock.now()), wish)

    def schedule_to_book(
        self,
        site_id: UUID,
        practitioner_id: UUID,
        appointment_type_id: UUID,
        start_at: datetime,
        patient_id: UUID | None = None,
    ) -> Schedule:
        """The schedule with all that is taken while an appointment of that type would take its time.

        Raises NotFound where site, practitioner or type are not there, PatientUnseen where a patient is named whom
        neither the gateway nor an appointment at the asker's sites vouches for.
        """
        names = {"appointment_type_id": appointment_type_id, "patient_id": patient_id}
        rows = self._read("schedule-to-book", site_id, practitioner_id, **names, start_at=start_at, from_at=start_at)
        # Records' own rule: the site of an appointment sees its patient from then on.
        if patient_id and not self._uow.asker.patients_seen and not rows[0]["patient_is_known"]:
            raise PatientUnseen
        schedule = _schedule(practitioner_id, rows, start_at, self._uow.clock.now())
        return self._with_others(schedule, Wish(start_at=start_at, extent=extent_of(schedule.kind)))

    def _with_others(self, schedule: Schedule, wish: Wish) -> Schedule:
        """Asks once more where more is needed than the practitioner."""
        needs = schedule.kind.needs
        if not needs or (len(needs) == 1 and needs[0].kind == "practitioner"):
            return replace(schedule, others=())
        site = schedule.site
        rows = self.all(
            "others-to-book",
            site_id=site.site_id,
            on_day=local_day(wish.start_at, site.zone_info),
            kinds=[need.kind for need in needs],
            types=[need.type for need in needs],
            from_at=wish.occupied.start_at,
            until_at=wish.occupied.end_at,
        )
        others, over = _others(rows, self._uow.clock.now())
        return replace(schedule, others=others, over=[*schedule.over, *over])

    def _read(self, statement: str, site_id: UUID, practitioner_id: UUID, **more: object) -> list[Row]:
        self._uow.asker.require_site(site_id)
        whose = {"site_id": site_id, "practitioner_id": practitioner_id, "site_ids": self._uow.asker.ordered_sites}
        rows = self.all(statement, **whose, **more)
        if not rows:
            raise NotFound
        return rows


def _schedule(practitioner_id: UUID, rows: list[Row], start_at: datetime, now: datetime) -> Schedule:
    """The schedule, with the appointment type as it is on the day of that start."""
    first, site = rows[0], _site(rows[0])
    kind = type_of(first, name=first["type_name"], version=first["type_version"])
    taken = _bookings(rows)
    return Schedule(
        site=site,
        hours=hours_of(practitioner_id, first["site_id"], first),
        kind=kind.on(local_day(start_at, site.zone_info)),
        practitioner_kind=first["practitioner_kind"],
        taken=[each for each in taken if not each.is_over(now)],
        over=[each.taken_by for each in taken if each.is_over(now)],
        visits=[_other_visit(visit) for visit in first["visits"] or ()],
    )


def _bookings(rows: list[Row]) -> list[Booking]:
    return [booking_of(row) for row in rows if row["taken_by"] is not None]


def _others(rows: list[Row], now: datetime) -> tuple[list[Other], list[UUID]]:
    """Who may serve, and the holds of theirs that have expired."""
    others, over = [], []
    for _, group in groupby(rows, key=itemgetter("resource_id")):
        of = list(group)
        taken = _bookings(of)
        over += [each.taken_by for each in taken if each.is_over(now)]
        names = ("resource_id", "kind", "type", "lanes")
        working = ranges_of(of[0]["working"] or "{}") if of[0]["is_kept"] else None
        holding = tuple(each for each in taken if not each.is_over(now))
        others.append(Other(**{name: of[0][name] for name in names}, working=working, taken=holding))
    return others, over


def _other_visit(told: Row) -> OtherVisit:
    return OtherVisit(
        appointment_id=UUID(told["appointment_id"]),
        site_id=UUID(told["site_id"]),
        practitioner_id=UUID(told["practitioner_id"]),
        start_at=datetime.fromisoformat(told["start_at"]),
        end_at=datetime.fromisoformat(told["end_at"]),
    )


def _site(row: Row) -> Site:
    return Site(
        site_id=row["site_id"],
        name=row["site_name"],
        zone=row["zone"],
        phone=row["phone"],
        version=row["site_version"],
    )


def booking_of(row: Row) -> Booking:
    """The time that a row tells as taken."""
    return Booking(
        taken_by=row["taken_by"],
        site_id=row["taken_at"],
        lane=row["taken_lane"],
        during=TimeRange(row["start_at"], row["end_at"]),
        expires_at=row["expires_at"],
    )


def _visit(row: Row) -> Visit:
    names = ("appointment_id", "site_id", "practitioner_id", "patient_id")
    during = TimeRange(row["start_at"], row["end_at"])
    return Visit(**{name: row[name] for name in names}, resource_ids=(row["resource_id"],), during=during)
