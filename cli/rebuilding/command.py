"""What an operator sees of a rebuild: rows by id, a sum, and what to do."""

import typer

from cli.rebuilding.copies import COPIES, Copies, chosen
from cli.rebuilding.facts import CannotRebuild
from cli.rebuilding.rebuild import Left
from cli.rebuilding.run import Outcome, rebuild
from cli.seed.marks import marked
from shared.config import is_simulated

ADVICE = {
    Left.ON_ITS_WAY: "`frontdesk parked list` shows what is parked; what was missed comes by"
    " `frontdesk replay --consumer NAME`; then rebuild again",
    Left.UNTOLD: "an outbox has lost rows (restored from an old backup?): restore it first",
    Left.CHANGES: "rebuild again",
    Left.REFERRED_TO: "see what refers to it; nobody but a person can decide what becomes of that",
}


def rebuild_copies(service: str, consumer: str, *, apply: bool) -> None:
    """Tells what differs, or puts it right; ends with status 1 where something differs after that."""
    copies = _chosen(service, consumer)
    try:
        outcome = rebuild(copies, marked() if is_simulated() else set(), typer.echo, apply=apply)
    except CannotRebuild as why:
        typer.echo(f"frontdesk: {why}", err=True)
        raise typer.Exit(2) from None
    for line in _sum(outcome, apply=apply):
        typer.echo(line)
    if outcome.differ > outcome.mended:
        raise typer.Exit(1)


def _chosen(service: str, consumer: str) -> list[Copies]:
    try:
        return chosen(service, consumer)
    except LookupError as unknown:
        names = ", ".join(one.consumer for one in COPIES)
        raise typer.BadParameter(f"{unknown} keeps no read copies; there are {names}") from None


def _sum(outcome: Outcome, *, apply: bool) -> list[str]:
    lines = [f"{count:,} rows are left: {reason}. {ADVICE[reason]}" for reason, count in outcome.left.items()]
    if outcome.seeded:
        lines.append(f"{outcome.seeded:,} rows of seeded networks rest on no fact and are theirs")
    if not outcome.differ:
        return [*lines, "every row is as its facts make it"]
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in outcome.kinds.items())
    lines.append(f"{outcome.differ:,} rows differ: {kinds}")
    if apply:
        return [*lines, f"{outcome.mended:,} rows are put in place"]
    return [*lines, "nothing was changed; --apply puts in place what their facts make"]
