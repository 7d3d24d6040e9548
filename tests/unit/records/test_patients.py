"""Rules of patients."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.records.domain.errors import ConsentWithoutNumber, NumberNotOfPatient
from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient, asked_at_registration, search_key
from shared.events.records import Consent, Phone
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MOBILE, HOME = Phone(number="+12025550100", use="mobile"), Phone(number="+12025550101", use="home")


def patient() -> Patient:
    return Patient(patient_id=new_id(), version=3, given="Quillon", family="Zephyrine", phones=(MOBILE,))


def consent(number: str = MOBILE.number, *, given: bool = True) -> Consent:
    return Consent(number=number, purpose="reminders", given=given, at=NOW, evidence="asked")


def test_a_consent_leaves_with_its_number() -> None:
    """Seen red by: with_phones keeps every consent."""
    before = patient().with_consent(consent())
    assert before.with_phones([HOME]).consents == ()
    assert before.with_phones([HOME, MOBILE]).consents == before.consents


def test_a_consent_needs_one_of_the_patients_numbers() -> None:
    with pytest.raises(NumberNotOfPatient):
        patient().with_consent(consent(HOME.number))


def test_a_consent_to_another_purpose_or_channel_stands_beside_the_first() -> None:
    """Seen red by: a consent told from another by its number and purpose alone."""
    billing, calls = replace(consent(), purpose="billing"), replace(consent(), channel="call")
    both = patient().with_consent(consent()).with_consent(billing).with_consent(calls)
    assert both.consents == (consent(), billing, calls)
    assert both.with_consent(replace(calls, given=False)).consents[:2] == (consent(), billing)


def test_a_withdrawal_takes_the_consents_place() -> None:
    after = patient().with_consent(consent()).with_consent(consent(given=False))
    assert [each.given for each in after.consents] == [False]


def test_a_number_given_twice_is_kept_once() -> None:
    assert patient().with_phones([MOBILE, MOBILE]).phones == (MOBILE,)


def test_only_what_differs_makes_a_new_version() -> None:
    before = patient()
    assert before.renamed(given="Quillon").following(before) is before
    assert before.renamed(given="Quill").with_phones([HOME]).following(before).version == 4


@pytest.mark.parametrize("given", [True, False])
def test_what_a_patient_says_at_registration_is_recorded_either_way(given: bool) -> None:
    (recorded,) = asked_at_registration({"reminders": given}, number=MOBILE.number, at=NOW, by="user:u1")
    assert (recorded.given, recorded.at, recorded.evidence) == (given, NOW, "asked at registration by user:u1")


def test_who_was_not_asked_has_said_nothing() -> None:
    assert asked_at_registration({"reminders": None}, number=MOBILE.number, at=NOW, by="user:u1") == ()


def test_a_consent_without_a_number_says_what_to_do() -> None:
    with pytest.raises(ConsentWithoutNumber) as refused:
        asked_at_registration({"reminders": False, "care": True}, number=None, at=NOW, by="user:u1")
    assert refused.value.errors[0]["field"] == "phone"


@pytest.mark.parametrize(
    ("typed", "key"), [("  Núñez ", "nunez"), ("O'Brien", "o'brien"), ("VAN  der Berg", "van der berg")]
)
def test_names_are_searched_without_accents_case_and_spaces(typed: str, key: str) -> None:
    assert search_key(typed) == key


def test_every_given_identifier_has_to_match() -> None:
    known = Identifiers(family="ZEPHYRINE", phone=MOBILE.number)
    assert known.match(patient())
    assert not Identifiers(family="Zephyrine", birth_on=date(1968, 4, 12)).match(patient())
