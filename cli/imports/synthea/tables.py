"""The reconciliation as tables for a terminal."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from cli.imports.synthea.reconciliation import ENOUGH, Reconciliation


def show(account: Reconciliation, console: Console) -> None:
    """Prints all of it."""
    source = Table("source", "records", "imported", "left out", title="What the source holds")
    for row in account.source:
        source.add_row(row.kind, f"{row.held:,}", f"{row.imported:,}", f"{row.left_out:,}")
    services = Table("service", "what", "expected", "found", "", title="What each service holds")
    for held in account.services:
        verdict = "" if held.expected == held.found else "differs"
        services.add_row(held.service, held.what, f"{held.expected:,}", f"{held.found:,}", verdict)
    reasons = Table("source", "reason", "records", title="What was left out")
    for (kind, reason), count in sorted(Counter((each.kind, each.reason) for each in account.left_out).items()):
        reasons.add_row(kind, reason, f"{count:,}")
    for table in (source, services, _counts("Claims", account.claims), _counts("Texts", account.texts), reasons):
        console.print(table)
    share = account.billed / account.ambulatory if account.ambulatory else 1.0
    console.print(
        f"{account.billed} of {account.ambulatory} ambulatory encounters in the window are finished and billed: "
        f"{share:.1%} (at least {ENOUGH:.0%} are wanted)"
    )


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = Table("state", "number", title=title)
    for state, count in sorted(counts.items()):
        table.add_row(state, f"{count:,}")
    return table
