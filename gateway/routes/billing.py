"""Charges, claims, fees and the claim feed."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import money as schemas

CLAIM = schemas.Claim()
FEE = schemas.Fee()
# A fee schedule is sent whole.
MAX_FEES_BODY = 768 * 1024


@route(
    "GET",
    "/v1/charges",
    scope="claims:read",
    query=schemas.ChargeSearch(),
    answer=schemas.Charge(),
    listed=True,
    objects=("query.site_id", "query.encounter_id"),
)
def list_charges(call: Call) -> Any:
    """Charges of a site or of one encounter."""
    return call.page_of("billing", "charges", **call.query)


@route(
    "GET",
    "/v1/claims",
    scope="claims:read",
    query=schemas.ClaimSearch(),
    answer=CLAIM,
    listed=True,
    objects=("query.site_id", "query.encounter_id"),
)
def list_claims(call: Call) -> Any:
    """Claims of your sites, by site, status or encounter."""
    return call.page_of("billing", "claims", **call.query)


@route("GET", "/v1/claims/{claim_id}", scope="claims:read", answer=CLAIM, objects=("path.claim_id",))
def get_claim(call: Call) -> Any:
    """One claim of your sites."""
    return call.ask("billing", "claim", **call.path)


@route("GET", "/v1/fees", scope="fees:read", query=schemas.FeeSearch(), answer=FEE, listed=True)
def list_fees(call: Call) -> Any:
    """The network's fee schedule, by code system and code."""
    return call.page_of("billing", "fees", **call.query)


@route(
    "PUT",
    "/v1/fees",
    scope="fees:write",
    body=schemas.SetFees(),
    max_body=MAX_FEES_BODY,
    example={
        "fees": [
            {"system": "http://www.ama-assn.org/go/cpt", "code": "99213", "amount_cents": 12500, "currency": "USD"}
        ]
    },
)
def set_fees(call: Call) -> Any:
    """Sets the fees of the codes that are given; others stay."""
    return call.tell("billing", "set_fees", **call.body)


@route(
    "GET",
    "/v1/claim-feed",
    scope="claims:read",
    query=schemas.FeedQuestion(),
    answer=schemas.FeedRow(),
    listed=True,
)
def read_claim_feed(call: Call) -> Any:
    """Rows of the claim feed after a sequence number, oldest first, without gaps."""
    return call.ask("billing", "claim_feed", **{"limit": 200, **call.query})
