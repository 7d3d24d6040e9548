"""Within which limits a network texts."""

from dataclasses import replace

from services.notifications.domain.commands import SetTextingLimits
from services.notifications.domain.limits import TextingLimits
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import require_version


def set_texting_limits(command: SetTextingLimits, uow: Unit, clock: Clock) -> TextingLimits:
    """In force for what is claimed from now on; what waits for an hour is looked at when that comes. Raises Stale."""
    with uow:
        uow.lock("texting-limits")
        known = uow.limits.texting()
        require_version(command.version, known.version)
        limits = replace(TextingLimits(**vars(command)), version=known.version + 1)
        uow.limits.keep_texting(limits)
        uow.audit("set_texting_limits", "network", uow.network_id)
        return uow.commit(limits)


def read_texting_limits(uow: Unit) -> TextingLimits:
    """What was set; version 0 where nothing was."""
    return uow.limits.texting()
