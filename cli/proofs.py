"""Where outcomes of marked tests come from: the record of the last test run, or a JUnit file."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

RECORD = Path(__file__).parents[1] / ".run" / "requirements.json"

Outcomes = dict[str, dict[str, str]]
"""clause -> test -> outcome"""


def read_record(file: Path) -> Outcomes:
    """What tests/fix_requirements.py wrote at the end of a run. FileNotFoundError when there was none."""
    outcomes: Outcomes = json.loads(file.read_text("utf-8"))["clauses"]
    return outcomes


def read_junit(file: Path) -> Outcomes:
    """The same from a JUnit file, where each marked test bears its clauses as properties named `requirement`."""
    outcomes: Outcomes = defaultdict(dict)
    for case in ElementTree.parse(file).iter("testcase"):  # noqa: S314 - a file of our own test run
        for clause in _requirements(case):
            outcomes[clause][f"{case.get('classname')}::{case.get('name')}"] = _outcome(case)
    return dict(outcomes)


def _requirements(case: ElementTree.Element) -> Iterator[str]:
    return (entry.get("value", "") for entry in case.iter("property") if entry.get("name") == "requirement")


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"
