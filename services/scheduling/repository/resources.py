"""Rooms and devices, and their lanes."""

from uuid import UUID

from services.scheduling.domain.resources import Resource
from shared.database.repository import Repository
from shared.errors import NotFound


class ResourceRepository(Repository):
    """One of another's site is NotFound, as if there were none."""

    def get(self, resource_id: UUID, *, lock: bool = False) -> Resource:
        row = self.one("lock-resource" if lock else "resource", resource_id=resource_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return Resource(**row)

    def add(self, resource: Resource) -> None:
        """The row and its lanes."""
        self.later("add-resource", **vars(resource))
        self._keep_lanes(resource)

    def change(self, resource: Resource) -> None:
        """The row, and the lanes that it lacks; one that was given up stays for what is booked on it."""
        self.later("change-resource", **vars(resource))
        self._keep_lanes(resource)

    def _keep_lanes(self, resource: Resource) -> None:
        self.later("keep-lanes", resource_id=resource.resource_id, lanes=resource.capacity)
