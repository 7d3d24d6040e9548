"""Texts in the patient's language, on a real database: which words she gets, and what is known of it at the claim."""

from dataclasses import replace

import pytest
from fix_notifications import Desk, patient_with

from services.notifications.domain import commands
from services.notifications.operations import set_texting_policy
from services.notifications.operations.claim_texts import claim_texts
from shared.events.records import PatientUpdated
from tests.integration.notifications.test_templates import OURS, in_force, texted, uow

OPT_OUT = "Reply STOP to opt out."
OURS_IN_SPANISH = "North Clinic: tiene una cita el mar, 24 de nov de 2026, 10:00 a.m. Responda STOP para darse de baja."


def speaking(language: str | None, **more: object) -> PatientUpdated:
    return replace(patient_with(), language=language, **more)


def words_to(desk: Desk, language: str | None) -> tuple[str, str]:
    """What somebody is told of a visit who speaks that language, and the language that the text says it is in."""
    patient = speaking(language)
    desk.hear(patient)
    body, told = texted(desk, patient.patient_id)
    return body, told["language"]


@pytest.mark.requirement("26c")
def test_a_text_is_in_the_patients_language_then_in_a_broader_one_then_in_the_networks(notifications: Desk) -> None:
    """Seen red by: said to nobody's language."""
    policy = commands.SetTextingPolicy(default_language="fr", most_segments=2, first_names=False)
    set_texting_policy(policy, uow(notifications), notifications.clock)
    for language, words in (("en", "Hello."), ("es", "Hola."), ("es-PR", "Wepa."), ("fr", "Bonjour.")):
        in_force(notifications, words, language=language)
    said = {tag: words_to(notifications, tag) for tag in ("en", "es", "es-PR", "es-MX", "vi", None)}
    assert said == {
        "en": (f"Hello. {OPT_OUT}", "en"),
        "es": (f"Hola. {OPT_OUT}", "es"),
        "es-PR": (f"Wepa. {OPT_OUT}", "es-PR"),
        "es-MX": (f"Hola. {OPT_OUT}", "es"),
        "vi": (f"Bonjour. {OPT_OUT}", "fr"),
        None: (f"Bonjour. {OPT_OUT}", "fr"),
    }


@pytest.mark.requirement("26c")
def test_without_templates_our_own_words_are_in_the_patients_language(notifications: Desk) -> None:
    """Seen red by: said to nobody's language."""
    assert words_to(notifications, "es-MX") == (OURS_IN_SPANISH, "es")
    assert words_to(notifications, "vi") == words_to(notifications, None) == (OURS, "en")


@pytest.mark.requirement("26c")
def test_what_asks_is_in_the_patients_language_too(notifications: Desk) -> None:
    """An offer of the waitlist, and another time for a visit that cannot take place. Seen red by: said to nobody's
    language."""
    patient = replace(patient_with(purposes=("reminders", "care")), language="es")
    notifications.hear(patient)
    notifications.hear(notifications.offer(patient.patient_id))
    visit = notifications.visit(patient.patient_id)
    notifications.hear(visit)
    notifications.hear(notifications.listed(visit))
    notifications.send()
    offer, proposal = notifications.bodies()
    assert "Responda SI" in offer
    assert "Responda SI" in proposal


@pytest.mark.requirement("26c")
def test_the_language_is_that_of_the_claim_not_that_of_the_booking(notifications: Desk) -> None:
    """Seen red by: a newer condition kept without its language."""
    patient = speaking("fr")
    notifications.hear(patient)
    notifications.hear(notifications.visit(patient.patient_id))
    notifications.hear(replace(patient, version=2, language="es"))
    notifications.hear(patient)  # it comes again, late
    notifications.send()
    assert notifications.bodies() == [OURS_IN_SPANISH]


@pytest.mark.requirement("26c")
def test_a_language_that_changes_while_its_text_is_claimed_is_looked_at_again(notifications: Desk) -> None:
    """Seen red by: a claim that goes on with what was listed, whatever the patient's version is now."""
    patient = speaking("en")
    notifications.hear(patient)
    notifications.hear(notifications.visit(patient.patient_id))
    now = notifications.real_time.now()
    with notifications.units.for_network(notifications.network_id) as unit:
        listed = unit.texts.ready(notifications.clock.now(), now, 1)
    notifications.hear(replace(patient, version=2, language="es"))
    with notifications.worker_units.for_network(notifications.network_id) as unit:
        claim = claim_texts(listed, unit, notifications.clock, now, "sandbox")
        assert (claim.outgoing, claim.passed_by) == ([], {listed[0].text_id})
        unit.commit()
    notifications.send()
    assert notifications.bodies() == [OURS_IN_SPANISH]


@pytest.mark.requirement("26c")
def test_a_patient_whose_language_is_none_any_more_is_texted_as_one_whom_nobody_asked(notifications: Desk) -> None:
    """Also by an event from before it was asked. Seen red by: a language that only another one replaces."""
    patient = speaking("es")
    notifications.hear(patient)
    notifications.hear(replace(patient, version=2, language=None))
    assert texted(notifications, patient.patient_id)[0] == OURS
