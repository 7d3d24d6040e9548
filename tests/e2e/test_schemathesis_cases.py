"""One request at a time, of the document's examples and boundaries (schemathesis)."""

from pathlib import Path

import pytest
from fix_desk import Desk
from fix_strangers import ask_as_strangers


@pytest.mark.timeout(1500)
def test_no_answer_to_an_example_or_a_boundary_breaks_the_document(desk: Desk, tmp_path: Path) -> None:
    """Seen red by: eventlet's own 414, without a body and without a word in the document."""
    ask_as_strangers(desk, tmp_path, "examples,coverage")
