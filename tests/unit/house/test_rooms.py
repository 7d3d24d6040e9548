"""What is declared is used, and what every operation owes is done: found by reading the code, not by running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = ("scheduling", "records", "billing", "notifications")
STATEMENTS = sorted(
    path
    for part in ("services", "shared", "gateway")
    for path in (ROOT / part).rglob("*.sql")
    if path.parent.name != "migrations"
)


def commands_of(service: str) -> Iterator[str]:
    """The methods of the service's class that `@command` declares."""
    home = ROOT / "services" / service
    modules = [home / "service.py"] if (home / "service.py").exists() else sorted((home / "service").glob("*.py"))
    for node in (node for path in modules for node in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.FunctionDef):
            calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
            if any(isinstance(called, ast.Name) and called.id == "command" for called in calls):
                yield node.name


def functions_of(folder: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a package by name; private ones as module.name, since several modules have a `_tell`."""
    found = {}
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[f"{path.stem}.{node.name}" if node.name.startswith("_") else node.name] = node
                node.home = path.stem  # type: ignore[attr-defined]
    return found


def audits(name: str, functions: dict[str, ast.FunctionDef]) -> bool:
    """Whether a function calls `uow.audit`, itself or by one that it calls."""
    node = functions[name]
    called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    if any(isinstance(each, ast.Attribute) and each.attr == "audit" for each in called):
        return True
    names = {each.id for each in called if isinstance(each, ast.Name)} - {node.name}
    homes = {f"{node.home}.{each}" for each in names} | names  # type: ignore[attr-defined]
    return any(audits(each, functions) for each in homes & functions.keys())


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_has_an_operation_of_its_name_that_audits(service: str) -> None:
    """Seen red by: leaving out `audit(...)` in check_in."""
    functions = functions_of(ROOT / "services" / service / "operations")
    names = list(commands_of(service))
    assert "open_network" in names
    assert [name for name in names if not audits(name, functions)] == []


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_statement_is_run_by_its_owner(path: Path) -> None:
    """Seen red by: a statement `forget-keys` that nobody ran, so that keys were kept for good."""
    home = path.parent.parent if path.parent.name == "queries" else path.parent
    code = "\n".join(each.read_text("utf-8") for each in home.rglob("*.py"))
    names = re.findall(r"^-- name: (\S+)", path.read_text("utf-8"), re.MULTILINE)
    assert names
    assert [name for name in names if f'"{name}"' not in code] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_repository_has_the_one_base(service: str) -> None:
    """It fills in the network's id. Seen red by: a repository with a constructor of its own."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "services" / service / "repository").glob("*.py")]
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    repositories = [node for node in classes if node.name.endswith("Repository")]
    assert repositories
    assert [node.name for node in repositories if [ast.unparse(base) for base in node.bases] != ["Repository"]] == []
