"""What scheduling tells of appointments: who was where, and which check-ins hold."""

from collections.abc import Sequence

from services.records.domain.arrivals import by_appointment, follow
from services.records.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.scheduling import AppointmentCondition


def follow_appointments(facts: Sequence[Event[AppointmentCondition]], uow: Unit, clock: Clock) -> None:
    """Opens the encounter of each check-in and voids those whose check-in was undone. All facts count, old ones too.

    The site of an appointment sees its patient from then on.
    """
    seen = by_appointment(fact.data for fact in facts)
    causes = {(fact.data.appointment_id, fact.data.version): fact for fact in facts}
    uow.lock(*(f"appointment/{appointment_id}" for appointment_id in seen))
    uow.patients.see_from({(fact.data.patient_id, fact.data.site_id) for fact in facts})
    known = uow.appointments.of(list(seen))
    encounters = uow.encounters.of_appointments(list(seen))
    outcomes = [follow(known.get(key), encounters.get(key, ()), conditions) for key, conditions in seen.items()]
    uow.appointments.save([outcome.appointment for outcome in outcomes])
    uow.encounters.add([encounter for outcome in outcomes for encounter in outcome.opened])
    uow.encounters.save([encounter for outcome in outcomes for encounter in outcome.changed])
    for conditions, outcome in zip(seen.values(), outcomes, strict=True):
        cause = causes[conditions[-1].appointment_id, conditions[-1].version]
        for told in outcome.told:
            uow.record(told, cause)
