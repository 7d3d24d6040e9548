"""Holidays of a site are part of what others are told of it."""

from datetime import date

from fix_scheduling import Clinic, rows

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.spans import Span

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
_TOLD = "SELECT version, data -> 'holidays' FROM outbox WHERE type = 'site-changed' ORDER BY version"


def close(clinic: Clinic, kind: str, **span: object) -> commands.RemoveException:
    """The closure's removal, not asked for yet."""
    command = commands.AddClosure(site_id=clinic.site.site_id, kind=kind, span=Span(**span))  # type: ignore[arg-type]
    closure = operations.add_closure(command, clinic.uow(), clinic.clock)
    return commands.RemoveException(exception_id=closure["exception_id"])


def test_a_holiday_is_told_with_the_site_and_taken_back_with_it(clinic: Clinic) -> None:
    """Seen red by: a change of the site that forgets them; the removed still told."""
    both = close(clinic, "holiday", from_on=THURSDAY, until_on=FRIDAY)
    close(clinic, "holiday", from_on=FRIDAY)
    change = commands.ChangeSite(site_id=clinic.site.site_id, changes={"name": "Oak"})
    operations.change_site(change, clinic.uow(), clinic.clock)
    for _ in range(2):
        operations.remove_closure(both, clinic.uow(), clinic.clock)
    days = ["2026-11-26", "2026-11-27"]
    assert rows(clinic, _TOLD) == [(1, []), (2, days), (3, days), (4, ["2026-11-27"])]
    assert rows(clinic, "SELECT version FROM sites") == [(4,)]


def test_what_is_no_whole_holiday_to_come_is_not_told(clinic: Clinic) -> None:
    """Seen red by: closures of any kind told."""
    close(clinic, "closure", from_on=THURSDAY)
    close(clinic, "holiday", from_on=THURSDAY, starts=720)
    close(clinic, "holiday", from_on=date(2026, 11, 1), until_on=date(2026, 11, 2))
    assert rows(clinic, _TOLD) == [(1, [])]
