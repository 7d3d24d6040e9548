"""Where a page ended, as a word of an address."""

from uuid import uuid4

import pytest

from gateway.cursors import Cursors
from gateway.schemas.pages import Cursor
from shared.cursors import LONGEST, from_cursor, to_cursor

SCOPE = {"list": "list_fees", "network": str(uuid4())}


@pytest.mark.parametrize("sign", ["a", "\x01", '"', "é", "😀"])
def test_the_longest_system_and_code_of_a_fee_are_a_cursor_that_is_taken_back(sign: str) -> None:
    """Seen red by: 1,000 characters as the longest that a service takes, 2,000 at the gateway."""
    position = [sign * 200, sign * 64]
    inner = to_cursor(*position)
    assert len(inner) <= LONGEST
    cursors = Cursors("secret")
    sealed = cursors.seal(inner, SCOPE)
    assert from_cursor(cursors.open(Cursor().deserialize(sealed), SCOPE), 2) == position
