"""Within which limits the network texts."""

from services.notifications.domain.limits import TextingLimits
from services.notifications.domain.quiet_hours import QuietHours
from shared.database.repository import Repository
from shared.database.session import Row

_QUIET = ("starts", "ends", "sundays", "holidays", "answers_wait")


class LimitRepository(Repository):
    """One row a network; none where nothing was set."""

    def texting(self) -> TextingLimits:
        """What was set, or what holds where nothing was."""
        row = self.one("texting-limits")
        return _limits(row) if row else TextingLimits()

    def keep_texting(self, limits: TextingLimits) -> None:
        quiet = {f"quiet_{name}": getattr(limits.quiet, name, None) for name in _QUIET}
        caps = {"most_a_day": limits.most_a_day, "most_a_week": limits.most_a_week}
        self.run("keep-texting-limits", **quiet, **caps, version=limits.version)


def _limits(row: Row) -> TextingLimits:
    quiet = {name: row[f"quiet_{name}"] for name in _QUIET}
    rest = {name: row[name] for name in ("most_a_day", "most_a_week", "version")}
    return TextingLimits(quiet=QuietHours(**quiet) if quiet["starts"] else None, **rest)
