"""The use cases of records, one module a verb. Each shows its transaction."""

from services.records.operations.finish_encounter import finish_encounter, take_encounters
from services.records.operations.follow_appointments import follow_appointments
from services.records.operations.open_network import open_network
from services.records.operations.open_patient import open_patient
from services.records.operations.patients import (
    change_patient,
    record_consent,
    register_patient,
    set_coverages,
    take_patients,
)

__all__ = [
    "change_patient",
    "finish_encounter",
    "follow_appointments",
    "open_network",
    "open_patient",
    "record_consent",
    "register_patient",
    "set_coverages",
    "take_encounters",
    "take_patients",
]
