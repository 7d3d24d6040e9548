"""The use cases of records: one function a verb, one transaction each."""

from services.records.operations.appointments import follow_appointments
from services.records.operations.encounters import finish_encounter
from services.records.operations.networks import open_network
from services.records.operations.opening import open_patient
from services.records.operations.patients import change_patient, record_consent, register_patient, set_coverages

__all__ = [
    "change_patient",
    "finish_encounter",
    "follow_appointments",
    "open_network",
    "open_patient",
    "record_consent",
    "register_patient",
    "set_coverages",
]
