"""The scanner of the leak scan finds what is there, in every spelling, and nothing else."""

import base64
import json
from urllib.parse import quote

import pytest
from leak_scanner import Scanner

NAME = "Zoë O'Canary+77f1"
SPELLINGS = {
    "plain": NAME.encode(),
    "in small letters": NAME.lower().encode(),
    "json": json.dumps({"family": NAME}).encode(),
    "url": quote(f"x={NAME}").encode(),
    "hex": b"00" + NAME.encode().hex().encode(),
    **{f"base64 at {at}": base64.b64encode(b"abc"[:at] + NAME.encode() + b"xyz") for at in (0, 1, 2)},
    **{f"base64 for urls at {at}": base64.urlsafe_b64encode(b"\xff" * at + NAME.encode()) for at in (0, 1, 2)},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_canary_is_found_in_every_spelling(spelling: str) -> None:
    assert Scanner({"name": NAME}).hits(b"before " + SPELLINGS[spelling] + b" after") == {"name"}


def test_what_is_not_there_is_not_found() -> None:
    assert Scanner({"name": NAME}).hits(b"Zoe O'Canary " * 1000) == set()


def test_a_canary_that_chance_could_spell_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Scanner({"name": "Zoe"})
