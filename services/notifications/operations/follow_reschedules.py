"""Every event of a visit's place on a reschedule list: keep the newest condition, and make due what it asks."""

from collections.abc import Sequence

from services.notifications.domain.asks import Listed
from services.notifications.operations.ask import tell_what_is_due
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.rescheduling import RescheduleCondition
from shared.messaging.facts import newest


def follow_reschedules(facts: Sequence[Event[RescheduleCondition]], uow: Unit, clock: Clock) -> None:
    """Leaves the same rows whatever the order of events and however often each comes.

    The rows of the list stay locked, so that a claim, a reply and an event take turns.
    """
    listed = {fact.subject: _listed(fact) for fact in newest(facts)}
    news = uow.asks.keep_listed(list(listed.values()))
    tell_what_is_due([listed[it] for it in news], uow, clock)


def _listed(fact: Event[RescheduleCondition]) -> Listed:
    told = fact.data
    best = told.proposals[0] if told.proposals else None
    return Listed(
        reschedule_id=told.reschedule_id,
        version=told.version,
        state=told.state,
        site_id=told.site_id,
        patient_id=told.patient_id,
        appointment_id=told.appointment_id,
        start_at=told.start_at,
        listed_at=told.listed_at,
        proposed_at=best.start_at if best else None,
        proposed_site_id=best.site_id if best else None,
        changed_at=fact.time,
    )
