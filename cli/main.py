"""The `frontdesk` command.

To add a command: write it in a file of its own, `cli/<command>.py`, and register it below in one line.
One verb is a function with typer annotations (`app.command("status")(status.status)`); several verbs are a
`typer.Typer()` named `app` in that file (`app.add_typer(parked.app, name="parked")`).

A command that needs settings just calls `shared.config`: before it runs, the settings of the instance that
`--instance` names are put into the environment, where they are not set already (cli/instance.py).
"""

import os
from typing import Annotated

import typer

from cli import (
    bench,
    check,
    claim_feed,
    clock,
    containers,
    demo,
    faults,
    free_time,
    identity,
    logs,
    migrate,
    network,
    parked,
    reference,
    replay,
    requirements,
    run,
    status,
    test,
    texts,
    user,
)
from cli.away import nothing_has_run_in
from cli.imports import commands as imports
from cli.instance import Instance
from cli.seed import commands as seed

SPEAK_TO_A_SYSTEM = frozenset(
    {"replay", "parked", "import", "network", "user", "identity", "clock", "claim-feed", "seed", "free-time"}
)
MAKE_THEIR_OWN_SETTINGS = frozenset({"run", "demo", "test", "faults", "bench", "check", "secrets", "reference"})
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def frontdesk(
    context: typer.Context,
    instance: Annotated[str, typer.Option(help="Which of several systems beside each other.")] = "",
) -> None:
    """Runs the front desk of a clinic network."""
    chosen = Instance.named(instance)
    if context.invoked_subcommand not in MAKE_THEIR_OWN_SETTINGS:
        chosen.put_settings_into_environment()
    if context.invoked_subcommand in SPEAK_TO_A_SYSTEM and not any(
        name.startswith("FRONTDESK_") for name in os.environ
    ):
        typer.echo(f"frontdesk: {nothing_has_run_in(chosen)}", err=True)
        raise typer.Exit(1)
    context.obj = chosen


app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("test", context_settings=test.PASSES_ARGUMENTS_ON)(test.test)
app.command("faults")(faults.faults)
app.command("bench")(bench.bench)
app.command("check")(check.check)
app.command("status")(status.status)
app.command("logs")(logs.logs)
app.command("reference")(reference.reference)
app.command("migrate")(migrate.migrate)
app.command("secrets")(containers.secrets_for_containers)
app.command("replay")(replay.replay)
app.add_typer(parked.app, name="parked")
app.add_typer(imports.app, name="import")
app.command("seed")(seed.seed_command)
app.command("requirements")(requirements.requirements)
app.add_typer(network.app, name="network")
app.add_typer(texts.app, name="texts")
app.add_typer(user.app, name="user")
app.add_typer(identity.app, name="identity")
app.add_typer(free_time.app, name="free-time")
app.add_typer(clock.app, name="clock")
app.command("claim-feed")(claim_feed.claim_feed)
