"""Statements by name, and the parts that they share."""

from pathlib import Path

import pytest

from shared.database.statements import Statements


def written(folder: Path, text: str) -> Statements:
    (folder / "queries.sql").write_text(text, "utf-8")
    return Statements(folder / "queries.sql")


def test_a_part_stands_in_every_statement_that_names_it_and_is_none_itself(tmp_path: Path) -> None:
    """Seen red by: keeping parts among the statements; leaving a part's name in the text."""
    statements = written(
        tmp_path,
        "-- part: row\na, b\n\n-- name: one\nSELECT {row} FROM t\n\n-- name: lock-one\nSELECT {row} FROM t FOR UPDATE",
    )
    assert statements.names() == ["lock-one", "one"]
    assert statements["lock-one"] == "SELECT a, b FROM t FOR UPDATE"


def test_braces_that_name_nothing_stay(tmp_path: Path) -> None:
    assert written(tmp_path, "-- name: none\nSELECT '{}'::text[]")["none"] == "SELECT '{}'::text[]"


@pytest.mark.parametrize("kind", ["name", "part"])
def test_two_of_one_name_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValueError, match="are called same"):
        written(tmp_path, f"-- {kind}: same\nSELECT 1\n\n-- {kind}: same\nSELECT 2")


def test_a_part_that_does_not_exist_is_an_error_when_the_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        written(tmp_path, "-- name: one\nSELECT {row} FROM t")
