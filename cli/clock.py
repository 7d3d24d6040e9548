"""`frontdesk clock`: business time of a simulated installation."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shared.clock import BusinessClock, set_clock
from shared.config import is_simulated, setting

app = typer.Typer(no_args_is_help=True, help="Business time.")


@app.command("show")
def show() -> None:
    """What business time is, and how far from real time."""
    clock = BusinessClock()
    now, offset = clock.now(), clock.offset()
    kind = "simulated" if is_simulated() else "real"
    typer.echo(f"{now.strftime('%Y-%m-%dT%H:%M:%SZ')}  ({kind}; {offset.total_seconds():+.0f} s from real time)")


@app.command("set")
def set_(
    instant: Annotated[str, typer.Argument(help="An instant with its offset: 2026-11-23T09:00:00-05:00, or `real`.")],
) -> None:
    """Move business time; every process follows within a second. Only where the installation is simulated."""
    if not is_simulated():
        typer.echo("frontdesk: this installation is not simulated; its clock is real time", err=True)
        raise typer.Exit(1)
    path = Path(setting("FRONTDESK_CLOCK_FILE"))
    if instant == "real":
        path.unlink(missing_ok=True)
    else:
        set_clock(path, _instant(instant))
    show()


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("an instant looks like 2026-11-23T09:00:00-05:00") from None
    if instant.tzinfo is None:
        raise typer.BadParameter("say the offset from UTC too: 2026-11-23T09:00:00-05:00, or a Z for UTC")
    return instant
