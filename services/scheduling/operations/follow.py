"""What scheduling does when others tell: copies for the day sheet, and appointments that are fulfilled."""

from collections.abc import Sequence

from services.scheduling.operations.answer_proposal import call_instead
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.notifications import TextCondition
from shared.events.records import EncounterCondition, PatientCondition
from shared.messaging.facts import newest

# The text that proposes another time, and what it is where nobody got it.
_ASKS = "reschedule-proposal"
_DID_NOT_COME = frozenset({"skipped", "refused", "failed"})
_NO_LONGER_ASKED = "no-longer-asked"


def follow_patients(facts: Sequence[Event[PatientCondition]], uow: Unit, clock: Clock) -> None:
    """Names and birth dates, as they are now."""
    uow.copies.keep_patients([fact.data for fact in newest(facts)])


def follow_texts(facts: Sequence[Event[TextCondition]], uow: Unit, clock: Clock) -> None:
    """What became of each text. Who could not be asked about another time for a visit is called.

    That is so whatever is heard of the text besides, before or after: a call too many does no harm.
    """
    uow.copies.keep_texts([fact.data for fact in newest(facts)])
    for fact in facts:
        if _did_not_ask(fact.data):
            with uow.because_of(fact):
                call_instead(fact.data, uow)


def _did_not_ask(text: TextCondition) -> bool:
    return text.kind == _ASKS and text.status in _DID_NOT_COME and text.reason != _NO_LONGER_ASKED


def follow_encounters(facts: Sequence[Event[EncounterCondition]], uow: Unit, clock: Clock) -> None:
    """A finished encounter fulfils its appointment, also one whose check-in was undone meanwhile: finished is final.

    Raises LookupError for an encounter of no appointment, which parks the event for a person.
    """
    finished = {fact.data.appointment_id: fact for fact in facts if fact.data.status == "finished"}
    appointments = uow.appointments.lock(list(finished))
    if len(appointments) < len(finished):
        raise LookupError("appointment-unknown")
    for appointment in appointments:
        if appointment.status != "fulfilled":
            fact = finished[appointment.appointment_id]
            appointment.fulfil(fact.data.arrival_id, fact.data.started_at)
            uow.appointments.change(appointment, fact)
