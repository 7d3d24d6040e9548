from pathlib import Path

import pytest

from cli.clauses import Clause, State, judge, owed, read_clauses

DUE = Clause("1a", "Something holds.", None)
LATER = Clause("5a", "Something will hold.", "Scheduling that a network can live on")


def test_the_document_has_forty_requirements_whose_letters_have_no_gap():
    letters: dict[int, str] = {}
    for clause in read_clauses():
        letters[clause.number] = letters.get(clause.number, "") + clause.name[-1]
    assert list(letters) == list(range(1, 41))
    assert all("abcdefghijklmnopq".startswith(found) for found in letters.values())


def test_what_the_backbone_owes_stays_due():
    due = {clause.name for clause in read_clauses() if clause.due}
    whole = {clause.name for clause in read_clauses() if clause.number in {1, 2, 3, 24}}
    assert due >= whole | {"4a", "4b", "4c", "4d", "7a", "7b", "7c", "7d", "8b", "8c", "8f", "36e", "40a"}


def test_a_line_that_is_almost_a_clause_is_an_error_and_not_left_out(tmp_path: Path):
    (tmp_path / "r.md").write_text("- **1a** [soon] Something holds.\n")
    with pytest.raises(ValueError, match="not a clause"):
        read_clauses(tmp_path / "r.md")


def test_a_clause_that_stands_twice_is_an_error(tmp_path: Path):
    (tmp_path / "r.md").write_text("- **1a** [now] One.\n- **1a** [later: not yet planned] Two.\n")
    with pytest.raises(ValueError, match="twice"):
        read_clauses(tmp_path / "r.md")


@pytest.mark.parametrize(
    ("clause", "outcomes", "state"),
    [
        (DUE, {"t": "passed"}, State.PROVED),
        (DUE, {"t": "passed", "u": "skipped"}, State.NOT_PROVED),
        (DUE, {"t": "passed", "u": "failed"}, State.NOT_PROVED),
        (DUE, {"t": "passed", "u": "not run"}, State.NOT_PROVED),
        (DUE, {"t": "skipped"}, State.NOT_PROVED),
        (DUE, {}, State.NOT_PROVED),
        (LATER, {}, State.NOT_BUILT),
        (LATER, {"t": "failed"}, State.NOT_PROVED),
        (LATER, {"t": "passed"}, State.PROVED),
    ],
)
def test_only_tests_that_all_passed_prove_a_clause(clause: Clause, outcomes: dict[str, str], state: State):
    assert judge(clause, outcomes) == state


def test_what_is_built_later_is_not_owed_even_when_its_test_fails():
    assert owed([DUE, LATER], {"5a": {"t": "failed"}}) == [DUE]
    assert owed([DUE, LATER], {"1a": {"t": "passed"}}) == []
