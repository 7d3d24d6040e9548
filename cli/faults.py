"""`frontdesk faults`: breaks a whole system everywhere, and judges what is left (tests/faults)."""

import os
import sys
from typing import Annotated

import typer

from cli.instance import ROOT
from cli.servers.packages import ensure_servers
from cli.servers.throw_away import ThrowAwayServers
from cli.test import run_beside, run_pytest, server_settings

FOLDER = "tests/faults"
RANDOM_RUN = f"{FOLDER}/random_run.py"
MUTATIONS = f"{FOLDER}/test_mutations.py"


def faults(
    *,
    short: Annotated[bool, typer.Option(help="Each case once, at one process that has it; as in the suite.")] = False,
    seed: Annotated[int | None, typer.Option(help="The random run before a release, by this seed.")] = None,
    minutes: Annotated[float, typer.Option(help="How long the random run takes in all.", min=3)] = 55,
    nodes: Annotated[
        int, typer.Option(help="RabbitMQ of 1 or 3 nodes in every slice of it; by turns if left out.", min=0, max=3)
    ] = 0,
    slice_: Annotated[str, typer.Option("--slice", metavar="K/N", help="Only the K-th of N slices of it.")] = "",
    mutations: Annotated[
        bool, typer.Option(help="Only: take one guarantee after the other away, and see that it is noticed.")
    ] = False,
) -> None:
    """Break every process at every place in every way while desks are at work; status 0 only if nothing is lost.

    With `--seed` the random run: processes, servers and connections broken at random times, in slices. What is
    finished of a run is kept under .run/faults, and the same command goes on from there.
    """
    ensure_servers()
    if seed is not None:
        raise typer.Exit(run_random(seed, minutes, slice_, nodes))
    with ThrowAwayServers() as servers:
        settings = server_settings(servers)
        if mutations:
            raise typer.Exit(run_pytest([MUTATIONS], {**settings, "FRONTDESK_TEST_FAULTS": "mutations"}))
        raise typer.Exit(run_pytest([FOLDER, "-x"], {**settings, "FRONTDESK_TEST_FAULTS": "short" if short else "all"}))


def run_random(seed: int, minutes: float, slice_: str, nodes: int) -> int:
    """The random run's status. It starts systems of its own."""
    chosen = [*(["--slice", slice_] if slice_ else []), *(["--nodes", str(nodes)] if nodes else [])]
    command = [sys.executable, "-W", "ignore", RANDOM_RUN, "--seed", str(seed), "--minutes", str(minutes), *chosen]
    paths = (ROOT, ROOT / "tests", ROOT / FOLDER)
    return run_beside(command, {"PYTHONPATH": os.pathsep.join(map(str, paths))})
