"""Patients on a real database: who sees them, what is told of them, how they are found."""

from datetime import date
from uuid import UUID

import pytest
from fix_records import KEYRING, RecordsDesk, booked
from fix_told import NOW

from services.records.domain.commands import ChangePatient, NewCoverage, OpenPatient, RecordConsent, SetCoverages
from services.records.domain.errors import ConsentWithoutNumber, MoreIdentifiersNeeded, TwoIdentifiersNeeded
from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient
from services.records.schemas import PatientAnswer
from shared.errors import NotFound, Stale
from shared.events.envelope import decode
from shared.events.records import PatientRegistered, Phone
from shared.ids import new_id

BIRTH = date(1968, 4, 12)


def seen(records: RecordsDesk, patient: Patient, *sites: UUID) -> dict[str, object]:
    return dict(records.ask("patient", {"patient_id": patient.patient_id}, *sites))


def test_a_new_caller_is_registered_by_name_and_phone_alone(records: RecordsDesk) -> None:
    patient = records.register(birth_on=None)
    assert PatientAnswer().dump(seen(records, patient)) == {
        "patient_id": str(patient.patient_id),
        "version": 1,
        "given": "Quillon",
        "family": "Zephyrine",
        "birth_on": None,
        "language": None,
        "phones": [{"number": "+12025550100", "use": "mobile"}],
        "consents": [],
        "coverages": [],
        "site_ids": [str(records.site_id)],
    }


def test_a_registration_tells_the_whole_condition_sealed(records: RecordsDesk) -> None:
    coverage = NewCoverage(payer_name="Acme Health", member_id="M-1")
    patient = records.register(texting_consent=True, coverage=coverage)
    (row,) = records.rows("SELECT headers, data, data::text AS wire FROM outbox")

    told = decode({**row["headers"], "data": row["data"]}, KEYRING).data
    assert told == patient.told_as(PatientRegistered)
    assert (told.consents[0].given, told.consents[0].at) == (True, NOW)
    assert told.coverages[0].member_id == "M-1"
    assert "Zephyrine" not in row["wire"]


@pytest.mark.requirement("26c")
def test_a_language_is_registered_changed_and_taken_away_and_each_is_told_sealed(records: RecordsDesk) -> None:
    """What says nothing of it leaves it. Seen red by: a language that is registered and not kept; a change without one
    that takes it away; told in plain words."""
    patient = records.register(language="es-MX")
    for change in ({"given": "Quill"}, {"language": "fr-CA"}, {"language": "fr-CA"}, {"language": None}):
        records.do(ChangePatient(patient_id=patient.patient_id, **change))
    rows = records.rows("SELECT headers, data, data::text AS wire FROM outbox ORDER BY id")
    told = [decode({**row["headers"], "data": row["data"]}, KEYRING).data for row in rows]
    assert [(it.version, it.given, it.language) for it in told] == [
        (1, "Quillon", "es-MX"),
        (2, "Quill", "es-MX"),
        (3, "Quill", "fr-CA"),
        (4, "Quill", None),
    ]
    assert [row["wire"] for row in rows if "es-MX" in row["wire"] or "fr-CA" in row["wire"]] == []
    assert seen(records, patient)["language"] is None
    assert seen(records, records.register(language="ht"))["language"] == "ht"


@pytest.mark.requirement("24a")
def test_at_registration_each_purpose_is_asked_and_recorded_by_itself(records: RecordsDesk) -> None:
    """What nobody asked is not recorded. Seen red by: consent to reminders taken for one to care."""
    told = [
        records.register(**said).consents
        for said in ({"texting_consent": True}, {"care_texting_consent": True, "texting_consent": False}, {})
    ]
    assert [[(it.purpose, it.given, it.method) for it in each] for each in told] == [
        [("reminders", True, "verbal")],
        [("reminders", False, "verbal"), ("care", True, "verbal")],
        [],
    ]
    with pytest.raises(ConsentWithoutNumber):
        records.register(care_texting_consent=True, phone=None)


