"""The use cases of scheduling, one module a verb. Each shows its transaction."""

from services.scheduling.operations.book_appointment import book_appointment, take_practitioners
from services.scheduling.operations.cancel_appointment import cancel_appointment, reinstate_appointment
from services.scheduling.operations.check_in import check_in, take_appointments, undo_check_in
from services.scheduling.operations.find_free_times import find_free_times
from services.scheduling.operations.follow import follow_encounters, follow_patients, follow_texts
from services.scheduling.operations.move_appointment import move_appointment
from services.scheduling.operations.open_network import open_network
from services.scheduling.operations.places import (
    add_appointment_type,
    add_practitioner,
    add_site,
    change_appointment_type,
    change_practitioner,
    change_site,
)
from services.scheduling.operations.prepare_booking import prepare_booking
from services.scheduling.operations.read_day import read_day, read_day_changes
from services.scheduling.operations.set_working_hours import read_working_hours, set_working_hours

__all__ = [
    "add_appointment_type",
    "add_practitioner",
    "add_site",
    "book_appointment",
    "cancel_appointment",
    "change_appointment_type",
    "change_practitioner",
    "change_site",
    "check_in",
    "find_free_times",
    "follow_encounters",
    "follow_patients",
    "follow_texts",
    "move_appointment",
    "open_network",
    "prepare_booking",
    "read_day",
    "read_day_changes",
    "read_working_hours",
    "reinstate_appointment",
    "set_working_hours",
    "take_appointments",
    "take_practitioners",
    "undo_check_in",
]
