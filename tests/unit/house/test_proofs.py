"""Whoever proves a clause of docs/requirements.md has been seen red once, and says by what."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[2]


def test_every_test_of_a_clause_names_the_mutation_that_it_was_seen_red_by() -> None:
    """Seen red by: a test of a clause without a docstring."""
    silent = [
        f"{path.relative_to(TESTS)}::{test.name}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for test in _tests_of_clauses(path)
        if "een red by" not in (ast.get_docstring(test) or "")
    ]
    assert silent == []


def _tests_of_clauses(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(_is_requirement, node.decorator_list)):
            yield node


def _is_requirement(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("pytest.mark.requirement(")
