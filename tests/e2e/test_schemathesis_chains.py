"""Random requests, good and bad, and chains of them (schemathesis)."""

from pathlib import Path

import pytest
from fix_desk import Desk
from fix_strangers import ask_as_strangers


@pytest.mark.timeout(1500)
def test_no_answer_to_a_random_request_or_a_chain_breaks_the_document(desk: Desk, tmp_path: Path) -> None:
    """Seen red by: a missing body taken for {}."""
    ask_as_strangers(desk, tmp_path, "fuzzing,stateful")
