"""The public API, one file a resource. Importing this package fills `ROUTES`, the inventory of every address."""

from gateway.endpoint import ROUTES
from gateway.routes import (
    appointments,
    billing,
    callers,
    day,
    documents,
    encounters,
    me,
    oauth,
    patients,
    sessions,
    sites,
    tasks,
    text_gateway,
    text_webhooks,
    texts,
)

__all__ = [
    "ROUTES",
    "appointments",
    "billing",
    "callers",
    "day",
    "documents",
    "encounters",
    "me",
    "oauth",
    "patients",
    "sessions",
    "sites",
    "tasks",
    "text_gateway",
    "text_webhooks",
    "texts",
]
