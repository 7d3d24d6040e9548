"""Sites, practitioners, appointment types and free times."""

from typing import Any

from gateway.clients import LONG_DEADLINE_S
from gateway.endpoint import Call, route
from gateway.schemas import appointments as appointment_schemas
from gateway.schemas import sites as schemas

SITE = schemas.Site()
PRACTITIONER = schemas.Practitioner()
TYPE = schemas.AppointmentType()


@route("GET", "/v1/sites", scope="sites:read", query=schemas.SiteList(), answer=SITE, listed=True)
def list_sites(call: Call) -> Any:
    """Your sites."""
    return call.page_of("scheduling", "sites", **call.query)


@route(
    "POST",
    "/v1/sites",
    scope="network:manage",
    body=schemas.AddSite(),
    answer=SITE,
    status=201,
    example={"name": "Riverside", "zone": "America/New_York", "phone": "+1 202 555 0150", "zip": "10001"},
)
def add_site(call: Call) -> Any:
    """Adds a site to the network."""
    return call.tell("scheduling", "add_site", **call.body)


@route("GET", "/v1/sites/{site_id}", scope="sites:read", answer=SITE, objects=("path.site_id",))
def get_site(call: Call) -> Any:
    """One of your sites."""
    return call.ask("scheduling", "site", **call.path)


@route(
    "PATCH",
    "/v1/sites/{site_id}",
    scope="network:manage",
    body=schemas.ChangeSite(),
    answer=SITE,
    versioned=True,
    objects=("path.site_id",),
    example={"name": "Riverside East"},
    deadline_s=LONG_DEADLINE_S,
)
def change_site(call: Call) -> Any:
    """Changes a site."""
    return call.tell("scheduling", "change_site", **call.path, **call.body)


@route(
    "GET",
    "/v1/practitioners",
    scope="sites:read",
    query=schemas.PractitionerList(),
    answer=PRACTITIONER,
    listed=True,
    objects=("query.site_id",),
)
def list_practitioners(call: Call) -> Any:
    """The network's practitioners, or those who work at a site."""
    return call.page_of("scheduling", "practitioners", **call.query)


@route(
    "POST",
    "/v1/practitioners",
    scope="network:manage",
    body=schemas.AddPractitioner(),
    answer=PRACTITIONER,
    status=201,
    example={"given": "Ada", "family": "Okafor", "prefix": "Dr."},
)
def add_practitioner(call: Call) -> Any:
    """Adds a practitioner to the network."""
    return call.tell("scheduling", "add_practitioner", **call.body)


@route(
    "PATCH",
    "/v1/practitioners/{practitioner_id}",
    scope="network:manage",
    body=schemas.ChangePractitioner(),
    answer=PRACTITIONER,
    versioned=True,
    objects=("path.practitioner_id",),
    example={"family": "Okafor-Lee"},
)
def change_practitioner(call: Call) -> Any:
    """Changes a practitioner."""
    return call.tell("scheduling", "change_practitioner", **call.path, **call.body)


@route(
    "GET",
    "/v1/appointment-types",
    scope="sites:read",
    query=schemas.AppointmentTypeList(),
    answer=TYPE,
    listed=True,
)
def list_appointment_types(call: Call) -> Any:
    """The kinds of appointment, and how long each takes."""
    return call.page_of("scheduling", "appointment_types", **call.query)


@route(
    "POST",
    "/v1/appointment-types",
    scope="network:manage",
    body=schemas.AddAppointmentType(),
    answer=TYPE,
    status=201,
    example={"name": "Follow-up", "minutes": 30, "needs": [{"kind": "room", "type": "exam room"}]},
)
def add_appointment_type(call: Call) -> Any:
    """Adds a kind of appointment."""
    return call.tell("scheduling", "add_appointment_type", **call.body)


@route(
    "PATCH",
    "/v1/appointment-types/{appointment_type_id}",
    scope="network:manage",
    body=schemas.ChangeAppointmentType(),
    answer=TYPE,
    versioned=True,
    objects=("path.appointment_type_id",),
    example={"set_up_minutes": 5, "needs": [{"kind": "room", "type": "exam room"}]},
)
def change_appointment_type(call: Call) -> Any:
    """Changes a kind of appointment, at once or from a day on; one that is not active cannot be booked."""
    return call.tell("scheduling", "change_appointment_type", **call.path, **call.body)


@route(
    "GET",
    "/v1/free-times",
    scope="appointments:read",
    query=appointment_schemas.FreeTimesQuestion(),
    answer=appointment_schemas.FreeTime(),
    listed=True,
    objects=("query.site_id", "query.practitioner_id", "query.appointment_type_id"),
)
def list_free_times(call: Call) -> Any:
    """Free times of a practitioner at a site for a kind of appointment; from today when no day is given."""
    return call.page_of("scheduling", "free_times", **call.query)
