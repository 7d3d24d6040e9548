"""`frontdesk requirements`: each clause of docs/requirements.md as proved, not proved or not built."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from cli.clauses import Clause, State, judge, owed, read_clauses
from cli.proofs import RECORD, Outcomes, read_junit, read_record
from cli.servers.throw_away import ThrowAwayServers
from cli.test import run_pytest, server_settings


def requirements(
    junit: Annotated[Path | None, typer.Option(help="Take the outcomes from this JUnit file.")] = None,
    run: Annotated[bool, typer.Option("--run", help="Run the marked tests first.")] = False,  # noqa: FBT002 - a flag
    record: Annotated[Path, typer.Option(help="The record of a test run.")] = RECORD,
) -> None:
    """Print what is proved. Exits 1 when a clause whose proof is due has none, 2 when no test run left a record."""
    if run:
        run_marked_tests(record)
    clauses, outcomes = read_clauses(), _outcomes(junit, record)
    for line in report(clauses, outcomes):
        typer.echo(line)
    if owed(clauses, outcomes):
        raise typer.Exit(1)


def run_marked_tests(record: Path) -> None:
    """Runs every test that bears a clause. Its own exit status says nothing new: the record has each outcome."""
    record.unlink(missing_ok=True)
    with ThrowAwayServers() as servers:
        run_pytest(["-q", "-m", "requirement", f"--requirements-record={record}"], server_settings(servers))


def report(clauses: list[Clause], outcomes: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The lines to print: a block for each requirement, then the count of each state."""
    for _, group in groupby(clauses, key=lambda clause: clause.number):
        for clause in group:
            yield from _lines(clause, outcomes.get(clause.name, {}))
        yield ""
    counts = Counter(judge(clause, outcomes.get(clause.name, {})) for clause in clauses)
    yield ", ".join(f"{counts[state]} {state}" for state in State) + f" of {len(clauses)} clauses"
    missing = owed(clauses, outcomes)
    yield f"due and not proved: {', '.join(clause.name for clause in missing) or 'none'}"


def _lines(clause: Clause, outcomes: Mapping[str, str]) -> Iterator[str]:
    state = judge(clause, outcomes)
    yield f"{clause.name:>4}  {state:<10}  {clause.sentence}"
    if state == State.NOT_BUILT:
        yield f"{'':18}will be built by: {clause.builder}"
    if state == State.NOT_PROVED and not outcomes:
        yield f"{'':18}no test bears it"
    yield from (f"{'':18}{outcome}: {test}" for test, outcome in sorted(outcomes.items()) if outcome != "passed")


def _outcomes(junit: Path | None, record: Path) -> Outcomes:
    try:
        return read_junit(junit) if junit else read_record(record)
    except FileNotFoundError as missing:
        typer.echo(f"No test results at {missing.filename}: run ./frontdesk test first.", err=True)
        raise typer.Exit(2) from missing
