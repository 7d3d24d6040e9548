"""What every change of a part of the map does: the caller's version is compared, the next one counted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from services.scheduling.domain.places import AppointmentType, Practitioner, Site
from services.scheduling.domain.resources import Resource
from shared.errors import require_version

P = TypeVar("P", Site, Practitioner, AppointmentType, Resource)


def changed(place: P, changes: Mapping[str, Any], version: int | None) -> P:
    """The place with `changes`, a version later. Raises Stale for another version than the caller's."""
    require_version(version, place.version)
    return replace(place, **changes, version=place.version + 1)
