"""How a network words its texts."""

from dataclasses import replace

from services.notifications.domain.commands import SetTextingPolicy
from services.notifications.domain.templates import TextingPolicy
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import require_version


def set_texting_policy(command: SetTextingPolicy, uow: Unit, clock: Clock) -> TextingPolicy:
    """In force for what is claimed from now on. Raises Stale."""
    with uow:
        uow.lock("texting-policy")
        known = uow.templates.policy()
        require_version(command.version, known.version)
        policy = replace(TextingPolicy(**vars(command)), version=known.version + 1)
        uow.templates.keep_policy(policy)
        uow.audit("set_texting_policy", "network", uow.network_id)
        return uow.commit(policy)


def read_texting_policy(uow: Unit) -> TextingPolicy:
    """What was set; version 0 where nothing was."""
    return uow.templates.policy()
