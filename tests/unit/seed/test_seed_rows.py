"""What a seed writes is what the services' own rules would have left behind."""

import json
from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import pytest
from fix_seed import AS_OF, clinics_of, rows_of, size_of

from cli.seed.procedures import FEES
from services.billing.domain.bills import bill
from services.notifications.domain.visits import Telling, Visit, due_text
from services.records.domain.encounters import opened_by
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.time_range import TimeRange
from shared.events.records import Coding, Coverage, EncounterFinished, Procedure
from shared.money import Money


def at(text):
    return datetime.fromisoformat(text) if text else None


def test_the_same_seed_makes_the_same_rows(tiny):
    """Seen red by: dice of `Random()`, from nowhere, for the visits."""
    assert rows_of(size_of()) == tiny


def test_another_seed_makes_other_people_and_visits(tiny):
    """Seen red by: a Size whose dice leave the seed out."""
    other = rows_of(size_of(seed=4))
    for table in ("records.patients", "scheduling.appointments", "scheduling.sites"):
        assert {row[next(iter(row))] for row in other[table]}.isdisjoint(row[next(iter(row))] for row in tiny[table])
    for table, column in (("records.patients", "birth_on"), ("scheduling.appointments", "start_at")):
        assert [row[column] for row in other[table]] != [row[column] for row in tiny[table]]


def test_sites_may_be_written_in_any_order_by_any_process(tiny):
    """Whoever is number 17 follows from the seed and that number, and a site's book from the site's.

    Seen red by: one dice for all patients, in the order of writing.
    """
    backwards = rows_of(size_of(), backwards=True)
    for table, rows in tiny.items():
        assert sorted(map(str, backwards[table])) == sorted(map(str, rows)), table


def test_nobody_is_at_two_visits_at_once_and_all_lie_in_working_hours(tiny):
    """Seen red by: a diary that goes on at the start of a visit instead of its end."""
    hours = {str(it.practitioner_id): (it, c.site.zone_info) for c in clinics_of(size_of()) for _, it in c.staff}
    diaries = defaultdict(list)
    for row in tiny["scheduling.bookings"]:
        during = TimeRange(at(row["start_at"]), at(row["end_at"]))
        works, zone = hours[row["resource_id"]]
        assert works.cover(during, zone)
        diaries[row["resource_id"]].append(during)
    for diary in diaries.values():
        diary.sort(key=lambda during: during.start_at)
        assert all(one.end_at <= other.start_at for one, other in pairwise(diary))


def test_every_appointment_is_what_the_domain_makes_of_what_happened(tiny):
    """Booked, moved, cancelled, checked in and fulfilled in turn. Seen red by: a version that forgets the move."""
    seen = set()
    for row in tiny["scheduling.appointments"]:
        moved, start, end = at(row["previous_start_at"]), at(row["start_at"]), at(row["end_at"])
        first = moved or start
        appointment = Appointment(
            **{name: UUID(row[name]) for name in _IDS},
            start_at=first,
            end_at=first + (end - start),
            zone=row["zone"],
            lane=1,
            booked_at=at(row["booked_at"]),
        )
        appointment.book()
        if moved:
            appointment.move(TimeRange(start, end), appointment.practitioner_id, 1)
        if row["status"] == "cancelled":
            appointment.cancel(row["cancelled_reason"], at(row["cancelled_at"]))
        if row["status"] == "noshow":
            appointment.mark_noshow(at(row["noshow_at"]))
        if row["arrival_id"]:
            appointment.check_in(UUID(row["arrival_id"]), at(row["arrived_at"]))
        if row["status"] == "fulfilled":
            appointment.fulfil(UUID(row["arrival_id"]), at(row["arrived_at"]))
        kept = {name: text(getattr(appointment, name)) for name in row}
        assert kept == row
        assert at(row["booked_at"]) <= AS_OF
        assert (at(row["start_at"]) > AS_OF) or row["status"] != "booked"
        seen.add((row["status"], bool(moved)))
    assert {status for status, _ in seen} >= {"booked", "cancelled", "noshow", "fulfilled"}
    assert {("fulfilled", True), ("booked", True)} <= seen


def test_a_number_is_texted_for_what_was_agreed_to_at_registration(tiny):
    """Most of who agreed to reminders agreed to texts about care too. Seen red by: reminders alone."""
    agreed = defaultdict(set)
    for row in tiny["records.patient_consents"]:
        if row["given"] in (True, "t", "true"):
            agreed[row["patient_id"], row["number"]].add(row["purpose"])
    kept = {(row["patient_id"], row["number"]): row["purposes"] for row in tiny["notifications.patient_numbers"]}
    assert kept.keys() >= agreed.keys()
    assert {whose: set(purposes.strip("{}").split(",")) - {""} for whose, purposes in kept.items()} == {
        whose: agreed[whose] for whose in kept
    }
    both = sum(purposes == "{care,reminders}" for purposes in kept.values())
    assert len(agreed) / 2 < both < sum("reminders" in purposes for purposes in kept.values())


_IDS = ("appointment_id", "site_id", "practitioner_id", "appointment_type_id", "patient_id")


