"""What schemathesis must know of Frontdesk that no OpenAPI document says. Loaded by `st run` (SCHEMATHESIS_HOOKS).

How to sign in; what our formats hold; the rules between fields that JSON Schema has no words for. FRONTDESK_FUZZ_CLIENT
is `client_id:secret` of an integration, FRONTDESK_FUZZ_WEBHOOK_SECRET the text gateway's.
"""

import json
import os
import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

import requests
import schemathesis
from hypothesis import strategies as st

from cli.api import Api
from gateway.openapi.components import PARAMETERS
from gateway.routes.text_gateway import SIGNATURE_HEADER, sign
from shared.languages import is_language
from shared.phones import NoPhoneNumber, e164
from tests.schemathesis_hours import RULES as HOURS
from tests.schemathesis_scheduling import RULES as SCHEDULING

# An access token lives five minutes, by the clock of a machine that is busy.
_RENEW_AFTER_S = 120.0
_TRIES = 10
_ENDS_ITS_SESSION = "/v1/sessions/current"
_REPLY = "/v1/text-gateway/replies"
_KEY = PARAMETERS["IdempotencyKey"]["schema"]["pattern"]

_ZONES = [*sorted(zone for zone in available_timezones() if "/" in zone), "UTC"]
_offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_instants = st.datetimes(datetime(1801, 1, 1), datetime(2198, 12, 31), timezones=_offsets | st.just(UTC))  # noqa: DTZ001
schemathesis.openapi.format("phone", st.integers(2_000_000, 9_999_999).map("+1628{}".format))
schemathesis.openapi.format("language", st.sampled_from(["en", "es", "es-MX", "fr"]))
schemathesis.openapi.format("time-zone", st.sampled_from(_ZONES))
schemathesis.openapi.format("date", st.dates(date(1800, 1, 1), date(2199, 12, 31)).map(str))
schemathesis.openapi.format("date-time", _instants.map(lambda at: at.isoformat().replace("+00:00", "Z")))


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """One session for all operations, but for the one that ends it."""

    def __init__(self) -> None:
        self._token, self._since = "", float("-inf")

    def get(self, case: Any, context: Any) -> str:
        if context.operation.path == _ENDS_ITS_SESSION:
            return _token(context.operation.base_url)
        if time.monotonic() - self._since > _RENEW_AFTER_S:
            self._token, self._since = _token(context.operation.base_url), time.monotonic()
        return self._token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def _token(base_url: str) -> str:
    api = Api(base_url)
    api.sign_in_as_client(*os.environ["FRONTDESK_FUZZ_CLIENT"].split(":", 1))
    return api.token


@schemathesis.hook
def before_call(_: Any, case: Any, __: dict[str, Any]) -> None:
    """What depends on what was said before is put right; what breaks a schema stays broken."""
    _with_a_key_of_its_own(case)
    if case.operation.path == _REPLY:
        _signed(case)
    if case.meta is not None and case.meta.generation.mode.is_positive:
        _keep_the_rules(case)


@schemathesis.hook
def after_call(_: Any, __: Any, response: Any) -> None:
    """What is too slow on a busy machine is asked again a second later, as it tells. What always is stays so."""
    for _ in range(_TRIES):
        if response.status_code not in (503, 504):
            return
        time.sleep(1)
        with requests.Session() as session:
            again = session.send(response.request, timeout=30)
        _take_over(response, type(response).from_requests(again, response.verify))


def _take_over(response: Any, other: Any) -> None:
    for name in response.__slots__:
        setattr(response, name, getattr(other, name))


def _with_a_key_of_its_own(case: Any) -> None:
    """A key that another body had is refused by design (requirement 2e)."""
    given = (case.headers or {}).get("Idempotency-Key")
    if isinstance(given, str) and re.match(_KEY, given):
        case.headers["Idempotency-Key"] = str(uuid4())


def _signed(case: Any) -> None:
    if isinstance(case.body, dict) and SIGNATURE_HEADER in (case.headers or {}):
        raw = json.dumps(case.body).encode()  # as requests writes it
        case.headers[SIGNATURE_HEADER] = sign(os.environ["FRONTDESK_FUZZ_WEBHOOK_SECRET"], raw)


def _keep_the_rules(case: Any) -> None:
    """What a schema cannot say of valid input."""
    for asked in (case.query, case.body):
        if isinstance(asked, dict):
            asked.pop("cursor", None)  # nobody can guess one
    case.query, case.body = _of_our_formats(case.query), _of_our_formats(case.body)
    _with_a_number_for_texts(case.body)
    for item in case.body.get("items", []) if isinstance(case.body, dict) else []:
        item["key"] = str(uuid4())  # each its own
        _with_a_number_for_texts(item)
    rule = _RULES.get(case.operation.label)
    if rule is not None:
        rule(case)


def _of_our_formats(value: Any, name: str = "") -> Any:
    """Schemathesis' shortest and longest texts know nothing of formats of ours."""
    if isinstance(value, dict):
        return {key: _of_our_formats(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_of_our_formats(each, name) for each in value]
    if name in ("phone", "number") and isinstance(value, str) and not _is_phone(value):
        return "+1 202 555 0123"
    if name in ("language", "default_language") and isinstance(value, str) and not is_language(value):
        return "es"
    return "America/Chicago" if name == "zone" and value not in _ZONES else value


def _is_phone(text: str) -> bool:
    try:
        return bool(e164(text))
    except NoPhoneNumber:
        return False


def _with_a_number_for_texts(body: Any) -> None:
    person = body.get("new_patient", body) if isinstance(body, dict) else {}
    agreed = person.get("texting_consent") or person.get("care_texting_consent")
    if agreed and not person.get("phone"):
        person["phone"] = "+1 202 555 0123"


def _only_site(case: Any) -> None:
    for name in ("encounter_id", "appointment_id"):
        case.query.pop(name, None)
    case.query.setdefault("site_id", str(uuid4()))


def _by_family(case: Any) -> None:
    if not case.query.keys() & {"family", "birth_on", "phone"}:
        case.query["family"] = "Marsh"


def _of_a_site(case: Any) -> None:
    if not case.query.keys() & {"site_id", "patient_id"}:
        case.query["site_id"] = str(uuid4())


def _a_template(case: Any) -> None:
    case.body["body"] = "{{ site_name }}: {{ date }}. Reply STOP to opt out."


def _a_rule_for_each_place(case: Any) -> None:
    places = {(rule.get("site_id"), rule.get("appointment_type_id")): rule for rule in case.body["rules"]}
    case.body["rules"] = list(places.values())


_RULES = {
    "PUT /v1/reminder-rules": _a_rule_for_each_place,
    "POST /v1/text-templates": _a_template,
    "POST /v1/text-templates/preview": _a_template,
    "PUT /v1/text-templates/{template_id}": _a_template,
    "GET /v1/appointments": _of_a_site,
    "GET /v1/charges": _only_site,
    "GET /v1/texts": _only_site,
    "GET /v1/patients": _by_family,
    **HOURS,
    **SCHEDULING,
}
