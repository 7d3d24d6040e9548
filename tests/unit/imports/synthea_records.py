"""Records as Synthea writes them, as small as they can be."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
SNOMED = "http://snomed.info/sct"
CVX = "http://hl7.org/fhir/sid/cvx"


def concept(code: str, system: str = SNOMED) -> Json:
    return {"coding": [{"system": system, "code": code, "display": code}]}


def refers_to(source_id: str) -> Json:
    return {"reference": f"urn:uuid:{source_id}"}


def organization(source_id: str = "site", state: str = "MA", **other: object) -> Json:
    address = [{"city": "BOSTON", "state": state}]
    return {"resourceType": "Organization", "id": source_id, "name": source_id.upper(), "address": address, **other}


def practitioner(source_id: str = "doctor") -> Json:
    name = [{"family": "Nicolas", "given": ["Barry"], "prefix": ["Dr."]}]
    return {"resourceType": "Practitioner", "id": source_id, "name": name}


def patient(source_id: str = "patient", **other: object) -> Json:
    record = {"resourceType": "Patient", "id": source_id, "name": [{"family": "Becker", "given": ["Robby"]}]}
    telecom = [{"system": "phone", "value": "617-291-3747"}]
    return {**record, "birthDate": "1974-02-14", "telecom": telecom, **other}


def encounter(
    source_id: str = "visit",
    start: str = "2020-07-01T13:00:44+00:00",
    end: str = "2020-07-01T13:15:44+00:00",
    **other: Any,
) -> Json:
    record: Json = {
        "resourceType": "Encounter",
        "id": source_id,
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": refers_to("patient"),
        "participant": [{"individual": refers_to("doctor")}],
        "serviceProvider": refers_to("site"),
        "period": {"start": start, "end": end},
    }
    return {**record, **other}


def of_encounter(kind: str, source_id: str, code: Json, encounter_id: str = "visit") -> Json:
    field = "vaccineCode" if kind == "Immunization" else "code"
    return {"resourceType": kind, "id": source_id, field: code, "encounter": refers_to(encounter_id)}


def claim(source_id: str, total: float, *items: Json, payer: str = "private", kind: str = "institutional") -> Json:
    first = {"productOrService": concept("185349003"), "encounter": [refers_to("visit")]}
    return {
        "resourceType": "Claim",
        "id": source_id,
        "type": {"coding": [{"code": kind}]},
        "insurance": [{"coverage": {"display": payer}}],
        "item": [first, *items],
        "total": {"value": total, "currency": "USD"},
    }


def item(code: Json, amount: float) -> Json:
    return {"productOrService": code, "net": {"value": amount, "currency": "USD"}}


CLINIC = (organization(), practitioner(), patient())


def written(folder: Path, *resources: Json, name: str = "bundle.json") -> Path:
    """A transaction bundle in that folder; gives the folder."""
    entries = [
        {"resource": each} | ({"fullUrl": f"urn:uuid:{each['id']}"} if "id" in each else {}) for each in resources
    ]
    (folder / name).write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
    return folder
