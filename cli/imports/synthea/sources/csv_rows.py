"""Rows of Synthea's CSV export as FHIR R4 resources (columns: its CSV File Data Dictionary; empty ones are left out).

Money comes line by line: `claims_transactions` has a row a charge. Where an export has none of it, the encounter, its
procedures and its immunizations state what each costs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Row = dict[str, str]
Json = dict[str, Any]

SNOMED = "http://snomed.info/sct"
CVX = "http://hl7.org/fhir/sid/cvx"
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_SYSTEMS = {"SNOMED-CT": SNOMED, "CVX": CVX, "RXNORM": _RXNORM}
# v3-ActEncounterCode of Synthea's own words, as its FHIR export writes them.
_CLASSES = {
    **dict.fromkeys(("ambulatory", "outpatient", "wellness", "urgentcare"), "AMB"),
    "emergency": "EMER",
    "inpatient": "IMP",
    "virtual": "VR",
    "home": "HH",
}


@dataclass(frozen=True)
class Kind:
    """One file of the export: what its rows are, and how a row (its place as its id, where it has none) becomes one."""

    resource: str
    fields: Callable[[Row, str], Json]


def _patient(row: Row, place: str) -> Json:
    given = [name for name in (row.get("FIRST"), row.get("MIDDLE")) if name]
    return {
        "id": row.get("ID", place),
        "name": [_given({"family": row.get("LAST"), "given": given or None})],
        "birthDate": row.get("BIRTHDATE"),
        "address": [_address(row)],
    }


def _organization(row: Row, place: str) -> Json:
    phone = [{"system": "phone", "value": row["PHONE"].split(";")[0]}] if "PHONE" in row else []
    return {"id": row.get("ID", place), "name": row.get("NAME"), "address": [_address(row)], "telecom": phone}


def _payer(row: Row, place: str) -> Json:
    return {"id": row.get("ID", place), "name": row.get("NAME"), "type": [{"coding": [{"code": "pay"}]}]}


def _provider(row: Row, place: str) -> Json:
    name = {"text": row["NAME"]} if "NAME" in row else {}
    return {"id": row.get("ID", place), "name": [name]}


def _encounter(row: Row, place: str) -> Json:
    kind = row.get("ENCOUNTERCLASS", "")
    reason = [_concept(row["REASONCODE"], SNOMED)] if "REASONCODE" in row else []
    return {
        "id": row.get("ID", place),
        "status": "finished",
        "class": {"code": _CLASSES.get(kind.lower(), kind)} if kind else None,
        "type": [_concept(row.get("CODE"), SNOMED)],
        "period": _given({"start": row.get("START"), "end": row.get("STOP")}),
        "subject": _refers("Patient", row.get("PATIENT")),
        "serviceProvider": _refers("Organization", row.get("ORGANIZATION")),
        "participant": [{"individual": _refers("Practitioner", row.get("PROVIDER"))}],
        "reasonCode": reason,
        "payer": _refers("Organization", row.get("PAYER")),
        "cost": _money(row.get("BASE_ENCOUNTER_COST")),
    }


def _coded(row: Row, place: str, system: str, field: str) -> Json:
    return {
        "id": place,
        field: _concept(row.get("CODE"), _SYSTEMS.get(row.get("SYSTEM", "").upper(), row.get("SYSTEM") or system)),
        "encounter": _refers("Encounter", row.get("ENCOUNTER")),
        "onsetDateTime": row.get("START") or row.get("DATE"),
        "cost": _money(row.get("BASE_COST")),
    }


def _claim(row: Row, place: str) -> Json:
    codes = [row[f"DIAGNOSIS{number}"] for number in range(1, 9) if f"DIAGNOSIS{number}" in row]
    diagnoses = [{"diagnosisCodeableConcept": _concept(code, SNOMED)} for code in codes]
    payer = row.get("PRIMARYPATIENTINSURANCEID", "0")
    covered = _refers("Organization", None if payer == "0" else payer)
    return {
        "id": row.get("ID", place),
        "diagnosis": [{"sequence": place, **each} for place, each in enumerate(diagnoses, start=1)],
        "encounter": _refers("Encounter", row.get("APPOINTMENTID")),
        "insurance": [{"coverage": covered}] if covered else [],
    }


def _transaction(row: Row, place: str) -> Json:
    units = row.get("UNITS", "1")
    pointers = [row[f"DIAGNOSISREF{number}"] for number in range(1, 5) if f"DIAGNOSISREF{number}" in row]
    return {
        "id": row.get("ID", place),
        "claim": _refers("Claim", row.get("CLAIMID")),
        "kind": row.get("TYPE", "").upper() or None,
        "sequence": _whole(row.get("CHARGEID")),
        "productOrService": _concept(row.get("PROCEDURECODE"), ""),
        "quantity": {"value": _number(units)},
        "net": _money(row.get("AMOUNT")),
        "diagnosisSequence": [number for text in pointers if (number := _whole(text))],
    }


KINDS = {
    "patients": Kind("Patient", _patient),
    "organizations": Kind("Organization", _organization),
    "payers": Kind("Organization", _payer),
    "providers": Kind("Practitioner", _provider),
    "encounters": Kind("Encounter", _encounter),
    "conditions": Kind("Condition", lambda row, place: _coded(row, place, SNOMED, "code")),
    "procedures": Kind("Procedure", lambda row, place: _coded(row, place, SNOMED, "code")),
    "immunizations": Kind("Immunization", lambda row, place: _coded(row, place, CVX, "vaccineCode")),
    "medications": Kind("MedicationRequest", lambda row, place: _coded(row, place, _RXNORM, "code")),
    "claims": Kind("Claim", _claim),
    "claims_transactions": Kind("ClaimTransaction", _transaction),
}


def _address(row: Row) -> Json:
    place = {"city": row.get("CITY"), "state": row.get("STATE"), "postalCode": row.get("ZIP", "").split(".")[0] or None}
    return _given({**place, "latitude": _number(row.get("LAT")), "longitude": _number(row.get("LON"))})


def _concept(code: str | None, system: str) -> Json:
    return {"coding": [_given({"system": system, "code": code})]}


def _refers(kind: str, source_id: str | None) -> Json | None:
    return {"reference": f"{kind}/{source_id}"} if source_id else None


def _money(text: str | None) -> Json | None:
    value = _number(text)
    return None if value is None else {"value": value, "currency": "USD"}


def _number(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _whole(text: str | None) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _given(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
