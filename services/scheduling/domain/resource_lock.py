"""The lock of a resource: a practitioner, a room or a device."""


def resource_lock(resource_id: object) -> str:
    """The lock that everyone takes who books, moves or changes what a resource offers."""
    return f"resource/{resource_id}"
