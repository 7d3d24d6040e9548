import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.clauses import read_clauses
from cli.proofs import read_junit
from cli.requirements import requirements

app = typer.Typer()
app.command()(requirements)


def record(folder: Path, clauses: dict[str, dict[str, str]]) -> str:
    (folder / "record.json").write_text(json.dumps({"clauses": clauses}))
    return f"--record={folder / 'record.json'}"


@pytest.fixture
def all_due() -> dict[str, dict[str, str]]:
    return {clause.name: {"t": "passed"} for clause in read_clauses() if clause.due}


def test_it_exits_0_when_everything_due_is_proved(tmp_path: Path, all_due: dict[str, dict[str, str]]):
    result = CliRunner().invoke(app, [record(tmp_path, all_due)])
    assert (result.exit_code, "due and not proved: none" in result.output) == (0, True)


@pytest.mark.parametrize("outcome", ["failed", "skipped", "not run", "expected to fail"])
def test_it_exits_1_and_names_the_test_when_one_due_clause_is_not_proved(
    tmp_path: Path, all_due: dict[str, dict[str, str]], outcome: str
):
    all_due["3g"]["tests/poison.py::x"] = outcome
    result = CliRunner().invoke(app, [record(tmp_path, all_due)])
    assert result.exit_code == 1
    assert "due and not proved: 3g" in result.output
    assert f"{outcome}: tests/poison.py::x" in result.output


def test_it_exits_1_when_a_due_clause_has_no_test(tmp_path: Path, all_due: dict[str, dict[str, str]]):
    del all_due["40a"]
    assert CliRunner().invoke(app, [record(tmp_path, all_due)]).exit_code == 1


def test_it_exits_2_and_says_what_to_do_when_no_run_left_a_record(tmp_path: Path):
    result = CliRunner().invoke(app, [f"--record={tmp_path / 'none.json'}"])
    assert (result.exit_code, "./frontdesk test" in result.output) == (2, True)


def test_what_is_not_built_says_what_will_build_it(tmp_path: Path):
    output = CliRunner().invoke(app, [record(tmp_path, {})]).output
    assert "will be built by: Scheduling that a network can live on" in output


def case(name: str, clause: str, verdict: str = "") -> str:
    """One test as pytest writes it with --junitxml."""
    properties = f'<properties><property name="requirement" value="{clause}"/></properties>'
    return f'<testcase classname="a" name="{name}">{properties}{verdict}</testcase>'


def test_a_junit_file_says_the_same_as_a_record(tmp_path: Path):
    cases = case("good", "1a") + case("bad", "1a", "<failure/>") + case("broken", "1b", "<error/>")
    plain = '<testcase classname="a" name="plain"/>'
    (tmp_path / "j.xml").write_text(f"<testsuite>{cases}{case('left', '1c', '<skipped/>')}{plain}</testsuite>")
    assert read_junit(tmp_path / "j.xml") == {
        "1a": {"a::good": "passed", "a::bad": "failed"},
        "1b": {"a::broken": "failed"},
        "1c": {"a::left": "skipped"},
    }
