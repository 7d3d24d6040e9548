"""Patients: register, find, change, consents, coverages."""

from typing import Any

from gateway.batches import MAX_BODY, Batch, answers_of, batch_of
from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.guesses import Guesses, TooManyTries
from gateway.schemas import patients as schemas

PATIENT = schemas.Patient()
_PATH = ("path.patient_id",)
# Nobody fits, or several do.
_WRONG_GUESS = frozenset({404, 409})


@route(
    "POST",
    "/v1/patients",
    scope="patients:write",
    body=schemas.RegisterPatient(),
    answer=PATIENT,
    status=201,
    objects=("body.site_id",),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "given": "Maria",
        "family": "Lindqvist",
        "birth_on": "1984-05-17",
        "language": "es",
        "phone": "+1 202 555 0123",
        "texting_consent": True,
        "coverage": {"payer_name": "Blue Harbor", "payer_id": "BH001", "member_id": "XK-4471"},
    },
)
def register_patient(call: Call) -> Any:
    """Registers a patient at a site."""
    return call.tell("records", "register_patient", **call.body)


@route(
    "POST",
    "/v1/patients/batch",
    scope="patients:write",
    body=batch_of(schemas.RegisterItem),
    answer=answers_of(schemas.Patient),
    max_body=MAX_BODY,
    objects=("items.site_id",),
    example={
        "items": [
            {
                "key": "person-17",
                "site_id": "0193a1f0-0000-7000-8000-000000000001",
                "given": "Maria",
                "family": "Lindqvist",
                "birth_on": "1984-05-17",
            }
        ]
    },
)
def register_patients(call: Call) -> Any:
    """Registers many patients; each item is answered as `POST /v1/patients` would be."""
    return Batch(call).told("records", "register_patient", status=201)


@route(
    "GET",
    "/v1/patients",
    scope="patients:read",
    query=schemas.PatientList(),
    answer=PATIENT,
    listed=True,
    objects=("query.site_id",),
)
def list_patients(call: Call) -> Any:
    """Finds patients of your sites by telephone number, family name or birth date.

    Addresses end up in logs of proxies and browsers: `POST /v1/patients/search` asks the same without a name in one.
    """
    return _found(call, call.query)


@route(
    "POST",
    "/v1/patients/search",
    scope="patients:read",
    body=schemas.PatientSearch(),
    answer=PATIENT,
    listed=True,
    objects=("body.site_id",),
    example={"family": "Lindq", "birth_on": "1984-05-17", "limit": 20},
)
def search_patients(call: Call) -> Any:
    """Finds patients of your sites by telephone number, family name or birth date, none of which is in the address."""
    return _found(call, call.body)


@route(
    "POST",
    "/v1/patients/open",
    scope="patients:write",
    body=schemas.OpenPatient(),
    answer=PATIENT,
    objects=("body.site_id",),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "birth_on": "1984-05-17",
        "phone": "+1 202 555 0123",
    },
    problems=("too-many-tries",),
)
def open_patient(call: Call) -> Any:
    """Opens a patient of the network at your site by two identifiers that match. Every try is audited.

    Five that match nobody are free; after them an account waits 1, 2, 4 ... seconds, five minutes at most.
    """
    guesses, whose = Guesses(call.door.look_ups), f"open-patient/{call.asker.network_id}/{call.asker.actor_id}"
    try:
        guesses.take(whose)
    except TooManyTries:
        _audit_refusal(call)
        raise
    try:
        opened = call.tell("records", "open_patient", **call.body)
    except Problem as problem:
        if problem.status not in _WRONG_GUESS:
            guesses.give_back(whose)
        raise
    # Not forgotten: one patient whom one knows would make guesses at all others free.
    guesses.give_back(whose)
    return opened


def _audit_refusal(call: Call) -> None:
    with call.door.units.for_call(call.asker, action=call.route.name) as uow:
        site_id = call.body["site_id"]
        uow.audit(call.route.name, "site", site_id, site_id=site_id, decision="refused", detail={"reason": "guesses"})
        uow.commit()


