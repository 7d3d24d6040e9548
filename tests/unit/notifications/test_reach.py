"""Whom a text may reach."""

from dataclasses import replace
from typing import Any

import pytest

from services.notifications.domain.reach import Number, number_for, why_not_reachable

REMINDERS = "reminders"


def number(**told: Any) -> Number:
    """One whose consent, if there is one, is to reminders."""
    return Number(**told, purposes=frozenset({REMINDERS} if told["consented"] else ()))


MOBILE = number(number="+12025550101", use="mobile", consented=True)
HOME = number(number="+12025550102", use="home", consented=True)
SILENT = number(number="+12025550103", use="mobile", consented=None)
OLD = number(number="+12025550105", use="old", consented=True)
LANDLINE = number(number="+442079460000", use="mobile", consented=True)
NO_NUMBER = number(number="+15555550123", use="mobile", consented=True)
WRONG = replace(MOBILE, wrong=True)
WITHDRAWN = number(number="+12025550104", use="mobile", consented=False)


@pytest.mark.parametrize(
    ("numbers", "chosen"),
    [
        ([], None),
        ([HOME, MOBILE], MOBILE),
        ([SILENT, HOME], HOME),
        ([WITHDRAWN, SILENT], WITHDRAWN),
        ([HOME], HOME),
        ([OLD], None),
        ([LANDLINE, NO_NUMBER, WRONG, HOME], HOME),
        ([LANDLINE, SILENT], LANDLINE),
        ([WRONG], WRONG),
    ],
)
def test_the_first_number_with_consent_is_texted_and_mobiles_come_first(
    numbers: list[Number], chosen: Number | None
) -> None:
    """Seen red by: consent alone looked for, so that a landline is chosen before a number that takes texts."""
    assert number_for(numbers, REMINDERS) == chosen


@pytest.mark.parametrize(
    ("number", "opted_out", "reason"),
    [
        (None, False, "no-phone"),
        (SILENT, False, "no-consent"),
        (WITHDRAWN, False, "no-consent"),
        (MOBILE, True, "opted-out"),
        (SILENT, True, "opted-out"),
        (MOBILE, False, None),
        (LANDLINE, False, "number-not-for-texts"),
        (NO_NUMBER, False, "number-invalid"),
        (WRONG, False, "wrong-number"),
        (WRONG, True, "opted-out"),
    ],
)
@pytest.mark.requirement("24a")
def test_only_a_number_with_recorded_consent_and_no_opt_out_is_reachable(
    number: Number | None, *, opted_out: bool, reason: str | None
) -> None:
    """Seen red by: only a consent that was refused taken for none; every number that has consent taken for a mobile."""
    assert why_not_reachable(number, REMINDERS, opted_out=opted_out) == reason


def test_what_was_agreed_to_for_one_purpose_is_agreed_to_for_no_other() -> None:
    """Seen red by: consent to reminders looked at whatever the text is for."""
    billed = replace(HOME, purposes=frozenset({"billing"}))
    assert number_for([MOBILE, billed], "billing") == billed
    assert number_for([MOBILE, billed], REMINDERS) == MOBILE
    assert why_not_reachable(MOBILE, "billing", opted_out=False) == "no-consent"
    assert why_not_reachable(MOBILE, "outreach", opted_out=False) == "no-consent"
