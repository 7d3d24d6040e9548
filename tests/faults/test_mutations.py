"""The checker can see: a guarantee that is taken away turns the run red, and the same run with it is green."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from fix_desk import desk_of
from fix_system import running_system
from ground import PLANTED, Ground, settings
from mutations import MUTATIONS, Mutation

from cli.instance import ROOT

# All are for `frontdesk faults --mutations`; the quick ones for every commit.
ALL = os.environ.get("FRONTDESK_TEST_FAULTS") in ("all", "mutations")
_IMPORT_ALL = """
from importlib import import_module
from planting import _PLANTS
for plants in _PLANTS.values():
    for module, _ in plants:
        import_module(module)
"""
PATIENCE_S = 60.0
STILL_S = 3.0


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    plan = tmp_path_factory.mktemp("mutations") / "plan"
    with running_system(settings(plan)) as system:
        yield Ground(desk_of(system), plan)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=[one.name for one in MUTATIONS])
def test_a_guarantee_that_is_taken_away_turns_the_run_red(
    mutation: Mutation, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    if not (ALL or mutation.quick):
        pytest.skip("one of those that `frontdesk faults --mutations` runs")
    ground: Ground = request.getfixturevalue("ground")
    ground.plant(mutation.processes if mutation.circumstances else [], mutation.circumstances)
    assert mutation.run(ground) + ground.verdict(PATIENCE_S) == []
    found = mutated(ground, mutation)
    with capsys.disabled():
        print(f"\n{mutation.name}:")
        print("\n".join(f"    {fault}" for fault in found))
    assert [fault for fault in found if mutation.red in fault]
    assert ground.verdict(PATIENCE_S) == []


def test_every_plant_fits_the_product_as_it_is() -> None:
    """Those that only `--mutations` runs too. Seen red by: plants that took a prepared statement for its text."""
    names = {name for one in MUTATIONS for name in (one.name, *one.circumstances)}
    planted = {"PYTHONPATH": f"{PLANTED}:{ROOT}", "PLANTED": ",".join(names)}
    done = subprocess.run([sys.executable, "-c", _IMPORT_ALL], env=planted, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def mutated(ground: Ground, mutation: Mutation) -> list[str]:
    """What the run is found to have left behind without the guarantee; all is put back at the end."""
    plants = [*mutation.circumstances, *([mutation.name] if mutation.planted else [])]
    service, away, back = mutation.sql
    ground.desk.rows(service, away)
    try:
        ground.plant(mutation.processes, plants)
        return mutation.run(ground) + ground.verdict(STILL_S)
    finally:
        ground.put_back()
        ground.desk.rows(service, back)
