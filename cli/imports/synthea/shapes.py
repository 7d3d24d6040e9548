"""Which fields of FHIR R4 the importer reads, and of what type: other exporters leave out, add, and get wrong.

`fitted` keeps what is read and no more, drops nulls, and refuses a record whose fields are of another type, so that
everything behind it can trust what it finds. What is not there is left to the readers, who say what they miss.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
Shape = Any
"""A type, a list of one shape, or a mapping of field names to shapes."""


class Number:
    """An integer or a decimal, and no boolean."""


class Misfit(Exception):
    """The record is not of its kind's shape; the text says where, and never what was found there."""


_REFERENCE = {"reference": str, "display": str, "identifier": {"system": str, "value": str}}
_CONCEPT = {"coding": [{"system": str, "code": str}], "text": str}
_MONEY = {"value": Number, "currency": str}
_EXTENSION = {"url": str, "extension": [{"url": str, "valueDecimal": Number}]}
_ADDRESS = {
    "city": str,
    "state": str,
    "postalCode": str,
    "country": str,
    "extension": [_EXTENSION],
    "latitude": Number,  # of a CSV row; FHIR has an extension instead
    "longitude": Number,
}
_TELECOM = {"system": str, "value": str}
_NAME = {"use": str, "text": str, "family": str, "given": [str], "prefix": [str]}
_IDENTIFIED = {"id": str, "identifier": [{"system": str, "value": str}]}
_ITEM = {
    "productOrService": _CONCEPT,
    "encounter": [_REFERENCE],
    "net": _MONEY,
    "unitPrice": _MONEY,
    "factor": Number,
    "quantity": {"value": Number},
    "sequence": Number,
    "diagnosisSequence": [Number],
    "procedureSequence": [Number],
}
_OF_ENCOUNTER = {**_IDENTIFIED, "encounter": _REFERENCE, "onsetDateTime": str, "recordedDate": str, "cost": _MONEY}

SHAPES: Mapping[str, Shape] = {
    "Organization": {**_IDENTIFIED, "name": str, "type": [_CONCEPT], "address": [_ADDRESS], "telecom": [_TELECOM]},
    "Location": {
        **_IDENTIFIED,
        "name": str,
        "mode": str,
        "address": _ADDRESS,
        "telecom": [_TELECOM],
        "position": {"latitude": Number, "longitude": Number},
        "managingOrganization": _REFERENCE,
        "partOf": _REFERENCE,
    },
    "Practitioner": {**_IDENTIFIED, "name": [_NAME]},
    "PractitionerRole": {
        **_IDENTIFIED,
        "practitioner": _REFERENCE,
        "organization": _REFERENCE,
        "location": [_REFERENCE],
        "availableTime": [{"daysOfWeek": [str], "availableStartTime": str, "availableEndTime": str}],
    },
    "Patient": {
        **_IDENTIFIED,
        "name": [_NAME],
        "birthDate": str,
        "communication": [{"language": _CONCEPT, "preferred": bool}],
        "address": [_ADDRESS],
        "telecom": [_TELECOM],
        "managingOrganization": _REFERENCE,
        "generalPractitioner": [_REFERENCE],
    },
    "Encounter": {
        **_IDENTIFIED,
        "status": str,
        "class": {"code": str},
        "type": [_CONCEPT],
        "subject": _REFERENCE,
        "serviceProvider": _REFERENCE,
        "location": [{"location": _REFERENCE}],
        "participant": [{"individual": _REFERENCE}],
        "period": {"start": str, "end": str},
        "reasonCode": [_CONCEPT],
        "payer": _REFERENCE,  # of a CSV row, as are the two costs
        "cost": _MONEY,
    },
    "Condition": {**_OF_ENCOUNTER, "code": _CONCEPT},
    "Procedure": {**_OF_ENCOUNTER, "code": _CONCEPT},
    "Immunization": {**_OF_ENCOUNTER, "vaccineCode": _CONCEPT},
    "Coverage": {**_IDENTIFIED, "payor": [_REFERENCE], "subscriberId": str, "type": _CONCEPT},
    "Claim": {
        **_IDENTIFIED,
        "type": _CONCEPT,
        "encounter": _REFERENCE,
        "diagnosis": [
            {"sequence": Number, "diagnosisReference": _REFERENCE, "diagnosisCodeableConcept": _CONCEPT},
        ],
        "insurance": [{"focal": bool, "coverage": _REFERENCE}],
        "item": [_ITEM],
        "total": _MONEY,
        "contained": [{"id": str, "resourceType": str, "payor": [_REFERENCE], "subscriberId": str}],
    },
    "ClaimTransaction": {**_IDENTIFIED, "claim": _REFERENCE, "kind": str, **_ITEM},
    "MedicationRequest": {**_IDENTIFIED, "encounter": _REFERENCE, "code": _CONCEPT},
}


def fitted(resource: Json) -> Json:
    """The record with the fields that are read. Raises Misfit."""
    kind = resource["resourceType"]
    kept: Json = _fitted(resource, SHAPES.get(kind, _IDENTIFIED), "")
    return {"resourceType": kind, **kept}


def _fitted(value: Any, shape: Shape, path: str) -> Any:
    if isinstance(shape, Mapping):
        return _object(value, shape, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise Misfit(f"{path} is no list")
        return [_fitted(each, shape[0], path) for each in value if each is not None]
    if shape is Number:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Misfit(f"{path} is no number")
    elif not isinstance(value, shape):
        raise Misfit(f"{path} is no {'text' if shape is str else 'boolean'}")
    elif shape is str:
        return _storable(value, path)
    return value


def _object(value: Any, shape: Mapping[str, Shape], path: str) -> Json:
    if not isinstance(value, dict):
        raise Misfit(f"{path} is no object")
    given = ((name, value.get(name), below) for name, below in shape.items())
    return {
        name: _fitted(found, below, f"{path}.{name}".lstrip(".")) for name, found, below in given if found is not None
    }


def _storable(text: str, path: str) -> str:
    """The text, its control characters mended. Raises Misfit for half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Misfit(f"{path} is no text") from None
    return _CONTROLS.sub(_mended, text).strip() if _CONTROLS.search(text) else text


def _mended(control: re.Match[str]) -> str:
    """Windows' own letters are often read as ISO 8859-1 (U+0092 was an apostrophe); any other control is a space."""
    code = ord(control[0])
    return bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ") if code > _DELETE else " "


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DELETE = 0x7F
