"""What a text needs to know of a site."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SiteCopy:
    """Its name as patients know it and its IANA zone."""

    name: str
    zone: str