def test_every_change_shares_the_patients_version_and_a_change_of_nothing_tells_nothing(records: RecordsDesk) -> None:
    """Seen red by: _keep records the event without comparing."""
    patient_id = records.register().patient_id
    records.do(ChangePatient(patient_id=patient_id, given="Quill", phones=(Phone(number="+12025550101", use="home"),)))
    records.do(ChangePatient(patient_id=patient_id, given="Quill"))
    consent = {"number": "+12025550101", "purpose": "reminders", "evidence": "said so on the phone"}
    records.do(RecordConsent(patient_id=patient_id, given=True, **consent))
    records.do(SetCoverages(patient_id=patient_id, coverages=(NewCoverage(payer_name="Acme"),)))
    assert records.events() == [
        ("patient-registered", 1),
        ("patient-updated", 2),
        ("consent-changed", 3),
        ("coverage-updated", 4),
    ]


def test_a_change_of_what_has_changed_meanwhile_is_refused(records: RecordsDesk) -> None:
    patient_id = records.register().patient_id
    records.do(ChangePatient(patient_id=patient_id, version=1, given="Quill"))
    with pytest.raises(Stale):
        records.do(ChangePatient(patient_id=patient_id, version=1, given="Q"))


def test_a_coverage_keeps_its_id_and_does_not_take_over_anothers(records: RecordsDesk) -> None:
    """Seen red by: taking over any coverage id that is given."""
    patient = records.register(coverage=NewCoverage(payer_name="Acme"))
    kept, foreign = patient.coverages[0].coverage_id, new_id()
    asked = tuple(NewCoverage(payer_name="Acme", coverage_id=each) for each in (kept, foreign))
    changed = records.do(SetCoverages(patient_id=patient.patient_id, coverages=asked))
    assert changed.coverages[0].coverage_id == kept
    assert changed.coverages[1].coverage_id != foreign


@pytest.mark.requirement("4c")
def test_another_sites_patient_looks_as_if_there_were_none(records: RecordsDesk) -> None:
    """Seen red by: lock-visible-patient and visible-patient-ids without their sites."""
    patient = records.register()
    other = records.other_site_id
    with pytest.raises(NotFound):
        seen(records, patient, other)
    with pytest.raises(NotFound):
        records.ask("patient_seen", {"patient_id": patient.patient_id}, other)
    with pytest.raises(NotFound):
        records.do(ChangePatient(patient_id=patient.patient_id, given="X"), other)
    assert records.ask("patients", {"number": "+12025550100"}, other)["items"] == []
    assert records.ask("patients", {}, other) == {"items": [], "next": None}
    denied = records.rows("SELECT decision, object_id FROM audit_entries WHERE decision = 'denied'")
    assert len(denied) == 3
    assert records.ask("patient_seen", {"patient_id": patient.patient_id}) == {"patient_id": patient.patient_id}


def test_an_appointment_makes_its_patient_known_at_its_site(records: RecordsDesk) -> None:
    patient = records.register()
    records.hear(booked(patient.patient_id, records.other_site_id))
    found = seen(records, patient, records.other_site_id)
    assert found["site_ids"] == [str(records.other_site_id)]


@pytest.mark.parametrize(
    "identifiers",
    [
        {"birth_on": BIRTH, "family": "zephyrine"},
        {"birth_on": BIRTH, "phone": "+12025550100"},
        {"member_id": "M-1", "family": "ZEPHYRINE"},
        {"member_id": "M-1", "phone": "+12025550100"},
    ],
)
def test_two_matching_identifiers_open_another_sites_patient_and_the_audit_says_which(
    records: RecordsDesk, identifiers: dict[str, object]
) -> None:
    patient = records.register(coverage=NewCoverage(payer_name="Acme", member_id="M-1"))
    other = records.other_site_id
    opened = records.do(OpenPatient(site_id=other, identifiers=Identifiers(**identifiers)), other)
    assert opened == patient
    assert seen(records, patient, other)["site_ids"] == [str(other)]
    (entry,) = records.rows("SELECT site_id, detail, patient_id FROM audit_entries WHERE action = 'open_patient'")
    assert entry["detail"] == {"identifiers": sorted(identifiers)}
    assert str(entry["patient_id"]) == str(patient.patient_id)


