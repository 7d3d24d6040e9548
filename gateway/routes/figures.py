"""Figures of a site, for those who run it."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import figures as schemas


@route(
    "GET",
    "/v1/figures/scheduling",
    scope="figures:read",
    query=schemas.FiguresQuestion(),
    answer=schemas.Figures(),
    objects=("query.site_id",),
)
def get_scheduling_figures(call: Call) -> Any:
    """Fill, no-show and refill rates and lead times of a site, from the appointments that start on these days."""
    return call.ask("scheduling", "figures", **call.query)


@route(
    "GET",
    "/v1/figures/texting",
    scope="figures:read",
    query=schemas.TextingFiguresQuestion(),
    answer=schemas.TextingFigures(),
    objects=("query.site_id",),
)
def get_texting_figures(call: Call) -> Any:
    """What a site's texts that were due on these days came to, by kind, window, version of the template and language.

    All texts are counted; sent, refused, unknown, waiting and skipped add up. A visit counts with each text that was
    about it, as long as it has the start that the text named.
    """
    return call.ask("notifications", "figures", **call.query)


@route(
    "GET",
    "/v1/figures/third-next-available",
    scope="figures:read",
    query=schemas.ThirdNextAvailableList(),
    answer=schemas.ThirdNextAvailable(),
    listed=True,
    objects=("query.site_id",),
)
def list_third_next_available(call: Call) -> Any:
    """Of each appointment type the third time that is free at the site now, since the first two may be chance.

    For all that a visit needs, within the type's notice and horizon, whoever asks; null where there is none within 90
    days. At most 25 types a page.
    """
    return call.page_of("scheduling", "third_next_available", **call.query)
