"""Every login of an installation as a URL in a secret of its own, for processes and commands to read."""

from pathlib import Path

from cli.places import (
    ADMIN,
    API,
    ROLES,
    USER_SETTINGS,
    Places,
    administers_broker,
    has_broker,
    has_database,
    role_setting,
)
from cli.secrets import ADMINISTRATOR_OF_POSTGRES, read_secret, write_secret
from cli.servers.rabbitmq import ADMINISTRATOR
from shared.config import addresses_in
from shared.database.migrate import role_of


def write_urls(folder: Path, places: Places) -> None:
    """Writes the URL of each role and broker user; `folder` holds their passwords (secrets.make_keys).

    A URL that the caller has given is taken as it is. Where others' servers come without an administrator's URL there
    is none here either, not even one from an earlier start.
    """
    _write_roles(folder, places)
    _write_users(folder, places)
    _write_administrators(folder, places)
    password = read_secret(folder, "rabbitmq_password")
    write_secret(folder, "rabbitmq_conf", f"default_user = {ADMINISTRATOR}\ndefault_pass = {password}\n")


def _write_roles(folder: Path, places: Places) -> None:
    for service, kind in ROLES:
        name, role = role_setting(service, kind), role_of(service, kind)
        made = places.database_url(role, read_secret(folder, f"{role}_password"), service)
        write_secret(folder, _file_of(name), places.given.get(name, made))


def _write_users(folder: Path, places: Places) -> None:
    for name, user in USER_SETTINGS.items():
        made = places.amqp_url(user, read_secret(folder, f"{user}_broker_password"))
        write_secret(folder, _file_of(name), places.given.get(name, made))


def _write_administrators(folder: Path, places: Places) -> None:
    user, file = ADMINISTRATOR_OF_POSTGRES
    ours = places.database_url(user, read_secret(folder, file), "postgres")
    _write_or_remove(folder, ADMIN, places.given.get(ADMIN) if has_database(places.given) else ours)
    ours = places.api_url(ADMINISTRATOR, read_secret(folder, "rabbitmq_password"))
    theirs = _with_vhost(places) if administers_broker(places.given) else None
    _write_or_remove(folder, API, theirs if has_broker(places.given) else ours)


def _with_vhost(places: Places) -> str:
    """The administrator's URL (each of several) as given, with the virtual host that the broker's URL names."""

    def joined(given: str, place: str) -> str:
        scheme, _, rest = given.partition("://")
        return f"{scheme}://{rest.rpartition('@')[0]}@{place.partition('://')[2]}"

    return " ".join(map(joined, addresses_in(places.given[API]), addresses_in(places.api)))


def _write_or_remove(folder: Path, name: str, url: str | None) -> None:
    if url is None:
        (folder / _file_of(name)).unlink(missing_ok=True)
    else:
        write_secret(folder, _file_of(name), url)


def _file_of(setting: str) -> str:
    return setting.removeprefix("FRONTDESK_").lower()
