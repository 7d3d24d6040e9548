"""The tables that a seed fills, each with its columns but `network_id`, in an order that foreign keys allow."""

from dataclasses import fields

from services.notifications.domain.texts import Text
from services.notifications.domain.visits import Telling

TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "scheduling.sites": "site_id name zone phone zip version",
        "scheduling.practitioners": "practitioner_id given family prefix version",
        "scheduling.appointment_types": "appointment_type_id name minutes active version",
        "scheduling.working_hours": "practitioner_id site_id lanes version",
        "scheduling.weekly_hours": "practitioner_id site_id weekday starts ends",
        "scheduling.resource_lanes": "resource_id lane",
        "scheduling.patients": "patient_id version given family birth_on",
        "scheduling.appointments": "appointment_id site_id practitioner_id appointment_type_id patient_id status"
        " start_at end_at zone lane booked_at previous_start_at arrival_id arrived_at encounter_id cancelled_at"
        " cancelled_reason noshow_at version",
        "scheduling.bookings": "resource_id lane appointment_id site_id start_at end_at",
        "scheduling.texts": "text_id version appointment_id kind status reason told_at",
        "records.patients": "patient_id version given family family_key birth_on language",
        "records.patient_sites": "patient_id site_id",
        "records.patient_phones": "patient_id number use place",
        "records.patient_consents": "patient_id number purpose given at evidence channel method recorded_by place",
        "records.coverages": "patient_id coverage_id payer_id payer_name member_id place",
        "records.appointments": "appointment_id version arrival_id",
        "records.encounters": "encounter_id version appointment_id arrival_id patient_id patient_version site_id"
        " practitioner_id status started_at finished_at diagnoses procedures",
        "billing.fees": "system code amount_cents currency",
        "billing.patient_versions": "patient_id version coverages",
        "billing.encounters": "encounter_id version appointment_id arrival_id patient_id patient_version site_id"
        " practitioner_id status started_at finished_at diagnoses procedures awaits_bill received_at",
        "billing.charges": "charge_id version encounter_id line patient_id site_id payer system code units amount_cents"
        " currency captured_at",
        "billing.claims": "claim_id version encounter_id patient_id site_id coverage_id payer_id payer_name status"
        " held_reason diagnoses total_cents currency created_at",
        "billing.claim_lines": "claim_id line system code units amount_cents diagnosis_pointers",
        "billing.tasks": "task_id site_id encounter_id patient_id cause opened_at done_at",
        "notifications.sites": "site_id version name zone phone",
        "notifications.patients": "patient_id version given language",
        "notifications.patient_numbers": "patient_id place number use consented purposes",
        "notifications.appointments": "appointment_id version site_id patient_id status start_at changed_at zone"
        " appointment_type_id",
        "notifications.opt_outs": "opt_out_id number opted_out version changed_at evidence",
        "notifications.replies": "message_id from_number body meaning received_at",
        "notifications.tasks": "task_id site_id reason text_id appointment_id patient_id opened_at due_at done_at",
        "notifications.sandbox_texts": "attempt_id sid from_number to_number body accepted_at",
    }.items()
} | {
    # What the domain keeps of these is what their tables hold.
    "notifications.tellings": tuple(each.name for each in fields(Telling)),
    "notifications.texts": tuple(each.name for each in fields(Text)),
}

# What billing makes of its own claims in the end (feed.py).
FEED_TABLES = ("billing.claim_feeds", "billing.claim_feed_rows")


def tables_of(database: str) -> list[str]:
    """The names, without the database, of all that a seed writes there."""
    return [name.partition(".")[2] for name in (*TABLES, *FEED_TABLES) if name.startswith(f"{database}.")]
