"""Records what each run of the tests says of each clause of docs/requirements.md.

With `--requirements-record FILE` the run ends by writing clause -> test -> outcome as JSON. Every marked test that was
collected is in it, also one that was deselected or never reached (`not run`), so that half a run cannot look like a
whole one.
Under xdist the tests run in workers: outcomes reach the controller in the reports' properties, collected tests when a
worker goes down, and only the controller writes.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from cli.clauses import read_clauses

NOT_RUN = "not run"
RECORDER = pytest.StashKey["Recorder"]()


class Recorder:
    """Outcomes by clause and test. The worst phase of a test counts; an expected failure is no proof either."""

    def __init__(self) -> None:
        self.clauses: dict[str, dict[str, str]] = {}

    def collected(self, clause: str, test: str) -> None:
        self.clauses.setdefault(clause, {}).setdefault(test, NOT_RUN)

    def reported(self, clause: str, test: str, report: pytest.TestReport) -> None:
        outcome = "expected to fail" if hasattr(report, "wasxfail") else report.outcome
        known = self.clauses.setdefault(clause, {}).get(test, NOT_RUN)
        if outcome != "passed" or (report.when == "call" and known == NOT_RUN):
            self.clauses[clause][test] = outcome

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for clause in _clauses(report.user_properties):
            self.reported(clause, report.nodeid, report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object, error: object) -> None:
        for clause, test in getattr(node, "workeroutput", {}).get("requirements", []):
            self.collected(clause, test)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements-record", metavar="FILE", help="write clause -> test -> outcome to this file")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RECORDER] = Recorder()
    config.pluginmanager.register(config.stash[RECORDER], "requirements-recorder")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = {clause.name for clause in read_clauses()}
    for item in items:
        for clause in (name for mark in item.iter_markers("requirement") for name in mark.args):
            if clause not in known:
                raise pytest.UsageError(
                    f"{item.nodeid} bears a clause that docs/requirements.md does not have: {clause}"
                )
            item.user_properties.append(("requirement", clause))
            config.stash[RECORDER].collected(clause, item.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    recorder, file = session.config.stash[RECORDER], session.config.getoption("--requirements-record")
    if hasattr(session.config, "workeroutput"):
        pairs = [(clause, test) for clause, tests in recorder.clauses.items() for test in tests]
        session.config.workeroutput["requirements"] = pairs
    elif file:
        write_record(Path(file), recorder)


def write_record(file: Path, recorder: Recorder) -> None:
    """The record in its final form, moved into place whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({"clauses": recorder.clauses}, indent=1, sort_keys=True), "utf-8")
    draft.replace(file)


def _clauses(properties: Iterable[tuple[str, object]]) -> Iterable[str]:
    return (str(value) for name, value in properties if name == "requirement")
