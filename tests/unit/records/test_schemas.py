"""What records takes in."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from services.records import schemas
from services.records.domain.commands import Stays
from shared.ids import new_id

SITE = str(new_id())


def errors_of(schema: Schema, body: dict[str, Any]) -> Any:
    with pytest.raises(ValidationError) as refused:
        schema.load(body)
    return refused.value.normalized_messages()


def registration(**more: Any) -> dict[str, Any]:
    return {"site_id": SITE, "given": "Quillon", "family": "Zephyrine", **more}


@pytest.mark.parametrize("typed", ["(202) 555-0143", "202-555-0143", "+1 202 555 0143", " 1 202 555 0143 "])
def test_a_number_is_stored_as_e164_however_it_is_typed(typed: str) -> None:
    assert schemas.RegisterPatientSchema().load(registration(phone=typed)).phone == "+12025550143"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("5550143", "area code"), ("202-555-014", "area code"), ("call Ann", "area code"), ("+999 1234 5678", "country")],
)
def test_a_number_that_cannot_be_called_says_what_to_do_and_not_what_was_typed(typed: str, hint: str) -> None:
    (message,) = errors_of(schemas.RegisterPatientSchema(), registration(phone=typed))["phone"]
    assert hint in message
    assert typed not in message


@pytest.mark.parametrize("field", ["given", "family"])
def test_a_blank_name_is_refused(field: str) -> None:
    assert field in errors_of(schemas.RegisterPatientSchema(), registration(**{field: "  "}))


def test_unknown_fields_are_refused() -> None:
    assert "ssn" in errors_of(schemas.RegisterPatientSchema(), registration(ssn="1"))


def test_a_procedure_is_done_at_least_once() -> None:
    done = {"system": "s", "code": "c", "units": 0}
    body = {"encounter_id": SITE, "diagnoses": [], "procedures": [done]}
    assert "procedures" in errors_of(schemas.FinishEncounterSchema(), body)


def test_what_was_left_out_of_a_change_is_not_changed() -> None:
    command = schemas.ChangePatientSchema().load({"patient_id": SITE, "given": "Quill"})
    assert (command.given, command.family, command.phones) == ("Quill", None, None)


@pytest.mark.parametrize("tag", ["", "e", "klingon", "EN", "es-mx", "es_MX", "es-XX", "x" * 36])
def test_a_language_is_one_in_which_days_can_be_written(tag: str) -> None:
    """Seen red by: any words taken for one."""
    assert "language" in errors_of(schemas.RegisterPatientSchema(), registration(language=tag))
    assert "language" in errors_of(schemas.ChangePatientSchema(), {"patient_id": SITE, "language": tag})


def test_no_language_any_more_is_not_the_same_as_nothing_said_of_it() -> None:
    """Seen red by: a change of None for what is left out."""
    changes: tuple[dict[str, str | None], ...] = ({}, {"language": None}, {"language": "es-MX"})
    loaded = [schemas.ChangePatientSchema().load({"patient_id": SITE, **change}).language for change in changes]
    assert loaded == [Stays.STAYS, None, "es-MX"]
