"""Who tells what, and who listens. The broker's topology is made from this and from nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.events import billing, notifications, records, rescheduling, scheduling
from shared.events.base import Condition
from shared.events.schemas import billing as billing_schemas
from shared.events.schemas import notifications as notifications_schemas
from shared.events.schemas import records as records_schemas
from shared.events.schemas import rescheduling as rescheduling_schemas
from shared.events.schemas import scheduling as scheduling_schemas
from shared.events.schemas.base import ConditionSchema


@dataclass(frozen=True)
class Aggregate:
    """All event types of one aggregate and the shape that they share. `shape` is what handlers name."""

    shape: type[Condition]
    schema: ConditionSchema
    types: tuple[type[Condition], ...]

    @property
    def source(self) -> str:
        return self.shape.source

    @property
    def name(self) -> str:
        return self.shape.aggregate

    @property
    def type_names(self) -> tuple[str, ...]:
        return tuple(event.type for event in self.types)


@dataclass(frozen=True)
class Consumer:
    """One handler: its queue bears its name and is bound to every type of the aggregate."""

    name: str
    shape: type[Condition]

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]


AGGREGATES: tuple[Aggregate, ...] = (
    Aggregate(
        scheduling.AppointmentCondition,
        scheduling_schemas.AppointmentSchema(),
        (
            scheduling.AppointmentProposed,
            scheduling.AppointmentBooked,
            scheduling.AppointmentConfirmed,
            scheduling.AppointmentConfirmationUndone,
            scheduling.AppointmentRescheduled,
            scheduling.AppointmentCancelled,
            scheduling.AppointmentReinstated,
            scheduling.AppointmentArrived,
            scheduling.AppointmentArrivalUndone,
            scheduling.AppointmentProgressed,
            scheduling.AppointmentDelayed,
            scheduling.AppointmentFulfilled,
            scheduling.AppointmentNoshowed,
            scheduling.AppointmentNoshowUndone,
            scheduling.AppointmentEnteredInError,
        ),
    ),
    Aggregate(
        rescheduling.RescheduleCondition,
        rescheduling_schemas.RescheduleSchema(),
        (
            rescheduling.RescheduleOffered,
            rescheduling.RescheduleToCall,
            rescheduling.RescheduleDeclined,
            rescheduling.RescheduleMoved,
            rescheduling.RescheduleCancelled,
            rescheduling.RescheduleWithdrawn,
        ),
    ),
    Aggregate(scheduling.SiteChanged, scheduling_schemas.SiteSchema(), (scheduling.SiteChanged,)),
    Aggregate(
        scheduling.PractitionerChanged, scheduling_schemas.PractitionerSchema(), (scheduling.PractitionerChanged,)
    ),
    Aggregate(
        scheduling.WaitlistOfferCondition,
        scheduling_schemas.WaitlistOfferSchema(),
        (
            scheduling.WaitlistOffered,
            scheduling.WaitlistAccepted,
            scheduling.WaitlistDeclined,
            scheduling.WaitlistExpired,
            scheduling.WaitlistLost,
        ),
    ),
    Aggregate(
        records.PatientCondition,
        records_schemas.PatientSchema(),
        (records.PatientRegistered, records.PatientUpdated, records.ConsentChanged, records.CoverageUpdated),
    ),
    Aggregate(
        records.EncounterCondition,
        records_schemas.EncounterSchema(),
        (records.EncounterOpened, records.EncounterVoided, records.EncounterFinished),
    ),
    Aggregate(billing.ChargeCaptured, billing_schemas.ChargeSchema(), (billing.ChargeCaptured,)),
    Aggregate(billing.ClaimCondition, billing_schemas.ClaimSchema(), (billing.ClaimCreated, billing.ClaimHeld)),
    Aggregate(billing.ClaimFeedRow, billing_schemas.ClaimFeedRowSchema(), (billing.ClaimFeedRow,)),
    Aggregate(
        notifications.TextCondition,
        notifications_schemas.TextSchema(),
        (notifications.TextSent, notifications.TextSkipped, notifications.TextFailed, notifications.TextDelivered),
    ),
    Aggregate(notifications.ReplyReceived, notifications_schemas.ReplySchema(), (notifications.ReplyReceived,)),
    Aggregate(notifications.PatientOptedOut, notifications_schemas.OptOutSchema(), (notifications.PatientOptedOut,)),
)

CONSUMERS: tuple[Consumer, ...] = (
    Consumer("scheduling.on_patient", records.PatientCondition),
    Consumer("scheduling.on_encounter", records.EncounterCondition),
    Consumer("scheduling.on_text", notifications.TextCondition),
    Consumer("scheduling.on_reply", notifications.ReplyReceived),
    Consumer("records.on_appointment", scheduling.AppointmentCondition),
    Consumer("billing.on_patient", records.PatientCondition),
    Consumer("billing.on_encounter", records.EncounterCondition),
    Consumer("billing.on_claim", billing.ClaimCondition),
    Consumer("notifications.on_appointment", scheduling.AppointmentCondition),
    Consumer("notifications.on_reschedule", rescheduling.RescheduleCondition),
    Consumer("notifications.on_waitlist_offer", scheduling.WaitlistOfferCondition),
    Consumer("notifications.on_site", scheduling.SiteChanged),
    Consumer("notifications.on_patient", records.PatientCondition),
)

# The feed is a product interface: it goes to an exchange of its own, routed by network (design, section 4).
FEED_EXCHANGE = "claim-feed"

_BY_TYPE = {event.type: (aggregate, event) for aggregate in AGGREGATES for event in aggregate.types}
_BY_SHAPE = {aggregate.shape: aggregate for aggregate in AGGREGATES}


def aggregate_of_type(type_name: str) -> tuple[Aggregate, type[Condition]]:
    """The aggregate and the class of an event type. Raises KeyError for a type that nobody tells."""
    return _BY_TYPE[type_name]


def aggregate_of(shape: type[Condition]) -> Aggregate:
    """The aggregate whose events have this shape."""
    return _BY_SHAPE[shape]


def consumers_of(type_name: str) -> tuple[Consumer, ...]:
    """Who listens to an event type; where nobody does, the event need not find a queue."""
    aggregate, _ = aggregate_of_type(type_name)
    return tuple(consumer for consumer in CONSUMERS if consumer.shape is aggregate.shape)


def consumers_in(service: str) -> Iterator[Consumer]:
    """The handlers that a service has."""
    return (consumer for consumer in CONSUMERS if consumer.service == service)


def exchange_of(type_name: str) -> str:
    """The exchange that an event type is published to."""
    aggregate, event = aggregate_of_type(type_name)
    return FEED_EXCHANGE if event is billing.ClaimFeedRow else f"{aggregate.source}.events"
