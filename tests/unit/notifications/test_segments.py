"""How many segments a text takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.notifications.domain.segments import Length, length_of

VECTORS = Path(__file__).parents[4] / "shared/data/vectors/sms/twilio-segment-vectors.json"
ALL: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8")) if VECTORS.exists() else []


@pytest.mark.skipif(not VECTORS.exists(), reason="a carrier's vectors (MIT) lie beside the checkout, not in it")
def test_there_are_as_many_vectors_as_the_source_says() -> None:
    assert len(ALL) == 10


@pytest.mark.parametrize("vector", ALL, ids=lambda one: one["testDescription"])
def test_segments_are_counted_as_a_carrier_counts_them(vector: dict[str, Any]) -> None:
    """Seen red by: 160 septets in each segment of a longer text; a sign beyond the basic plane taken for one unit."""
    length = length_of(vector["body"])
    assert (length.encoding, length.segments, length.scalars) == (
        vector["encoding"],
        vector["segments"],
        vector["unicodeScalars"],
    )
    assert (length.bits, length.total_bits) == (vector["messageSize"], vector["totalSize"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Length(encoding="GSM-7", segments=1, units=0, scalars=0)),
        ("€" * 80, Length(encoding="GSM-7", segments=1, units=160, scalars=80)),
        ("€" * 81, Length(encoding="GSM-7", segments=2, units=162, scalars=81)),
        # 153 septets are odd: an escape and its sign go to the next segment together.
        ("€" * 153, Length(encoding="GSM-7", segments=3, units=306, scalars=153)),
        ("á" * 70, Length(encoding="UCS-2", segments=1, units=70, scalars=70)),
        ("á" * 71, Length(encoding="UCS-2", segments=2, units=71, scalars=71)),
        # 67 units are odd: the halves of a pair stay together.
        ("\U0001f600" * 67, Length(encoding="UCS-2", segments=3, units=134, scalars=67)),
    ],
    ids=lambda it: it[:1] if isinstance(it, str) else it.segments,
)
def test_what_takes_two_units_is_never_parted(text: str, expected: Length) -> None:
    """Seen red by: segments as units divided by the room of one."""
    assert length_of(text) == expected
