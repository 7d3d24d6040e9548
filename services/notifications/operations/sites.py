"""Sites as notifications knows them."""

from uuid import UUID

from services.notifications.operations.ports import Unit
from shared.errors import NotFound


def require_known_site(site_id: UUID, uow: Unit) -> None:
    """Raises NotFound where it is not the asker's, or where there is none in the network, as far as is known."""
    uow.asker.require_site(site_id)
    if uow.templates.sample_site(site_id) is None:
        raise NotFound