@pytest.mark.parametrize(
    ("identifiers", "reason"),
    [
        ({"birth_on": BIRTH}, TwoIdentifiersNeeded),
        ({"phone": "+12025550100"}, TwoIdentifiersNeeded),
        ({"birth_on": date(1968, 12, 4), "phone": "+12025550100"}, NotFound),
        ({"birth_on": BIRTH, "family": "Zephyr"}, NotFound),
        ({"birth_on": BIRTH, "family": "Zephyrine", "phone": "+12025550199"}, NotFound),
    ],
)
def test_one_identifier_or_one_that_does_not_match_opens_nothing(
    records: RecordsDesk, identifiers: dict[str, object], reason: type[Exception]
) -> None:
    """Seen red by: `any` in place of `all` in Identifiers.match."""
    patient = records.register()
    other = records.other_site_id
    with pytest.raises(reason):
        records.do(OpenPatient(site_id=other, identifiers=Identifiers(**identifiers)), other)
    with pytest.raises(NotFound):
        seen(records, patient, other)


def test_twins_need_a_third_identifier_and_the_answer_names_neither(records: RecordsDesk) -> None:
    records.register(given="Ann")
    records.register(given="Bea", phone="+12025550101")
    other = records.other_site_id
    both = Identifiers(birth_on=BIRTH, family="Zephyrine")
    with pytest.raises(MoreIdentifiersNeeded) as refused:
        records.do(OpenPatient(site_id=other, identifiers=both), other)
    assert (refused.value.details, refused.value.errors) == ({}, [])
    one = Identifiers(birth_on=BIRTH, family="Zephyrine", phone="+12025550101")
    assert records.do(OpenPatient(site_id=other, identifiers=one), other).given == "Bea"


def test_a_list_is_paged_by_name_and_searched_by_the_beginning_of_it_without_accents(records: RecordsDesk) -> None:
    for family in ("Núñez", "Nunes", "Oort", "nunan"):
        records.register(family=family, phone=None)
    page = records.ask("patients", {"family": "NUN", "limit": 2})
    rest = records.ask("patients", {"family": "NUN", "limit": 2, "cursor": page["next"]})
    assert [found["family"] for found in page["items"] + rest["items"]] == ["nunan", "Nunes", "Núñez"]
    assert rest["next"] is None


def plan(records: RecordsDesk, name: str, **params: object) -> str:
    with records.units.for_call(records.asker()) as uow, uow.connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + uow.statements[name], params)
        return "\n".join(row["QUERY PLAN"] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("name", "params", "condition"),
    [
        ("ids-with-number", {"number": "+12025550100"}, "(number = '+12025550100'::text)"),
        ("ids-with-member-id", {"member_id": "M-1"}, "(member_id = 'M-1'::text)"),
        ("ids-with-family-and-birth", {"birth_on": BIRTH, "family_key": "z"}, "(birth_on = '1968-04-12'::date)"),
        (
            "patient-page",
            {
                "family_from": "a",
                "family_to": "b",
                "birth_on": None,
                "after_id": None,
                "number": None,
                "backwards": False,
                "sites": [UUID(int=1)],
                "limit": 5,
            },
            "(family_key >= 'a'::text)",
        ),
    ],
)
def test_searches_reach_an_index_under_row_level_security(
    records: RecordsDesk, name: str, params: dict[str, object], condition: str
) -> None:
    """Seen red by: LIKE in place of the range; number || '' = in place of number =."""
    found = plan(records, name, **params)
    conditions = [line for line in found.splitlines() if "Index Cond" in line]
    assert any(condition in line and "network_id" in line for line in conditions), found


def test_a_consent_keeps_its_purpose_and_channel_how_it_was_given_and_who_recorded_it(records: RecordsDesk) -> None:
    """Seen red by: a consent that is read again without its method."""
    patient_id = records.register(texting_consent=True).patient_id
    consent = {"number": "+12025550100", "purpose": "billing", "evidence": "form 12", "method": "written"}
    for channel, given in (("text", True), ("call", True), ("text", False)):
        records.do(RecordConsent(patient_id=patient_id, given=given, channel=channel, **consent))
    (row,) = records.rows("SELECT headers, data FROM outbox ORDER BY id DESC LIMIT 1")
    told = decode({**row["headers"], "data": row["data"]}, KEYRING).data.consents
    assert [(it.purpose, it.channel, it.given, it.method) for it in told] == [
        ("reminders", "text", True, "verbal"),
        ("billing", "call", True, "written"),
        ("billing", "text", False, "written"),
    ]
    assert {it.recorded_by for it in told} == {told[0].recorded_by} != {None}
