"""Small readings of FHIR R4 shapes. Each gives None where the record does not say."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cli.imports.synthea.plan import Coding
from shared.phones import NoPhoneNumber, e164

Json = dict[str, Any]


def coding(concept: Json | None) -> Coding | None:
    """The first coding with system and code of a CodeableConcept (datatypes.html#CodeableConcept)."""
    for each in (concept or {}).get("coding", []):
        if each.get("system") and each.get("code"):
            return Coding(system=each["system"], code=each["code"])
    return None


def reference(value: Json | None) -> str | None:
    """The id that a literal reference names: `urn:uuid:<id>` or `<Type>/<id>`."""
    text = (value or {}).get("reference", "")
    return text.rpartition(":" if text.startswith("urn:") else "/")[2] or None


def instant(text: str | None) -> datetime | None:
    """An instant in UTC; None for a date without a time or a time without an offset."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def day(text: str | None) -> date | None:
    """A whole calendar day; None for a partial date such as `1968`."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def name(resource: Json) -> Json:
    """The official HumanName, else the first one, else an empty one."""
    names: list[Json] = resource.get("name", [])
    return next((each for each in names if each.get("use") == "official"), names[0] if names else {})


def phone(resource: Json) -> str | None:
    """The first phone that is a possible number, in E.164; numbers without a country are read as US."""
    for each in resource.get("telecom", []):
        if each.get("system") == "phone" and (number := _e164(each.get("value", ""))):
            return number
    return None


def cents(money: Json | None) -> int | None:
    """Whole cents of a FHIR Money; None where there is none or it is finer than a cent."""
    value = (money or {}).get("value")
    if value is None:
        return None
    amount = Decimal(value) * 100
    return int(amount) if amount == amount.to_integral_value() else None


def _e164(text: str) -> str | None:
    try:
        return e164(text)
    except NoPhoneNumber:
        return None
