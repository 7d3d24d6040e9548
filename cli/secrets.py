"""Passwords and keys of an installation: made once, kept one to a file that only its owner reads."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from joserfc.jwk import OctKey, OKPKey

from shared.config import MissingSetting, addresses_in
from shared.database.migrate import DATABASES, KINDS, role_of
from shared.messaging.topology import broker_users

ADMINISTRATOR_OF_POSTGRES = ("postgres", "postgres_password")
DEFAULTS = frozenset({"", "guest", "postgres", "password", "frontdesk", "changeme", "secret", "admin", "rabbitmq"})


class DefaultSecret(MissingSetting):
    """Ends the process: it was given a password that everybody knows."""


def refuse_defaults(settings: Mapping[str, str]) -> None:
    """Raises DefaultSecret for a URL or secret among `settings` (names and values) that is a known default."""
    for name, value in _each_url(settings):
        parts = urlsplit(value) if name.endswith("_URL") else None
        guarded = parts.password if parts else value if name.endswith(("_SECRET", "_KEY", "_KEYS")) else None
        known = guarded is not None and unquote(guarded).lower() in DEFAULTS
        if known or (parts and parts.username and parts.username == parts.password):
            raise DefaultSecret(f"{name} (of its own: the one given is a default)")


def make_keys(folder: Path) -> None:
    """Writes the keys and passwords that are not there yet; those that are stay as they are."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not (folder / "claims_private_key").exists():
        pair = OKPKey.generate_key("Ed25519")
        write_secret(folder, "claims_public_key", json.dumps(pair.as_dict(private=False)))
        write_secret(folder, "claims_private_key", json.dumps(pair.as_dict(private=True)))
    _once(folder, "event_keys", lambda: f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    _once(folder, "token_key", lambda: json.dumps(OctKey.generate_key(256).as_dict(private=True)))
    _once(folder, "text_webhook_secret", _password)
    _once(folder, "metrics_token", _password)
    _once(folder, "text_gateway_secret", _password)  # until the carrier's own is put there
    _once(folder, "text_carriers", str)  # nothing, until there are several
    for name in ["postgres", "rabbitmq", *_roles(), *_brokers()]:
        _once(folder, f"{name}_password", _password)


def read_secret(folder: Path, name: str) -> str:
    """A secret's text."""
    return (folder / name).read_text("utf-8").strip()


def write_secret(folder: Path, name: str, text: str) -> None:
    """Writes a file that only its owner reads, never readable by others even for a moment."""
    file = folder / name
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(text + "\n", "utf-8")


def _each_url(settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names and values, and of a broker at several addresses each."""
    for name, value in settings.items():
        several = addresses_in(value) if name.endswith(("_AMQP_URL", "_RABBITMQ_API_URL")) else []
        yield from ((name, one) for one in several or [value])


def _once(folder: Path, name: str, make: Callable[[], str]) -> None:
    if not (folder / name).exists():
        write_secret(folder, name, make())


def _password() -> str:
    return secrets.token_urlsafe(24)


def _roles() -> list[str]:
    return [role_of(service, kind) for service in DATABASES for kind in KINDS]


def _brokers() -> list[str]:
    return [f"{user}_broker" for user in broker_users()]
