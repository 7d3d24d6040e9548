"""What kind of line a number is."""

import csv
import json
from pathlib import Path

import phonenumbers
import pytest

from shared.phones import INVALID, TEXTABLE, e164, type_of, zones_of

HOME = Path(__file__).parents[4] / "shared/data/vectors/phone"
EXAMPLES, MOBILES = HOME / "libphonenumber-examples.csv", HOME / "examples.mobile.json"
needs_vectors = pytest.mark.skipif(
    not EXAMPLES.exists(), reason="libphonenumber's examples (Apache-2.0) lie beside the checkout, not in it"
)


@needs_vectors
def test_every_number_of_every_region_is_what_libphonenumber_says_it_is() -> None:
    """1,619 of them, valid and not. Seen red by: `is_possible_number` in the place of `is_valid_number`."""
    with EXAMPLES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1619
    wrong = {
        row["e164"]: (type_of(row["e164"]), row["expected_type"])
        for row in rows
        if type_of(row["e164"]) != (_words(row["expected_type"]) if row["expected_valid"] == "True" else INVALID)
    }
    assert wrong == {}


@needs_vectors
def test_every_regions_mobile_can_be_texted() -> None:
    """Seen red by: TEXTABLE without what may be a landline."""
    mobiles = json.loads(MOBILES.read_text("utf-8"))
    assert len(mobiles) == 245
    numbers = {region: e164(national, region) for region, national in mobiles.items()}
    # Tristan da Cunha's numbers are Saint Helena's fixed lines.
    assert {region for region, number in numbers.items() if type_of(number) not in TEXTABLE} == {"TA"}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+12025550123", "fixed-line-or-mobile"),
        ("+442079460000", "fixed-line"),
        ("+18005550123", "toll-free"),
        ("+15555550123", INVALID),
        ("+1", INVALID),
        ("12025550123", INVALID),
        ("", INVALID),
    ],
)
def test_a_number_has_a_kind_or_is_none(number: str, kind: str) -> None:
    """Seen red by: a word that is no number let through as one of North America."""
    assert type_of(number) == kind


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+12025550123", ("America/New_York",)),
        ("+16282000001", ("America/Los_Angeles",)),
        ("+33612345678", ("Europe/Paris",)),
        ("+18005550123", ()),  # the whole country's
        ("+1999", ()),
        ("12025550123", ()),
    ],
)
def test_a_number_is_at_home_in_the_zones_of_its_area_code(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of(number) == zones


def test_every_type_of_the_library_has_a_word() -> None:
    """A release that knows more is noticed here."""
    kinds = {value for name, value in vars(phonenumbers.PhoneNumberType).items() if isinstance(value, int)}
    assert len(kinds) == 12


def _words(name: str) -> str:
    return name.lower().replace("_", "-")
