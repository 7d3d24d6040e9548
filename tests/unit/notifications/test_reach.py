"""Whom a text may reach."""

import pytest

from services.notifications.domain.reach import Number, number_for, why_not_reachable

MOBILE = Number(number="+12025550101", use="mobile", consented=True)
HOME = Number(number="+12025550102", use="home", consented=True)
SILENT = Number(number="+12025550103", use="mobile", consented=None)
OLD = Number(number="+12025550105", use="old", consented=True)
WITHDRAWN = Number(number="+12025550104", use="mobile", consented=False)


@pytest.mark.parametrize(
    ("numbers", "chosen"),
    [
        ([], None),
        ([HOME, MOBILE], MOBILE),
        ([SILENT, HOME], HOME),
        ([WITHDRAWN, SILENT], WITHDRAWN),
        ([HOME], HOME),
        ([OLD], None),
    ],
)
def test_the_first_number_with_consent_is_texted_and_mobiles_come_first(
    numbers: list[Number], chosen: Number | None
) -> None:
    assert number_for(numbers) == chosen


@pytest.mark.parametrize(
    ("number", "opted_out", "reason"),
    [
        (None, False, "no-phone"),
        (SILENT, False, "no-consent"),
        (WITHDRAWN, False, "no-consent"),
        (MOBILE, True, "opted-out"),
        (SILENT, True, "opted-out"),
        (MOBILE, False, None),
    ],
)
@pytest.mark.requirement("24a")
def test_only_a_number_with_recorded_consent_and_no_opt_out_is_reachable(
    number: Number | None, *, opted_out: bool, reason: str | None
) -> None:
    """Seen red by: only a consent that was refused taken for none."""
    assert why_not_reachable(number, opted_out=opted_out) == reason
