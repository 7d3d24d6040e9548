"""`frontdesk logs`: what processes have written, for people, or as it was written (--json)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli.instance import Instance
from cli.log_lines import readable
from cli.servers.process import last_lines

Shape = Callable[[str], str]


def logs(
    context: typer.Context,
    process: Annotated[str, typer.Argument(help="One process; all of them if left out.")] = "",
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on until Ctrl-C.")] = False,  # noqa: FBT002
    lines: Annotated[int, typer.Option("-n", help="How many lines of each.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The lines as they are: one JSON object each.")] = False,  # noqa: FBT002
) -> None:
    """Print the end of each process's log. Exits 1 where there is no such log."""
    shape = str if as_json else readable
    instance: Instance = context.obj
    files = sorted(instance.logs.glob(f"{process or '*'}.log"))
    if not files:
        there = ", ".join(sorted(file.stem for file in instance.logs.glob("*.log"))) or "none: nothing has run here"
        typer.echo(f"frontdesk: no log of {process or 'any process'}; there are {there}", err=True)
        raise typer.Exit(1)
    for file in files:
        _print(file, last_lines(file, lines), shape)
    if follow:
        _follow(files, shape)


def _follow(files: list[Path], shape: Shape) -> None:
    read = {file: file.stat().st_size for file in files}
    try:
        while True:
            for file in files:
                with file.open("rb") as log:
                    log.seek(read[file])
                    more = log.read()
                read[file] += len(more)
                _print(file, more.decode("utf-8", "replace").rstrip("\n"), shape)
            time.sleep(0.3)
    except KeyboardInterrupt:
        return


def _print(file: Path, text: str, shape: Shape) -> None:
    for line in text.splitlines():
        for part in shape(line).splitlines():
            typer.echo(f"{file.stem:<20} {part}")
