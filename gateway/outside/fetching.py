"""Reading a provider's keys over HTTPS: bounded in time and size, following nothing."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3
from joserfc.jwk import Key

from gateway.errors import Problem
from gateway.outside.jwk import keys_in
from gateway.outside.provider import KeysUnreadable, Provider
from gateway.parsing import strict_json

DISCOVERY = "/.well-known/openid-configuration"
MAX_BYTES = 256 * 1024
SECONDS = 4.0
_CHUNK = 16 * 1024


def is_address(url: str, *, plain_http: bool) -> bool:
    """Whether keys may be read there: HTTPS, or HTTP in a simulated installation; no password in it, no fragment."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    schemes = ("https", "http") if plain_http else ("https",)
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    return bool(plain and parts.scheme in schemes and parts.hostname and parts.username is None and not parts.fragment)


class KeyFetcher:
    """Reads keys. `plain_http`: also without TLS, in simulated installations alone."""

    def __init__(self, *, plain_http: bool) -> None:
        self._plain_http = plain_http
        self._http = urllib3.PoolManager(maxsize=2, timeout=urllib3.Timeout(connect=2.0, read=2.0))

    def __call__(self, provider: Provider) -> Mapping[str, Key]:
        """The provider's usable keys by their ids. Raises KeysUnreadable."""
        ends = time.monotonic() + SECONDS
        uri = provider.keys_uri or self._discovered(provider, ends)
        return keys_in(self._json(uri, ends))

    def _discovered(self, provider: Provider, ends: float) -> str:
        found = self._json(provider.issuer.rstrip("/") + DISCOVERY, ends)
        if not isinstance(found, dict) or found.get("issuer") != provider.issuer:
            raise KeysUnreadable("another-issuer")
        return str(found.get("jwks_uri", ""))

    def _json(self, url: str, ends: float) -> Any:
        if not is_address(url, plain_http=self._plain_http):
            raise KeysUnreadable("not-an-address")
        try:
            return strict_json(self._bytes(url, ends))
        except (urllib3.exceptions.HTTPError, OSError):
            raise KeysUnreadable("no-answer") from None
        except Problem:
            raise KeysUnreadable("not-json") from None

    def _bytes(self, url: str, ends: float) -> bytes:
        answer = self._http.request("GET", url, retries=False, redirect=False, preload_content=False)
        try:
            if answer.status != 200:
                raise KeysUnreadable("status")
            found = b""
            while chunk := answer.read1(_CHUNK):
                found += chunk
                if len(found) > MAX_BYTES:
                    raise KeysUnreadable("too-large")
                if time.monotonic() > ends:
                    raise KeysUnreadable("too-slow")
            return found
        finally:
            answer.close()
