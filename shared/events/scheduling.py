"""The facts that scheduling tells."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class AppointmentCondition(Condition):
    """An agreement on a time. `status` is FHIR R4: proposed, booked, arrived, fulfilled, cancelled, noshow,
    entered-in-error.

    `arrival_id` is new with every check-in and stays after its undoing (`status` is then
    booked again), so that what hangs on it can be found and closed. `previous_*` is where the last move came from:
    what hangs on the appointment's id (texts, an estimate, an authorisation) moves from there to `start_at`,
    `end_at`, `practitioner_id`, `site_id` and its `zone`. A confirmed appointment is a booked one with `confirmed_at`
    and `confirmed_by` (patient, staff); `cancelled_by` is patient, practitioner, clinic or other, and
    `cancelled_notice_minutes` how long before the start it was (below zero: after it). `delay_minutes`: the
    practitioner runs late by so much. `series_id`: the series of which it is a date.
    """

    source = "scheduling"
    aggregate = "appointment"
    subject_field = "appointment_id"

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    status: str
    start_at: datetime
    end_at: datetime
    zone: str
    previous_start_at: datetime | None
    booked_at: datetime
    arrival_id: UUID | None
    arrived_at: datetime | None
    cancelled_at: datetime | None
    cancelled_reason: str | None
    cancelled_by: str | None = None
    cancelled_notice_minutes: int | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    noshow_at: datetime | None = None
    walk_in: bool = False
    in_room_at: datetime | None = None
    done_at: datetime | None = None
    room_id: UUID | None = None
    delay_minutes: int | None = None
    previous_end_at: datetime | None = None
    previous_practitioner_id: UUID | None = None
    series_id: UUID | None = None
    previous_site_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentProposed(AppointmentCondition):
    """A time was kept for a patient who has not accepted it yet."""

    type = "appointment-proposed"


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentCondition):
    """A time was agreed, also one that was proposed before."""

    type = "appointment-booked"


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmed(AppointmentCondition):
    """The patient will come: said by the patient or by staff."""

    type = "appointment-confirmed"


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmationUndone(AppointmentCondition):
    """A wrong confirmation was taken back."""

    type = "appointment-confirmation-undone"


@dataclass(frozen=True, kw_only=True)
class AppointmentRescheduled(AppointmentCondition):
    """The appointment moved, maybe to another site; `previous_*` is where it was."""

    type = "appointment-rescheduled"


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentCondition):
    """The appointment will not take place."""

    type = "appointment-cancelled"


@dataclass(frozen=True, kw_only=True)
class AppointmentReinstated(AppointmentCondition):
    """A cancellation was undone; the time is taken again."""

    type = "appointment-reinstated"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrived(AppointmentCondition):
    """The patient was checked in."""

    type = "appointment-arrived"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrivalUndone(AppointmentCondition):
    """A wrong check-in was undone."""

    type = "appointment-arrival-undone"


@dataclass(frozen=True, kw_only=True)
class AppointmentProgressed(AppointmentCondition):
    """Who has arrived went into the room or is done at the desk, or such a step was undone."""

    type = "appointment-progressed"


@dataclass(frozen=True, kw_only=True)
class AppointmentDelayed(AppointmentCondition):
    """The practitioner runs late (`delay_minutes`), or is on time again."""

    type = "appointment-delayed"


@dataclass(frozen=True, kw_only=True)
class AppointmentNoshowed(AppointmentCondition):
    """The patient did not come."""

    type = "appointment-noshowed"


@dataclass(frozen=True, kw_only=True)
class AppointmentNoshowUndone(AppointmentCondition):
    """The patient came after all, or is still expected."""

    type = "appointment-noshow-undone"


@dataclass(frozen=True, kw_only=True)
class AppointmentEnteredInError(AppointmentCondition):
    """The appointment was a mistake. Whatever came of it is to be closed."""

    type = "appointment-entered-in-error"


@dataclass(frozen=True, kw_only=True)
class AppointmentFulfilled(AppointmentCondition):
    """The encounter of this appointment is finished."""

    type = "appointment-fulfilled"


@dataclass(frozen=True, kw_only=True)
class SiteChanged(Condition):
    """A site was added or changed. `holidays`: whole days to come, by its own calendar, on which it is closed."""

    type = "site-changed"
    source = "scheduling"
    aggregate = "site"
    subject_field = "site_id"

    site_id: UUID
    name: str
    zone: str
    phone: str | None
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PractitionerChanged(Condition):
    """A practitioner was added or changed."""

    type = "practitioner-changed"
    source = "scheduling"
    aggregate = "practitioner"
    subject_field = "practitioner_id"

    practitioner_id: UUID
    given: str
    family: str


@dataclass(frozen=True, kw_only=True)
class WaitlistOfferCondition(Condition):
    """A time offered to a patient on the waitlist. `status`: offered, accepted, declined, expired or lost.

    It can be answered before `expires_at`. `is_held`: the time is kept for the patient until then; otherwise several
    are asked and the first has it. `appointment_id` and `earlier_than`: the later visit that would be moved, and its
    start when the offer was made; `booked_id`: the appointment that came of it.
    """

    source = "scheduling"
    aggregate = "waitlist-offer"
    subject_field = "offer_id"

    offer_id: UUID
    entry_id: UUID
    patient_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime
    end_at: datetime
    zone: str
    expires_at: datetime
    status: str
    is_held: bool
    appointment_id: UUID | None
    earlier_than: datetime | None
    booked_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class WaitlistOffered(WaitlistOfferCondition):
    """A time that has become free is offered."""

    type = "waitlist-offered"


@dataclass(frozen=True, kw_only=True)
class WaitlistAccepted(WaitlistOfferCondition):
    """The time is the patient's."""

    type = "waitlist-accepted"


@dataclass(frozen=True, kw_only=True)
class WaitlistDeclined(WaitlistOfferCondition):
    """Not for this visit; the patient goes on waiting for another time."""

    type = "waitlist-declined"


@dataclass(frozen=True, kw_only=True)
class WaitlistExpired(WaitlistOfferCondition):
    """Nobody answered in time; the patient goes on waiting for another time."""

    type = "waitlist-expired"


@dataclass(frozen=True, kw_only=True)
class WaitlistLost(WaitlistOfferCondition):
    """The time went to another, or the patient waits no more."""

    type = "waitlist-lost"