@route("GET", "/v1/patients/{patient_id}", scope="patients:read", answer=PATIENT, objects=_PATH)
def get_patient(call: Call) -> Any:
    """One patient of your sites."""
    return call.ask("records", "patient", **call.path)


@route(
    "PATCH",
    "/v1/patients/{patient_id}",
    scope="patients:write",
    body=schemas.ChangePatient(),
    answer=PATIENT,
    versioned=True,
    objects=_PATH,
    example={"phones": [{"number": "+1 202 555 0124", "use": "mobile"}]},
)
def change_patient(call: Call) -> Any:
    """Changes a patient; `phones` replaces the whole list, a `language` of null takes away what was there."""
    return call.tell("records", "change_patient", **call.path, **call.body)


@route(
    "GET",
    "/v1/patients/{patient_id}/texting",
    scope="patients:read",
    answer=schemas.Texting(),
    objects=("path.patient_id",),
)
def get_texting(call: Call) -> Any:
    """Each of a patient's numbers: its kind, whether others have it too, and what speaks against texting it.

    A change is seen a moment after it was made.
    """
    call.require_patient(call.path["patient_id"])
    return call.ask("notifications", "texting", **call.path)


@route(
    "POST",
    "/v1/patients/{patient_id}/wrong-numbers",
    scope="patients:write",
    body=schemas.ReportWrongNumber(),
    answer=schemas.WrongNumber(),
    objects=("path.patient_id",),
    example={"number": "+1 202 555 0123", "wrong": True, "evidence": "somebody else answered"},
    problems=("number-not-of-patient",),
)
def report_wrong_number(call: Call) -> Any:
    """Says that a number is not the patient's (`wrong`), or is after all: no text for the patient goes there meanwhile.

    A task says that somebody has to ask for another. Others who have the number are texted as before. A number that is
    said to be right (`wrong`: false) is texted again although a carrier had said that no text reaches it (`failure`).
    """
    call.require_patient(call.path["patient_id"])
    return call.tell("notifications", "report_wrong_number", **call.path, **call.body)


@route(
    "POST",
    "/v1/patients/{patient_id}/consents",
    scope="patients:write",
    body=schemas.RecordConsent(),
    answer=PATIENT,
    versioned=True,
    objects=_PATH,
    example={"number": "+1 202 555 0123", "purpose": "reminders", "given": True, "evidence": "asked at the desk"},
)
def record_consent(call: Call) -> Any:
    """Records that a patient may, or may not, be texted at a number."""
    return call.tell("records", "record_consent", **call.path, **call.body)


@route(
    "PUT",
    "/v1/patients/{patient_id}/coverages",
    scope="patients:write",
    body=schemas.SetCoverages(),
    answer=PATIENT,
    versioned=True,
    objects=_PATH,
    example={"coverages": [{"payer_name": "Blue Harbor", "payer_id": "BH001", "member_id": "XK-4471"}]},
)
def set_coverages(call: Call) -> Any:
    """Replaces a patient's coverages."""
    return call.tell("records", "set_coverages", **call.path, **call.body)


@route(
    "POST",
    "/v1/patients/coverages/batch",
    scope="patients:write",
    body=batch_of(schemas.CoveragesItem),
    answer=answers_of(schemas.Patient),
    max_body=MAX_BODY,
    objects=("items.patient_id",),
    example={
        "items": [
            {
                "key": "cover-17",
                "patient_id": "0193a1f0-0000-7000-8000-000000000004",
                "coverages": [{"payer_name": "Blue Harbor", "member_id": "XK-4471"}],
            }
        ]
    },
)
def set_coverages_of_many(call: Call) -> Any:
    """Replaces many patients' coverages; each item as `PUT /v1/patients/{patient_id}/coverages` would."""
    return Batch(call).told("records", "set_coverages")


def _found(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    question = dict(asked)
    if number := question.pop("phone", None):
        question["number"] = number
    return call.page_of("records", "patients", **question)
