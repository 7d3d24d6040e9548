"""`frontdesk logs`: what processes have written."""

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.instance import Instance
from cli.servers.process import last_lines


def logs(
    context: typer.Context,
    process: Annotated[str, typer.Argument(help="One process; all of them if left out.")] = "",
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on until Ctrl-C.")] = False,  # noqa: FBT002
    lines: Annotated[int, typer.Option("-n", help="How many lines of each.")] = 20,
) -> None:
    """Print the end of each process's log. Exits 1 where there is no such log."""
    instance: Instance = context.obj
    files = sorted(instance.logs.glob(f"{process or '*'}.log"))
    if not files:
        typer.echo(f"no log of {process or 'any process'} in {instance.logs}", err=True)
        raise typer.Exit(1)
    for file in files:
        _print(file, last_lines(file, lines))
    if follow:
        _follow(files)


def _follow(files: list[Path]) -> None:
    read = {file: file.stat().st_size for file in files}
    try:
        while True:
            for file in files:
                with file.open("rb") as log:
                    log.seek(read[file])
                    more = log.read()
                read[file] += len(more)
                _print(file, more.decode("utf-8", "replace").rstrip("\n"))
            time.sleep(0.3)
    except KeyboardInterrupt:
        return


def _print(file: Path, text: str) -> None:
    for line in text.splitlines():
        typer.echo(f"{file.stem:<20} {line}")
