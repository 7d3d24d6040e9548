"""`frontdesk demo`: a clinic morning on a fresh system of its own, which is removed afterwards."""

import secrets
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.first_morning import play_first_morning
from cli.instance import ROOT, Instance
from cli.servers.packages import ensure_servers
from cli.servers.process import ServerFailed
from cli.system import System
from shared.clock import REREAD_SECONDS, set_clock
from shared.config import setting


def demo(
    at: Annotated[str, typer.Option(help="Business time to begin with: 2026-11-01T03:00:00-05:00.")] = "",
) -> None:
    """Play a clinic morning in four services; status 0 only if every step was seen in every service it concerns."""
    console = Console(highlight=False)
    instance = Instance(ROOT / ".run" / f"demo-{secrets.token_hex(4)}")
    began = time.monotonic()
    try:
        ensure_servers()
        with System(instance, throw_away=True, say=typer.echo) as system:
            instance.put_settings_into_environment(instead=True)
            if at:
                set_clock(Path(setting("FRONTDESK_CLOCK_FILE")), datetime.fromisoformat(at))
                time.sleep(REREAD_SECONDS)
            seen = play_first_morning(system.gateway_url, instance, console)
    except ServerFailed as failed:
        typer.echo(f"frontdesk: {failed}", err=True)
        raise typer.Exit(1) from failed
    verdict = "every step was seen in every service" if seen else "NOT every step was seen (red above)"
    console.print(f"\n{verdict}; {time.monotonic() - began:.0f} s in all; the demonstration is removed")
    raise typer.Exit(0 if seen else 1)
