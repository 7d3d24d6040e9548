"""Patients: register, find, change, consents, coverages."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import patients as schemas

PATIENT = schemas.Patient()
_PATH = ("path.patient_id",)


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
        "phone": "+1 202 555 0123",
        "texting_consent": True,
        "coverage": {"payer_name": "Blue Harbor", "payer_id": "BH001", "member_id": "XK-4471"},
    },
)
def register_patient(call: Call) -> Any:
    """Registers a patient at a site."""
    return call.tell("records", "register_patient", **call.body)


@route("GET", "/v1/patients", scope="patients:read", query=schemas.PatientSearch(), answer=PATIENT, listed=True)
def list_patients(call: Call) -> Any:
    """Finds patients of your sites by telephone number, family name or birth date."""
    question = dict(call.query)
    if number := question.pop("phone", None):
        return _by_phone(call, number, question)
    return call.page_of("records", "patients", **question)


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
)
def open_patient(call: Call) -> Any:
    """Opens a patient of the network at your site by two identifiers that match. Every try is audited."""
    return call.tell("records", "open_patient", **call.body)


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
    """Changes a patient; `phones` replaces the whole list."""
    return call.tell("records", "change_patient", **call.path, **call.body)


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


def _by_phone(call: Call, number: str, others: dict[str, Any]) -> dict[str, Any]:
    """Who has this number; a family name or birth date narrows it."""
    items = call.ask("records", "callers", number=number)["items"]
    wanted = {name: value.casefold() for name, value in others.items() if name in ("family", "birth_on")}
    fits = [one for one in items if all((one.get(k) or "").casefold().startswith(v) for k, v in wanted.items())]
    return {"items": fits, "next": None}
