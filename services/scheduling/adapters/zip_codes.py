"""US ZIP codes and how far apart they are: a table that the package `zipcodes` carries, no request to anybody."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

_EARTH_MILES = 3958.8
Place = tuple[float, float]


class UsZipCodes:
    """Where ZIP codes lie (the middle of each, in degrees) and the way between two as the crow flies."""

    def place(self, zip_code: str) -> Place | None:
        """None where there is no such code."""
        return _place(zip_code[:5])

    def miles(self, here: Place, there: Place) -> float:
        """By the haversine formula, to a tenth of a mile."""
        (north, east), (far_north, far_east) = (tuple(map(radians, place)) for place in (here, there))
        half = sin((far_north - north) / 2) ** 2 + cos(north) * cos(far_north) * sin((far_east - east) / 2) ** 2
        return round(2 * _EARTH_MILES * asin(sqrt(half)), 1)


@lru_cache(10_000)
def _place(zip_code: str) -> Place | None:
    if len(zip_code) != 5 or not zip_code.isdigit():
        return None
    found = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]  # the package leaves it open
    return (float(found[0]["lat"]), float(found[0]["long"])) if found else None
