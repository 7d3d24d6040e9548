"""Small readings of FHIR R4 shapes. Each gives None where the record does not say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cli.imports.synthea.plan import Coding
from shared.languages import broader, is_language
from shared.phones import NoPhoneNumber, e164

Json = dict[str, Any]
_MOST = 10**8  # the API's bound for a price, in dollars
_FLOAT_NOISE = Decimal("0.0001")  # cents: 136.79999999999998 is 136.80, 136.795 is nothing that money can be


def coding(concept: Json | None) -> Coding | None:
    """The first coding with system and code of a CodeableConcept (datatypes.html#CodeableConcept)."""
    for each in (concept or {}).get("coding", []):
        if each.get("system") and each.get("code"):
            return Coding(system=each["system"], code=each["code"])
    return None


def codes(concepts: Sequence[Json]) -> set[str]:
    """Every code in these concepts, whatever its system."""
    return {each["code"] for concept in concepts for each in concept.get("coding", []) if each.get("code")}


def instant(text: str | None) -> datetime | None:
    """An instant in UTC; None for a date without a time, a time without an offset, and what no calendar holds."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def day(text: str | None) -> date | None:
    """A whole calendar day; None for a partial date such as `1968`."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def name(resource: Json) -> Json:
    """`given`, `family` and `prefix` of the official HumanName, else of the first one; None where it has none.

    A name that is only written out is taken apart: its last word is the family name.
    """
    names: list[Json] = resource.get("name", [])
    chosen = next((each for each in names if each.get("use") == "official"), names[0] if names else {})
    words = chosen.get("text", "").split()
    given = " ".join(chosen.get("given", [])).strip() or " ".join(words[:-1])
    family = chosen.get("family", "").strip() or (words[-1] if len(words) > 1 else "")
    prefix = " ".join(chosen.get("prefix", [])).strip()
    return {"given": given or None, "family": family or None, "prefix": prefix or None}


def phone(resource: Json) -> str | None:
    """The first phone that is a possible number, in E.164; numbers without a country are read as US."""
    for each in resource.get("telecom", []):
        if each.get("system") == "phone" and (number := _e164(each.get("value", ""))):
            return number
    return None


def language(patient: Json) -> str | None:
    """The preferred language of `communication`, where nothing is preferred the only one, as far as it is known here
    (BCP 47): of `es-XX` it is `es`."""
    spoken: list[Json] = patient.get("communication", [])
    preferred = [each for each in spoken if each.get("preferred")] or spoken
    if len(preferred) != 1:
        return None
    tags = (each.get("code", "") for each in preferred[0].get("language", {}).get("coding", []))
    return next((tag for code in tags for tag in broader(code) if is_language(tag)), None)


def cents(money: Json | None) -> int | None:
    """Whole cents of a FHIR Money; None where there is none, where it is finer than a cent, or less than nothing."""
    value = (money or {}).get("value")
    if value is None or not 0 <= value <= _MOST:
        return None
    amount = Decimal(value) * 100
    whole = amount.to_integral_value()
    return int(whole) if abs(amount - whole) < _FLOAT_NOISE else None


def _e164(text: str) -> str | None:
    try:
        return e164(text)
    except NoPhoneNumber:
        return None
