"""Where the servers of an installation are: private ones that we start, or others' that settings name.

    FRONTDESK_AMQP_URL                    a RabbitMQ that others run: scheme, host, port and virtual host; of a cluster
                                          each node's, with spaces or semicolons between them, in all broker settings
    FRONTDESK_RABBITMQ_API_URL            its management API; with a login, that of an administrator (policies, users)
    FRONTDESK_ADMIN_DATABASE_URL          a PostgreSQL that others run, as one who may make roles and databases
    FRONTDESK_<DATABASE>_DATABASE_URL     one login there (also _WORKER_ and _RELAY_), not of our making
    FRONTDESK_<USER>_AMQP_URL             one broker user's login, likewise

Each may come from the file that NAME_FILE names. With an administrator's URL `migrate` makes the logins; without it
each of them has to be given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from cli.servers.process import ServerFailed
from shared.config import addresses_in, optional
from shared.database.migrate import DATABASES, KINDS, role_of
from shared.messaging.topology import broker_users

AMQP, API, ADMIN = "FRONTDESK_AMQP_URL", "FRONTDESK_RABBITMQ_API_URL", "FRONTDESK_ADMIN_DATABASE_URL"
# The worker, the relay and the application itself of each database that has them.
ROLES = [(service, kind) for service in DATABASES for kind in KINDS if service != "gateway" or kind == "app"]


def role_setting(service: str, kind: str) -> str:
    """The name of the setting that holds a role's URL."""
    middle = "" if kind == "app" else f"_{kind.upper()}"
    return f"FRONTDESK_{service.upper()}{middle}_DATABASE_URL"


def user_setting(user: str) -> str:
    """The name of the setting that holds a broker user's URL."""
    return f"FRONTDESK_{user.upper()}_AMQP_URL"


ROLE_SETTINGS = {role_setting(*role): role for role in ROLES}
USER_SETTINGS = {user_setting(user): user for user in broker_users()}
OF_SERVERS = frozenset({AMQP, API, ADMIN, *ROLE_SETTINGS, *USER_SETTINGS})


@dataclass(frozen=True)
class Places:
    """Base URLs without logins. `given` are the settings of others' servers, by name; empty where all is private."""

    postgres: str
    amqp: str
    api: str
    given: Mapping[str, str]

    @classmethod
    def at(cls, postgres: str, amqp: str, api: str) -> "Places":
        """Servers of our own at these host:port."""
        return cls(f"postgresql://{postgres}/", f"amqp://{amqp}/", f"http://{api}/", {})

    def replaced_by(self, given: Mapping[str, str]) -> "Places":
        """These places, but for the servers that `given` settings name. ServerFailed says what is missing of them."""
        places = Places(
            _without_login(_a_database(given)) if has_database(given) else self.postgres,
            _each(_without_login, given[AMQP]) if has_broker(given) else self.amqp,
            _api_at(given) if has_broker(given) else self.api,
            given,
        )
        _refuse_incomplete(given)
        return places

    def database_url(self, user: str, password: str, database: str) -> str:
        """A role's login at PostgreSQL."""
        return _with_login(self.postgres, user, password, f"/{database}")

    def amqp_url(self, user: str, password: str) -> str:
        """A user's login at the broker, at each of its addresses."""
        return _each(lambda url: _with_login(url, user, password), self.amqp)

    def api_url(self, user: str, password: str) -> str:
        """A user's login at the broker's management API, at each of its addresses."""
        return _each(lambda url: _with_login(url, user, password), self.api)


def given_by_caller() -> dict[str, str]:
    """The settings of others' servers that our caller has made, in the environment or in files."""
    return {name: value for name in sorted(OF_SERVERS) if (value := optional(name))}


def has_broker(given: Mapping[str, str]) -> bool:
    """Whether these settings name a RabbitMQ that others run."""
    return AMQP in given


def has_database(given: Mapping[str, str]) -> bool:
    """Whether these settings name a PostgreSQL that others run."""
    return ADMIN in given or bool(ROLE_SETTINGS.keys() & given.keys())


def administers_broker(given: Mapping[str, str]) -> bool:
    """Whether the API's URL can change things: an address alone only lets the relay look."""
    addresses = addresses_in(given.get(API, ""))
    return bool(addresses) and all(urlsplit(address).username for address in addresses)


def shown(url: str) -> str:
    """host:port of a URL, or of each of several; never a login."""
    if len(several := addresses_in(url)) > 1:
        return ", ".join(map(shown, several))
    parts = urlsplit(url)
    port = parts.port or {"postgresql": 5432, "postgres": 5432, "amqp": 5672, "amqps": 5671}.get(parts.scheme, 80)
    return f"{parts.hostname}:{port}"


def _a_database(given: Mapping[str, str]) -> str:
    return given[ADMIN] if ADMIN in given else next(given[name] for name in ROLE_SETTINGS if name in given)


def _api_at(given: Mapping[str, str]) -> str:
    """The API's address, with the virtual host of the broker's URL where it names none itself."""
    if API not in given:
        return ""
    vhost = urlsplit(addresses_in(given[AMQP])[0]).path

    def at(url: str) -> str:
        parts = urlsplit(url)
        return _without_login(urlunsplit(parts._replace(path=parts.path if parts.path.strip("/") else vhost)))

    return _each(at, given[API])


def _refuse_incomplete(given: Mapping[str, str]) -> None:
    missing: list[str] = []
    if has_database(given) and ADMIN not in given:
        missing += [name for name in ROLE_SETTINGS if name not in given]
    if has_broker(given) and not administers_broker(given):
        missing += [name for name in USER_SETTINGS if name not in given]
    if missing:
        raise ServerFailed(
            "these servers are others': without an administrator's URL"
            f" ({ADMIN} for PostgreSQL, {API} with a login for RabbitMQ) each login has to be given;"
            f" missing: {', '.join(missing)}"
        )
    if (USER_SETTINGS.keys() | {API}) & given.keys() and not has_broker(given):
        raise ServerFailed(f"logins of a RabbitMQ are given, but not where it is: set {AMQP}")
    _refuse_other_names(given)


def _refuse_other_names(given: Mapping[str, str]) -> None:
    """Migrations grant to roles by name and policies go by user name: a login of another name would get nothing."""
    for name, (service, kind) in ROLE_SETTINGS.items():
        if name in given:
            parts = urlsplit(given[name])
            _must_be(name, "signs in as", parts.username, role_of(service, kind))
            _must_be(name, "names the database", parts.path.strip("/"), service)
    for name, user in USER_SETTINGS.items():
        if name in given:
            for address in addresses_in(given[name]):
                _must_be(name, "signs in as", urlsplit(address).username, user)


def _must_be(setting: str, says: str, is_: str | None, must: str) -> None:
    if is_ != must:
        raise ServerFailed(f"{setting} {says} {is_ or 'nobody'}; it must be {must}")


def _each(change: Callable[[str], str], urls: str) -> str:
    return " ".join(change(url) for url in addresses_in(urls))


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _with_login(url: str, user: str, password: str, path: str | None = None) -> str:
    parts = urlsplit(url)
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    return urlunsplit(parts._replace(netloc=login + parts.netloc, path=parts.path if path is None else path))
