"""The named locks of scheduling. Whoever needs both takes the site's hours first, then resources, all in one call."""

from uuid import UUID

from services.scheduling.domain.resource_lock import resource_lock

__all__ = ["hours_lock", "resource_lock"]


def hours_lock(site_id: UUID) -> str:
    """The lock of whoever changes who or what works at a site, or when the site is open: so that a closure sees them
    all."""
    return f"hours/{site_id}"
