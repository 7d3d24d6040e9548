"""Every reason that a service may give is a sentence at the public API, with the status that the service gives."""

from importlib import import_module
from inspect import getmembers, isclass

import pytest

from gateway.errors import TABLE
from shared.errors import DomainError

ROOMS = [
    "shared.errors",
    "services.scheduling.domain.errors",
    "services.records.domain.errors",
    "services.notifications.domain.errors",
    "gateway.repository",
]


@pytest.mark.parametrize("room", ROOMS)
def test_every_reason_has_a_title_and_one_status(room: str) -> None:
    """Seen red by: a slug that the table does not have; another status there."""
    module = import_module(room)
    reasons = [
        one
        for _, one in getmembers(module, isclass)
        if issubclass(one, DomainError) and f"{one.__module__}.".startswith(f"{room}.")
    ]
    assert reasons
    for reason in reasons:
        assert (reason.slug, TABLE.get(reason.slug, (0,))[0]) == (reason.slug, reason.status)
