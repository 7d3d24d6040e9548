"""The recorder, seen from outside: a small suite in a folder of its own, run by pytest as a person would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.proofs import read_junit

ROOT = Path(__file__).parents[3]
SUITE = """
import pytest
requirement = pytest.mark.requirement

@requirement("1a")
def test_good(): pass

@requirement("1a", "1b")
def test_bad(): assert False

@requirement("1c")
def test_left_out(): pytest.skip("why")

@pytest.fixture
def broken():
    yield
    raise RuntimeError

@requirement("1d")
def test_whose_teardown_fails(broken): pass

@requirement("1e")
@pytest.mark.xfail
def test_expected_to_fail(): assert False

@requirement("2a")
def test_deselected(): pass

@requirement("2b")
@pytest.mark.parametrize("n", [1, 2])
def test_twice(n): pass
"""
EXPECTED = {
    "1a": {"test_good": "passed", "test_bad": "failed"},
    "1b": {"test_bad": "failed"},
    "1c": {"test_left_out": "skipped"},
    "1d": {"test_whose_teardown_fails": "failed"},
    "1e": {"test_expected_to_fail": "expected to fail"},
    "2a": {"test_deselected": "not run"},
    "2b": {"test_twice[1]": "passed", "test_twice[2]": "passed"},
}


def run(folder: Path, suite: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = requirement\n")
    (folder / "test_it.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-p", "no:pytest_nameko", "-p", "fix_requirements", *options]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_records_the_outcome_of_every_marked_test_also_when_workers_ran_it(tmp_path: Path, workers: str):
    record, junit = tmp_path / "run" / "r.json", tmp_path / "j.xml"
    run(
        tmp_path, SUITE, "-n", workers, "-k", "not deselected", f"--requirements-record={record}", f"--junitxml={junit}"
    )
    clauses = json.loads(record.read_text())["clauses"]
    assert {
        c: {t.removeprefix("test_it.py::"): o for t, o in tests.items()} for c, tests in clauses.items()
    } == EXPECTED
    assert read_junit(junit)["1a"] == {"test_it::test_good": "passed", "test_it::test_bad": "failed"}


def test_a_run_without_the_option_records_nothing(tmp_path: Path):
    run(tmp_path, SUITE)
    assert not list(tmp_path.rglob("*.json"))


def test_a_clause_that_the_document_does_not_have_stops_the_run(tmp_path: Path):
    result = run(tmp_path, SUITE.replace('"2b"', '"2z"'))
    assert (result.returncode, "does not have: 2z" in result.stderr + result.stdout) == (4, True)
