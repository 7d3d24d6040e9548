"""A clinic with colleagues, of whom one calls in sick."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import Clinic

from services.scheduling import operations
from services.scheduling.adapters.zip_codes import UsZipCodes
from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.domain.working_hours import WeeklyHours
from services.scheduling.queries import absences as absence_queries

# Tuesday, 24 November 2026; the clinic's clock stands at Monday, 09:00 in New York.
EIGHT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
NOON = EIGHT + timedelta(hours=4)
HALF_HOUR = timedelta(minutes=30)
ZIPS = UsZipCodes()
Json = dict[str, Any]


@dataclass
class SickDay:
    """What a desk does about it. The clinic's own practitioner is the one who is sick; colleagues work 8 to 17."""

    clinic: Clinic
    colleagues: list[UUID] = field(default_factory=list)

    def colleague(self, *, kind: str | None = None, site_id: UUID | None = None) -> UUID:
        add = commands.AddPractitioner(given="C", family=f"D{len(self.colleagues)}", kind=kind)
        made = operations.add_practitioner(add, self.clinic.uow(), self.clinic.clock)
        self.works(made.practitioner_id, site_id)
        self.colleagues.append(made.practitioner_id)
        return made.practitioner_id

    def works(self, practitioner_id: UUID, site_id: UUID | None = None, days: Sequence[int] = (1, 2, 3, 4, 5)) -> None:
        week = tuple(WeeklyHours(weekday=day, starts=8 * 60, ends=17 * 60) for day in days)
        hours = commands.SetWorkingHours(
            practitioner_id=practitioner_id, site_id=site_id or self.clinic.site.site_id, lanes=1, weekly=week
        )
        operations.set_working_hours(hours, self.clinic.uow(), self.clinic.clock)

    def visits(self, count: int, start_at: datetime = EIGHT, every: timedelta = HALF_HOUR) -> list[Appointment]:
        return [self.clinic.book(start_at + every * place) for place in range(count)]

    def mark(
        self, from_at: datetime = EIGHT, until_at: datetime = NOON, within_miles: int | None = None, **asker: Any
    ) -> Json:
        command = commands.MarkAbsent(
            practitioner_id=self.clinic.practitioner_id,
            from_at=from_at,
            until_at=until_at,
            reason="sick",
            within_miles=within_miles,
        )
        return operations.mark_absent(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def close(self, from_at: datetime = EIGHT, until_at: datetime = NOON, **asker: Any) -> Json:
        command = commands.CloseSite(
            site_id=self.clinic.site.site_id, from_at=from_at, until_at=until_at, reason="burst pipe"
        )
        return operations.close_site(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def undo(self, absence: Json, **asker: Any) -> Json:
        command = commands.UndoAbsence(absence_id=absence["absence_id"])
        return operations.undo_absence(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def accept(self, listed: Json, number: int = 1, **asker: Any) -> Reschedule:
        command = commands.AcceptProposal(reschedule_id=listed["reschedule_id"], number=number)
        return operations.accept_proposal(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def decline(self, listed: Json, then: Any = None, **asker: Any) -> Reschedule:
        command = commands.DeclineProposals(reschedule_id=listed["reschedule_id"], then=then)
        return operations.decline_proposals(command, self.clinic.uow(**asker), self.clinic.clock, ZIPS)

    def pick(
        self,
        listed: Json,
        start_at: datetime,
        practitioner_id: UUID | None = None,
        *,
        site_id: Any = None,
        **asker: Any,
    ) -> Reschedule:
        command = commands.PickTime(
            reschedule_id=listed["reschedule_id"], start_at=start_at, site_id=site_id, practitioner_id=practitioner_id
        )
        return operations.pick_time(command, self.clinic.uow(**asker), self.clinic.clock)

    def cancel(self, listed: Json) -> Reschedule:
        command = commands.CancelListed(reschedule_id=listed["reschedule_id"], reason="asked")
        return operations.cancel_listed(command, self.clinic.uow(), self.clinic.clock)

    def to_call(self, listed: Json) -> Reschedule:
        command = commands.MarkToCall(reschedule_id=listed["reschedule_id"])
        return operations.mark_to_call(command, self.clinic.uow(), self.clinic.clock)

    def tally(self, absence: Json, **asker: Any) -> Json:
        with self.clinic.uow(**asker) as uow:
            shown = uow.absences.tallied(uow.absences.get(absence["absence_id"]))["tally"]
        return {**vars(shown), "touched": shown.touched}

    def listed(self, absence: Json | None = None, **asker: Any) -> list[Json]:
        """The list as a screen reads it, by the start of the visits."""
        question = {"absence_id": absence and absence["absence_id"], "site_id": None, "state": None, "limit": 1000}
        with self.clinic.uow(**asker) as uow:
            return absence_queries.reschedules({**question, "cursor": None, "sort": "start_at"}, uow)["items"]

    def appointment(self, listed: Json) -> Appointment:
        with self.clinic.uow() as uow:
            return uow.appointments.read(listed["appointment_id"])

    def told(self, identity: object) -> list[str]:
        """The types of the events of one aggregate, in their order."""
        return [
            kind for (kind,) in self.rows("SELECT type FROM outbox WHERE aggregate_id = %s ORDER BY id", str(identity))
        ]

    def write(self, statement: str) -> None:
        connection = psycopg2.connect(self.clinic.urls.admin)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def rows(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.clinic.urls.admin)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
                return cursor.fetchall()
        finally:
            connection.close()


@pytest.fixture
def sick_day(clinic: Clinic) -> SickDay:
    """The clinic's practitioner, who works from 8 to 17 on weekdays, has one colleague."""
    made = SickDay(clinic)
    made.works(clinic.practitioner_id)
    made.colleague()
    return made
