"""Phone numbers as they are stored and compared: E.164."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

DEFAULT_REGION = "US"

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
