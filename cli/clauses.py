"""The clauses of docs/requirements.md, and what test outcomes say of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "docs" / "requirements.md"
LINE = re.compile(r"- \*\*(?P<name>\d+[a-z])\*\* \[(?P<state>now|later: (?P<builder>[^\]]+))\] (?P<sentence>\S.*)")


class State(StrEnum):
    """How far a clause is, as `frontdesk requirements` prints it."""

    PROVED = "proved"
    NOT_PROVED = "not proved"
    NOT_BUILT = "not built"


@dataclass(frozen=True)
class Clause:
    """One testable sentence. `builder` names what will build it; None means that its proof is due now."""

    name: str
    sentence: str
    builder: str | None

    @property
    def due(self) -> bool:
        """Whether the clause must be proved now."""
        return self.builder is None

    @property
    def number(self) -> int:
        """The requirement that the clause is part of."""
        return int(self.name[:-1])


def read_clauses(document: Path = DOCUMENT) -> list[Clause]:
    """All clauses in the order of the document. ValueError for a line that is almost a clause or comes twice."""
    clauses = [_clause(line) for line in document.read_text("utf-8").splitlines() if line.startswith("- **")]
    names = [clause.name for clause in clauses]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"clauses that stand twice in {document.name}: {', '.join(sorted(twice))}")
    return clauses


def _clause(line: str) -> Clause:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a clause: {line}")
    return Clause(found["name"], found["sentence"], found["builder"])


def judge(clause: Clause, outcomes: Mapping[str, str]) -> State:
    """The clause's state by the outcomes of its marked tests (test -> passed, failed, skipped, ...).

    Only `passed` proves, and only when every marked test says so: a skipped test has shown nothing.
    """
    if outcomes and all(outcome == "passed" for outcome in outcomes.values()):
        return State.PROVED
    return State.NOT_PROVED if clause.due or outcomes else State.NOT_BUILT


def owed(clauses: list[Clause], outcomes: Mapping[str, Mapping[str, str]]) -> list[Clause]:
    """The clauses whose proof is due and missing."""
    return [clause for clause in clauses if clause.due and judge(clause, outcomes.get(clause.name, {})) != State.PROVED]
