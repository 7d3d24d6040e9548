"""`frontdesk check`: what can be said of the code without running it."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from cli.instance import ROOT

CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "arch": ["lint-imports"],
}


def check(only: str = typer.Argument("", help="One of lint, format, types, arch; all of them if left out.")) -> None:
    """Linter, formatter, type checker and the dependency rule. Exits 1 when one of them objects."""
    names = [only] if only else list(CHECKS)
    if failed := [name for name in names if not passes(name)]:
        typer.echo(f"frontdesk check: {', '.join(failed)} failed", err=True)
        raise typer.Exit(1)


def passes(name: str) -> bool:
    """Runs one check, with its output on ours."""
    typer.echo(f"== {name}")
    program, *arguments = CHECKS[name]
    command = [str(Path(sys.executable).parent / program), *arguments]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, check=False).returncode == 0
