"""What a day sheet says of an appointment at this moment, and whom a practitioner who runs late keeps waiting."""

from datetime import datetime, timedelta
from typing import Literal

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.life import Stage, steps_from

State = Literal["proposed", "expected", "late", "arrived", "in-room", "done", "cancelled", "noshow", "entered-in-error"]

# Who is not here by then is late. The day page says the same (gateway/pages/day.js).
LATE_AFTER = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)


def state_of(stage: Stage, start_at: datetime, now: datetime) -> State:
    """The word of the day sheet."""
    if stage in ("booked", "confirmed"):
        return "late" if now >= start_at + LATE_AFTER else "expected"
    return "done" if stage == "fulfilled" else stage  # type: ignore[return-value]  # the others are the same words


def waiting_minutes(
    stage: Stage, arrived_at: datetime | None, in_room_at: datetime | None, done_at: datetime | None, now: datetime
) -> int | None:
    """Whole minutes from the check-in until the patient went in, or has waited by now; None for who is not here.

    A visit that was finished without anybody having said when it began did not wait as far as is known.
    """
    if arrived_at is None or stage not in ("arrived", "in-room", "done", "fulfilled"):
        return None
    until = in_room_at or done_at or (now if stage == "arrived" else None)
    return max(0, (until - arrived_at) // _MINUTE) if until else None


def is_kept_waiting(appointment: Appointment, now: datetime) -> bool:
    """Whether a delay concerns its patient: who is expected and may be on the way, or waits here already."""
    if "delay" not in steps_from(appointment.stage):
        return False
    return appointment.status == "arrived" or appointment.end_at > now
