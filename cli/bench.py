"""`frontdesk bench`: what Frontdesk costs and how quick it is, beside baselines measured in the same run (bench/)."""

import os
import sys
from typing import Annotated

import typer

from cli.instance import ROOT


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Of booking, events, call, day_sheet, search, sick_day, texting and memory; all of them if left out."
        ),
    ] = None,
    *,
    quick: Annotated[bool, typer.Option(help="Under eight minutes, into bench/latest.json.")] = False,
) -> None:
    """Measure on servers of its own. Figures are printed, and saved as JSON for bench/compare.py."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "bench", *(["--quick"] if quick else []), *(names or [])])  # noqa: S606 - our own module, so that signals reach it
