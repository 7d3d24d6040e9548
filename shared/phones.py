"""Phone numbers as they are stored and compared: E.164."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult, timezone

DEFAULT_REGION = "US"

INVALID = "invalid"
# libphonenumber's types, in our words. In North America nobody can tell a landline from a mobile by its number.
_TYPES = {
    PhoneNumberType.FIXED_LINE: "fixed-line",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed-line-or-mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium-rate",
    PhoneNumberType.SHARED_COST: "shared-cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal-number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
    PhoneNumberType.UNKNOWN: "unknown",
}
TEXTABLE = frozenset({"mobile", "fixed-line-or-mobile", "voip", "personal-number", "unknown"})

# A number that may be in more zones than this is one of a whole country, and tells no time of day.
_MOST_ZONES = 4

_TOO_SHORT = "The number has too few digits: give it with its area code, such as (202) 555-0143."
_WHAT_TO_DO = {
    ValidationResult.TOO_SHORT: _TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _TOO_SHORT,
    ValidationResult.TOO_LONG: "The number has too many digits: give one number, without an extension.",
    ValidationResult.INVALID_COUNTRY_CODE: "The number after + does not begin with a country's code.",
}
_NOT_A_NUMBER = "Give a phone number with its area code, such as (202) 555-0143, or with + and the country's code."


class NoPhoneNumber(ValueError):
    """The text is no number that could be called; its own text says what to do and not what was typed."""


def e164(text: str, region: str = DEFAULT_REGION) -> str:
    """The number in E.164; without + it is read as one of `region`. Raises NoPhoneNumber.

    Numbers of the right length pass even where the numbering plan does not list them yet:
    the library's data lags behind the plan, and a carrier's refusal is recorded anyway.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NoPhoneNumber(_NOT_A_NUMBER) from None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        raise NoPhoneNumber(_WHAT_TO_DO.get(reason, _NOT_A_NUMBER))
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


@lru_cache(maxsize=65536)
def type_of(number: str) -> str:
    """What kind of line an E.164 number is by the numbering plans that libphonenumber knows; INVALID where none is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return INVALID
    if not phonenumbers.is_valid_number(parsed):
        return INVALID
    return _TYPES[phonenumbers.number_type(parsed)]


@lru_cache(maxsize=65536)
def zones_of(number: str) -> tuple[str, ...]:
    """The IANA zones in which an E.164 number is at home, by its area code; empty where it does not tell."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return found if len(found) <= _MOST_ZONES and found[0] != timezone.UNKNOWN_TIMEZONE else ()
