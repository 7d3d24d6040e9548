"""The public door: falcon on the routes' declarations. `build_app()` is what `shared.run gateway` serves."""

import json
from collections import defaultdict
from typing import Any

import falcon
import psycopg2
from eventlet import tpool

from gateway import routes
from gateway.calendars.secrets import LinkSecrets
from gateway.clients import services_of_environment
from gateway.cursors import Cursors
from gateway.day import DayFeeds
from gateway.door import Door
from gateway.endpoint import Route
from gateway.errors import MEDIA_TYPE, Problem, body_of, dumped, retry_after
from gateway.middleware import Correlate
from gateway.outside.admission import admission_on
from gateway.outside.fetching import KeyFetcher
from gateway.passwords import Passwords
from gateway.repository import accounts_units
from gateway.serving import Resource
from gateway.sessions import Desk
from gateway.standings import Standings
from gateway.successors import Successors
from gateway.tokens import Tokens
from shared.calls.units import Migrated, answers
from shared.carriers import carriers_that_sign
from shared.clock import BusinessClock
from shared.config import is_simulated, optional, setting
from shared.errors import DomainError
from shared.health import health
from shared.logs import log


def build_app() -> falcon.App:
    """The application that the environment describes, with its health checks registered."""
    door = door_of_environment()
    pool = door.units.resources.pool
    health.register("database", lambda: answers(pool))
    health.register("migrations", Migrated(pool, "gateway"))
    return app_of(door)


def app_of(door: Door) -> falcon.App:
    """The application on ready parts."""
    app = falcon.App(middleware=[Correlate()])
    app.add_error_handler(Exception, _on_exception)
    app.add_error_handler((psycopg2.OperationalError, psycopg2.InterfaceError), _on_database_away)
    app.add_error_handler(falcon.HTTPError, _on_http_error)
    app.add_error_handler(DomainError, _on_domain_error)
    for path, found in _by_path(routes.ROUTES).items():
        app.add_route(path, Resource(door, found))
    return app


def door_of_environment() -> Door:
    """Settings, pools and clients. Ends the process with a sentence where a setting is missing."""
    clock, token_key = BusinessClock(), setting("FRONTDESK_TOKEN_KEY")
    units, look_ups = accounts_units(clock)
    tokens, services = Tokens(token_key), services_of_environment()
    secret = json.dumps(json.loads(token_key), sort_keys=True)
    standings = Standings(units, look_ups, clock)
    return Door(
        services=services,
        desk=Desk(units, look_ups, Passwords(tpool.execute), tokens, Successors(secret), clock),
        tokens=tokens,
        standings=standings,
        outside=admission_on(units, look_ups, standings, clock, KeyFetcher(plain_http=is_simulated())),
        units=units,
        look_ups=look_ups,
        cursors=Cursors(secret),
        link_secrets=LinkSecrets(secret),
        clock=clock,
        feeds=DayFeeds(services, clock),
        webhook_secret=setting("FRONTDESK_TEXT_WEBHOOK_SECRET"),
        carriers=carriers_that_sign(),
        public_url=optional("FRONTDESK_PUBLIC_URL").rstrip("/"),
        simulated=is_simulated(),
        secure_cookies=optional("FRONTDESK_SECURE_COOKIES") == "1",
    )


def _by_path(listed: list[Route]) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = defaultdict(list)
    for one in listed:
        found[one.path].append(one)
    return found


def _on_domain_error(req: falcon.Request, resp: falcon.Response, error: DomainError, _params: Any) -> None:
    resp.status = error.status
    resp.content_type = MEDIA_TYPE
    resp.data = dumped(body_of(error, req.context.correlation_id))
    if error.status == 401:
        resp.set_header("WWW-Authenticate", "Bearer")
    if (seconds := retry_after(error)) is not None:
        resp.set_header("Retry-After", str(seconds))


def _on_http_error(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, params: Any) -> None:
    """Falcon's own refusals: no such path, no such method, an unreadable header or query."""
    for name, value in dict(error.headers or {}).items():
        resp.set_header(name, value)
    slug = _SLUGS.get(error.status_code, "internal" if error.status_code >= 500 else "malformed-request")
    _on_domain_error(req, resp, Problem(slug), params)


def _on_database_away(req: falcon.Request, resp: falcon.Response, error: Exception, params: Any) -> None:
    """The accounts database: nobody can be let in, and nothing was decided."""
    log.warning("accounts-database-away", exc_info=error, correlation_id=req.context.correlation_id)
    _on_domain_error(req, resp, Problem("unavailable", {"part": "accounts"}), params)


def _on_exception(req: falcon.Request, resp: falcon.Response, error: Exception, params: Any) -> None:
    log.error("request-failed", exc_info=error, correlation_id=req.context.correlation_id)
    _on_domain_error(req, resp, Problem("internal"), params)


_SLUGS = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
}