def text(value):
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def test_every_bill_is_what_billing_makes_of_the_encounter_and_its_patient_s_version(tiny):
    """Seen red by: who pays read from the newest version of the patient."""
    covers = {
        (row["patient_id"], row["version"]): [
            Coverage(**{**one, "coverage_id": UUID(one["coverage_id"])}) for one in json.loads(row["coverages"])
        ]
        for row in tiny["billing.patient_versions"]
    }
    fees = {key: Money(cents) for key, cents in FEES.items()}
    charges, claims, tasks = [], [], []
    for row in tiny["billing.encounters"]:
        if row["status"] == "finished":
            made = bill(encounter_of(row), covers[row["patient_id"], row["patient_version"]], fees)
            charges += made.charges
            claims += [made.claim] if made.claim else []
            tasks += [(row["encounter_id"], cause) for cause in made.causes]
    assert [
        {name: text(getattr(it, name)) for name in row} for it, row in paired(charges, tiny["billing.charges"])
    ] == (tiny["billing.charges"])
    for claim, row in paired(claims, tiny["billing.claims"]):
        shown = {name: text(getattr(claim, name)) for name in row if name != "diagnoses"}
        assert shown | {"diagnoses": json.dumps([*map(vars, claim.diagnoses)])} == row
    lines = [
        (str(claim.claim_id), str(it.line), it.code, str(it.amount_cents)) for claim in claims for it in claim.lines
    ]
    assert lines == [
        (row["claim_id"], row["line"], row["code"], row["amount_cents"]) for row in tiny["billing.claim_lines"]
    ]
    assert [(row["encounter_id"], row["cause"]) for row in tiny["billing.tasks"]] == tasks
    assert {claim.status for claim in claims} >= {"active"}


def paired(made, rows):
    return list(zip(made, rows, strict=True))


def encounter_of(row):
    procedures = [
        Procedure(**{**done, "diagnosis_pointers": tuple(done["diagnosis_pointers"])})
        for done in json.loads(row["procedures"])
    ]
    ids = {name: UUID(row[name]) for name in row if name.endswith("_id")}
    return EncounterFinished(
        **ids,
        version=int(row["version"]),
        status=row["status"],
        started_at=at(row["started_at"]),
        finished_at=at(row["finished_at"]),
        diagnoses=tuple(Coding(**code) for code in json.loads(row["diagnoses"])),
        procedures=tuple(procedures),
        patient_version=int(row["patient_version"]),
    )


def test_an_encounter_is_the_one_that_its_check_in_opens(tiny):
    """Seen red by: an encounter id of its own."""
    arrivals = {row["arrival_id"]: row for row in tiny["scheduling.appointments"] if row["arrival_id"]}
    assert len(arrivals) == len(tiny["records.encounters"])
    for row in tiny["records.encounters"]:
        told = arrivals[row["arrival_id"]]
        opened = opened_by(_Arrived(told))
        assert str(opened.encounter_id) == row["encounter_id"] == told["encounter_id"]
        assert opened.started_at == at(row["started_at"])


class _Arrived:
    """An appointment's condition, as far as opening an encounter reads it."""

    def __init__(self, row):
        for name in ("appointment_id", "arrival_id", "patient_id", "site_id", "practitioner_id"):
            setattr(self, name, UUID(row[name]))
        self.arrived_at = at(row["arrived_at"])


def test_nothing_is_left_to_be_told_of_any_coming_visit(tiny):
    """Seen red by: a telling that is written before the move."""
    tellings = {row["appointment_id"]: row for row in tiny["notifications.tellings"]}
    coming = [row for row in tiny["notifications.appointments"] if at(row["start_at"]) > AS_OF]
    assert coming
    for row in coming:
        visit = Visit(**{name: value_of(name, row[name]) for name in row})
        telling = Telling(**{name: value_of(name, value) for name, value in tellings[row["appointment_id"]].items()})
        assert due_text(visit, telling) is None


def value_of(name, value):
    if value is None or name in ("status", "zone", "told_status", "passed_kind", "before_status"):
        return value
    if name.endswith("_id") or name == "told_by":
        return UUID(value)
    return at(value) if name.endswith("_at") else int(value)


@pytest.mark.parametrize("reason", [None, "no-consent"])
def test_texts_are_sent_and_passed_over_for_their_reasons(tiny, reason):
    assert any(row["reason"] == reason for row in tiny["notifications.texts"])
    sent = {row["attempt_id"] for row in tiny["notifications.texts"] if row["status"] == "accepted"}
    assert sent == {row["attempt_id"] for row in tiny["notifications.sandbox_texts"]}


def test_patients_speak_several_languages_and_are_texted_in_theirs(tiny):
    """Seen red by: texts of a seed said to nobody's language."""
    spoken = {row["patient_id"]: row["language"] for row in tiny["notifications.patients"]}
    assert spoken == {row["patient_id"]: row["language"] for row in tiny["records.patients"]}
    assert set(spoken.values()) == {None, "en", "es", "es-MX", "fr"}
    sent = [row for row in tiny["notifications.texts"] if row["status"] == "accepted"]
    assert {(spoken[row["patient_id"]], row["language"]) for row in sent} == {
        (None, "en"),
        ("en", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("fr", "fr"),
    }
