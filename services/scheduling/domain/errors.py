"""Why scheduling says no: one class per reason."""

from shared.errors import Invalid, Refused


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


class AppointmentNotBooked(Refused):
    """Only a booked appointment can be moved, cancelled or checked in. `details.status` says what it is."""

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


class UnknownZone(Invalid):
    """No such IANA time zone."""

    slug = "unknown-zone"

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "zone", "message": "is no IANA time zone"}])


class ImpossibleHours(Invalid):
    """Working hours that end before they start, or overlap one another."""

    slug = "impossible-hours"

    def __init__(self, message: str) -> None:
        super().__init__(errors=[{"field": "weekly", "message": message}])
