"""Who is calling: "when is my appointment?"."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import appointments as schemas
from gateway.schemas.patients import CallerQuestion

_PATIENTS, _APPOINTMENTS = 200, 500


@route("GET", "/v1/callers", scope="patients:read", query=CallerQuestion(), answer=schemas.Caller())
def find_caller(call: Call) -> Any:
    """The patients that have this telephone number, and all their coming appointments at your sites.

    `more` says that these are the first 200 patients, or the first 500 appointments, of more.
    """
    known = call.ask("records", "patients", number=call.query["phone"], limit=_PATIENTS)
    ids = [patient["patient_id"] for patient in known["items"]]
    coming = _coming(call, ids) if ids and "appointments:read" in call.asker.scopes else {"items": [], "next": None}
    return {
        "patients": known["items"],
        "appointments": coming["items"],
        "more": bool(known["next"] or coming["next"]),
    }


def _coming(call: Call, patient_ids: list[str]) -> Any:
    return call.ask("scheduling", "coming_appointments", patient_ids=patient_ids, limit=_APPOINTMENTS)
