"""Who is calling: "when is my appointment?"."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import appointments as schemas
from gateway.schemas.patients import CallerQuestion


@route("GET", "/v1/callers", scope="patients:read", query=CallerQuestion(), answer=schemas.Caller())
def find_caller(call: Call) -> Any:
    """The patients that have this telephone number, and all their coming appointments at your sites."""
    patients = call.ask("records", "callers", number=call.query["phone"])["items"]
    ids = [patient["patient_id"] for patient in patients]
    may_see = ids and "appointments:read" in call.asker.scopes
    found = call.ask("scheduling", "coming_appointments", patient_ids=ids)["items"] if may_see else []
    return {"patients": patients, "appointments": found}
