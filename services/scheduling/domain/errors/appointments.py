"""Why an appointment cannot be what was asked for."""

from shared.errors import DomainError, Refused


class PatientUnseen(DomainError):
    """Nobody has said that the asker may see this patient: records must be asked first. Decides nothing."""

    slug = "patient-unseen"
    status = 409


class AppointmentOverlaps(Refused):
    """The time is taken. `details.next_free_times`: up to five `{start_at, end_at}` (UTC) that were free just now."""

    slug = "appointment-overlaps"


class OutsideWorkingHours(Refused):
    """The practitioner does not work at this site during all of that time."""

    slug = "outside-working-hours"


class StartInThePast(Refused):
    """The start lies before today's local midnight, and the asker may not backdate."""

    slug = "start-in-the-past"


class AppointmentTypeInactive(Refused):
    """Appointments of this type are no longer given."""

    slug = "appointment-type-inactive"


class NotYet(Refused):
    """A check-in before the appointment's local day."""

    slug = "not-yet"


# Of every step that does not fit: `details.status` says what the appointment is, `details.stage` the same finer, and
# `details.can` what can be done with it.


class AppointmentNotBooked(Refused):
    """Only a booked appointment can be moved, cancelled, confirmed, missed or checked in."""

    slug = "appointment-not-booked"


class AppointmentNotArrived(Refused):
    """Only a check-in can be undone."""

    slug = "appointment-not-arrived"


class AppointmentNotCancelled(Refused):
    """Only a cancellation can be undone."""

    slug = "appointment-not-cancelled"


class VisitAlreadyFinished(Refused):
    """The encounter is finished; that is final."""

    slug = "visit-already-finished"


class AppointmentNotProposed(Refused):
    """Only a proposal can be accepted or declined."""

    slug = "appointment-not-proposed"


class AppointmentNotConfirmed(Refused):
    """There is no confirmation to take back."""

    slug = "appointment-not-confirmed"


class AppointmentNotInRoom(Refused):
    """The patient is not in the room (to finish: not here)."""

    slug = "appointment-not-in-room"


class AppointmentNotDone(Refused):
    """The patient has not gone."""

    slug = "appointment-not-done"


class AppointmentNotNoshow(Refused):
    """Nobody was marked as missed."""

    slug = "appointment-not-noshow"


class AppointmentNotBegun(Refused):
    """Who is expected has until the appointment's start: before it nobody can have missed it."""

    slug = "appointment-not-begun"


class EnteredInError(Refused):
    """The appointment was a mistake; that is final."""

    slug = "appointment-entered-in-error"


class RoomElsewhere(Refused):
    """The patient cannot go there: it is at another site, or no room."""

    slug = "room-elsewhere"
