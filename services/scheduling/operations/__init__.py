"""The use cases of scheduling, one module a verb. Each shows its transaction."""

from services.scheduling.operations.answer_waitlist_offer import (
    accept_waitlist_offer,
    decline_waitlist_offer,
)
from services.scheduling.operations.book_appointment import book_appointment, take_practitioners
from services.scheduling.operations.book_series import (
    book_series,
)
from services.scheduling.operations.book_walk_in import book_walk_in, prepare_walk_in
from services.scheduling.operations.calendars import (
    make_calendar_link,
    renew_calendar_link,
    revoke_calendar_link,
    set_calendar_settings,
)
from services.scheduling.operations.cancel_appointment import cancel_appointment, reinstate_appointment
from services.scheduling.operations.cancel_series import (
    cancel_series,
)
from services.scheduling.operations.change_series import (
    change_series,
)
from services.scheduling.operations.check_in import check_in, take_appointments, undo_check_in
from services.scheduling.operations.check_series import (
    check_series,
)
from services.scheduling.operations.check_series_change import (
    check_series_change,
)
from services.scheduling.operations.close_waitlist import (
    close_waitlist,
    networks_to_close_in,
)
from services.scheduling.operations.closures import add_closure, remove_closure
from services.scheduling.operations.confirm_appointment import confirm_appointment, unconfirm_appointment
from services.scheduling.operations.enter_in_error import enter_in_error
from services.scheduling.operations.expire_holds import expire_hold, expired_holds
from services.scheduling.operations.find_free_times import find_free_times
from services.scheduling.operations.finish_appointment import finish_appointment, undo_finish
from services.scheduling.operations.follow import follow_encounters, follow_patients, follow_texts
from services.scheduling.operations.follow_replies import follow_replies
from services.scheduling.operations.hold_time import hold_time, release_hold
from services.scheduling.operations.keep_free_time import differing_days, keep_free_time, places_to_roll, roll_free_time
from services.scheduling.operations.lapse_offers import lapse_offers
from services.scheduling.operations.mark_absent import close_site, mark_absent
from services.scheduling.operations.mark_noshow import mark_noshow, undo_noshow
from services.scheduling.operations.move_appointment import move_appointment
from services.scheduling.operations.offer_freed_times import (
    OfferRun,
)
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
from services.scheduling.operations.propose_appointment import (
    accept_appointment,
    decline_appointment,
    propose_appointment,
)
from services.scheduling.operations.read_card import read_card
from services.scheduling.operations.read_day import read_day, read_day_changes
from services.scheduling.operations.reschedule import (
    accept_proposal,
    cancel_listed,
    decline_proposals,
    mark_to_call,
    pick_time,
)
from services.scheduling.operations.resources import add_resource, change_resource
from services.scheduling.operations.run_late import run_late
from services.scheduling.operations.search_free_times import search_free_times
from services.scheduling.operations.series_answers import (
    read_series,
)
from services.scheduling.operations.set_opening_hours import read_opening_hours, set_opening_hours
from services.scheduling.operations.set_working_hours import read_working_hours, set_stays, set_working_hours
from services.scheduling.operations.start_appointment import start_appointment, undo_start
from services.scheduling.operations.stranded import find_stranded
from services.scheduling.operations.undo_absence import undo_absence
from services.scheduling.operations.waitlist_entries import (
    add_waitlist_entry,
    change_waitlist_entry,
    withdraw_waitlist_entry,
)
from services.scheduling.operations.waitlist_policies import (
    read_waitlist_policy,
    set_waitlist_policy,
)
from services.scheduling.operations.working_exceptions import add_working_exception, remove_working_exception

__all__ = [
    "OfferRun",
    "accept_appointment",
    "accept_proposal",
    "accept_waitlist_offer",
    "add_appointment_type",
    "add_closure",
    "add_practitioner",
    "add_resource",
    "add_site",
    "add_waitlist_entry",
    "add_working_exception",
    "book_appointment",
    "book_series",
    "book_walk_in",
    "cancel_appointment",
    "cancel_listed",
    "cancel_series",
    "change_appointment_type",
    "change_practitioner",
    "change_resource",
    "change_series",
    "change_site",
    "change_waitlist_entry",
    "check_in",
    "check_series",
    "check_series_change",
    "close_site",
    "close_waitlist",
    "confirm_appointment",
    "decline_appointment",
    "decline_proposals",
    "decline_waitlist_offer",
    "differing_days",
    "enter_in_error",
    "expire_hold",
    "expired_holds",
    "find_free_times",
    "find_stranded",
    "finish_appointment",
    "follow_encounters",
    "follow_patients",
    "follow_replies",
    "follow_texts",
    "hold_time",
    "keep_free_time",
    "lapse_offers",
    "make_calendar_link",
    "mark_absent",
    "mark_noshow",
    "mark_to_call",
    "move_appointment",
    "networks_to_close_in",
    "open_network",
    "pick_time",
    "places_to_roll",
    "prepare_booking",
    "prepare_walk_in",
    "propose_appointment",
    "read_card",
    "read_day",
    "read_day_changes",
    "read_opening_hours",
    "read_series",
    "read_waitlist_policy",
    "read_working_hours",
    "reinstate_appointment",
    "release_hold",
    "remove_closure",
    "remove_working_exception",
    "renew_calendar_link",
    "revoke_calendar_link",
    "roll_free_time",
    "run_late",
    "search_free_times",
    "set_calendar_settings",
    "set_opening_hours",
    "set_stays",
    "set_waitlist_policy",
    "set_working_hours",
    "start_appointment",
    "take_appointments",
    "take_practitioners",
    "unconfirm_appointment",
    "undo_absence",
    "undo_check_in",
    "undo_finish",
    "undo_noshow",
    "undo_start",
    "withdraw_waitlist_entry",
]
