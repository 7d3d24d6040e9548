"""The reviewed table of the access matrix: what every id that a route takes answers to those whom it does not concern.

A route of the gateway, or an id of one, that is not here fails the matrix. Scopes are the router's own (`Route.scope`,
gateway/access.py); what a scope allows is still only the asker's network and sites, and that is what stands here.
"""

from collections.abc import Mapping

# What a stranger's id answers. In each case the same as an id that was never given out, to the byte.
NOT_FOUND = "404, and a denial in the audit"
EMPTY = "a list or a week without entries; the question is in the audit with the id that was asked for"
REFUSED = "409 by a rule that holds for every id that the schedule does not know; the refusal is in the audit"


# The map is the network's: who works where, and the kinds of visits, are known at all of its sites.
NETWORK_WIDE = frozenset({"practitioner_id", "appointment_type_id"})

TABLE: Mapping[str, Mapping[str, str]] = {
    "book_appointment": {
        "body.site_id": NOT_FOUND,
        "body.practitioner_id": NOT_FOUND,
        "body.appointment_type_id": NOT_FOUND,
        "body.patient_id": NOT_FOUND,
    },
    "book_appointments": {
        "items.site_id": NOT_FOUND,
        "items.practitioner_id": NOT_FOUND,
        "items.appointment_type_id": NOT_FOUND,
        "items.patient_id": NOT_FOUND,
    },
    "check_in_many": {"items.appointment_id": NOT_FOUND},
    "finish_encounters": {"items.encounter_id": NOT_FOUND},
    "register_patients": {"items.site_id": NOT_FOUND},
    "set_coverages_of_many": {"items.patient_id": NOT_FOUND},
    "list_appointments": {"query.site_id": NOT_FOUND, "query.patient_id": EMPTY, "query.practitioner_id": EMPTY},
    "get_appointment": {"path.appointment_id": NOT_FOUND},
    "move_appointment": {"path.appointment_id": NOT_FOUND, "body.practitioner_id": REFUSED},
    "cancel_appointment": {"path.appointment_id": NOT_FOUND},
    "reinstate_appointment": {"path.appointment_id": NOT_FOUND},
    "check_in": {"path.appointment_id": NOT_FOUND},
    "undo_check_in": {"path.appointment_id": NOT_FOUND},
    "list_charges": {"query.site_id": NOT_FOUND, "query.encounter_id": EMPTY},
    "list_claims": {"query.site_id": NOT_FOUND, "query.encounter_id": EMPTY},
    "get_claim": {"path.claim_id": NOT_FOUND},
    "list_fees": {},
    "set_fees": {},
    "read_claim_feed": {},
    "find_caller": {},
    "get_day": {"query.site_id": NOT_FOUND},
    "stream_day": {"query.site_id": NOT_FOUND},
    "list_encounters": {"query.site_id": NOT_FOUND},
    "get_encounter": {"path.encounter_id": NOT_FOUND},
    "finish_encounter": {"path.encounter_id": NOT_FOUND},
    "get_me": {},
    "register_patient": {"body.site_id": NOT_FOUND},
    "list_patients": {"query.site_id": NOT_FOUND},
    "search_patients": {"body.site_id": NOT_FOUND},
    "open_patient": {"body.site_id": NOT_FOUND},
    "get_patient": {"path.patient_id": NOT_FOUND},
    "change_patient": {"path.patient_id": NOT_FOUND},
    "record_consent": {"path.patient_id": NOT_FOUND},
    "set_coverages": {"path.patient_id": NOT_FOUND},
    "sign_out": {},
    "list_sites": {},
    "add_site": {},
    "get_site": {"path.site_id": NOT_FOUND},
    "change_site": {"path.site_id": NOT_FOUND},
    "list_practitioners": {"query.site_id": NOT_FOUND},
    "add_practitioner": {},
    "change_practitioner": {"path.practitioner_id": NOT_FOUND},
    "list_appointment_types": {},
    "add_appointment_type": {},
    "change_appointment_type": {"path.appointment_type_id": NOT_FOUND},
    "get_working_hours": {"query.site_id": NOT_FOUND, "query.practitioner_id": EMPTY},
    "set_working_hours": {"body.site_id": NOT_FOUND, "body.practitioner_id": NOT_FOUND},
    "list_free_times": {
        "query.site_id": NOT_FOUND,
        "query.practitioner_id": EMPTY,
        "query.appointment_type_id": NOT_FOUND,
    },
    "list_tasks": {"query.site_id": NOT_FOUND},
    "close_task": {"path.task_id": NOT_FOUND},
    "settle_text": {"path.text_id": NOT_FOUND},
    "list_texts": {"query.site_id": NOT_FOUND, "query.appointment_id": NOT_FOUND},
    "list_sandbox_texts": {},
}
