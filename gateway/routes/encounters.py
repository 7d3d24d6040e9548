"""Encounters: read and finish. One that is on its way from a check-in answers `pending`, not 404."""

from typing import Any

from gateway.batches import MAX_BODY, Batch, answers_of, batch_of
from gateway.endpoint import Call, Json, Reply, route
from gateway.errors import Problem
from gateway.schemas.encounters import Encounter, EncounterSearch, FinishEncounter, FinishItem

ENCOUNTER = Encounter()
_PATH = ("path.encounter_id",)
_RETRY_AFTER_S = 1


@route(
    "GET",
    "/v1/encounters",
    scope="encounters:read",
    query=EncounterSearch(),
    answer=ENCOUNTER,
    listed=True,
    objects=("query.site_id",),
)
def list_encounters(call: Call) -> Any:
    """A site's encounters, in the order in which they began."""
    return call.page_of("records", "encounters", **call.query)


@route(
    "GET",
    "/v1/encounters/{encounter_id}",
    scope="encounters:read",
    answer=ENCOUNTER,
    objects=_PATH,
    also=(202,),
)
def get_encounter(call: Call) -> Any:
    """One encounter of your sites; 202 `encounter-pending` with Retry-After while it is being opened."""
    try:
        return call.ask("records", "encounter", **call.path)
    except Problem as problem:
        pending = _pending(call, problem)
        body = {"encounter_id": call.path["encounter_id"], "status": "pending"}
        return Reply(body, pending.status, {"Retry-After": str(_RETRY_AFTER_S)})


@route(
    "POST",
    "/v1/encounters/{encounter_id}/finish",
    scope="encounters:write",
    body=FinishEncounter(),
    answer=ENCOUNTER,
    versioned=True,
    objects=_PATH,
    example={
        "diagnoses": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J02.9"}],
        "procedures": [
            {
                "system": "http://www.ama-assn.org/go/cpt",
                "code": "99213",
                "units": 1,
                "diagnosis_pointers": [1],
            }
        ],
    },
    problems=("encounter-pending",),
)
def finish_encounter(call: Call) -> Any:
    """Finishes an encounter with its codes; 409 `encounter-pending` while it is being opened."""
    try:
        return call.tell("records", "finish_encounter", **call.path, **call.body)
    except Problem as problem:
        _pending(call, problem)
        raise Problem("encounter-pending", {"retry_after": _RETRY_AFTER_S}) from None


@route(
    "POST",
    "/v1/encounters/finish/batch",
    scope="encounters:write",
    body=batch_of(FinishItem),
    answer=answers_of(Encounter),
    max_body=MAX_BODY,
    objects=("items.encounter_id",),
    example={
        "items": [
            {
                "key": "done-4711",
                "encounter_id": "0193a1f0-0000-7000-8000-000000000006",
                "diagnoses": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J02.9"}],
                "procedures": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99213", "amount_cents": 12500}],
            }
        ]
    },
)
def finish_encounters(call: Call) -> Any:
    """Finishes many encounters; each item is answered as `POST /v1/encounters/{encounter_id}/finish` would be."""
    batch = Batch(call)
    batch.tell("records", "finish_encounter")
    batch.map_problems("not-found", lambda body: _pending_or_none(call, body))
    return batch.answer


def _pending_or_none(call: Call, body: Json) -> Problem | None:
    """What 404 of records means for an item, as `_pending` says it for a request alone."""
    if "appointments:read" not in call.asker.scopes:
        return None
    try:
        call.ask("scheduling", "arrived_encounter", encounter_id=body["encounter_id"])
    except Problem as problem:
        if problem.status != 404:
            raise
        return None
    return Problem("encounter-pending", {"retry_after": _RETRY_AFTER_S})


def _pending(call: Call, problem: Problem) -> Problem:
    """What 404 of records means where scheduling knows the arrival. Raises the problem where it does not."""
    if problem.status != 404 or "appointments:read" not in call.asker.scopes:
        raise problem
    call.ask("scheduling", "arrived_encounter", **call.path)
    return Problem("encounter-pending", status=202)
