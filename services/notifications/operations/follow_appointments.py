"""Every appointment event: keep the newest condition, and make due what the patient does not know yet."""

from collections.abc import Sequence

from services.notifications.domain.tasks import COPY_MISSING
from services.notifications.domain.visits import Visit, due_text
from services.notifications.operations.ports import Unit
from services.notifications.operations.remind import replace_reminders
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.scheduling import AppointmentCondition
from shared.messaging.facts import newest


def follow_appointments(facts: Sequence[Event[AppointmentCondition]], uow: Unit, clock: Clock) -> None:
    """Leaves the same rows whatever the order of events and however often each comes.

    What is due is computed from the newest condition and what was told, and replaces whatever was due and unclaimed;
    so are reminders, from the newest condition and the network's rules. The rows of the appointments stay locked, so
    that a claim and an event take turns.
    """
    visits = {fact.subject: _visit(fact) for fact in newest(facts)}
    news = uow.copies.keep_visits(list(visits.values()))
    if not news:
        return
    tellings = uow.texts.tellings(news)
    due = [text for it in news if (text := due_text(visits[it], tellings[it]))]
    dead = uow.texts.replace_due([visits[it] for it in news], due)
    dead += replace_reminders({it: visits[it] for it in news}, uow.reminders.rules(), uow)
    uow.tasks.close(dead, [COPY_MISSING], clock.now())
    uow.tasks.end_of(news, clock.now())


def _visit(fact: Event[AppointmentCondition]) -> Visit:
    told = fact.data
    return Visit(
        appointment_id=told.appointment_id,
        version=told.version,
        site_id=told.site_id,
        patient_id=told.patient_id,
        status=told.status,
        start_at=told.start_at,
        changed_at=fact.time,
        zone=told.zone,
        appointment_type_id=told.appointment_type_id,
        confirmed_at=told.confirmed_at,
        cancelled_by=told.cancelled_by,
    )
