"""An OpenID provider of the tests' own: discovery and keys over real HTTP, tokens of every kind, key rotation.

It signs whatever header and claims it is told to, so that a forgery differs from a good token in one thing alone.
"""

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey, RSAKey

from shared.ids import new_id

Json = dict[str, Any]
AUDIENCE = "frontdesk-api"


@cache
def rsa_key(kid: str) -> RSAKey:
    """An RSA key; making one takes a while, so each is made once."""
    return RSAKey.generate_key(2048, parameters={"kid": kid})


@cache
def ec_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": kid})


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(header: Json, claims: Json | bytes, key: RSAKey) -> str:
    """A compact JWS whose signature is RS256 by `key`, whatever the header says."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = f"{encoded(json.dumps(header).encode())}.{encoded(payload)}"
    signature = key.private_key.sign(text.encode(), padding.PKCS1v15(), SHA256())
    return f"{text}.{encoded(signature)}"


@dataclass
class OpenIdProvider:
    """`published` is what its keys page shows; `behave` may be ok, fail, slow, huge, elsewhere, garbage."""

    issuer: str
    now: Callable[[], float] = time.time
    published: list[Json] = field(default_factory=list)
    behave: str = "ok"
    asked: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: rsa_key("first"))

    def __post_init__(self) -> None:
        self.publish(self.key)

    def publish(self, *keys: RSAKey | ECKey) -> None:
        """From now on these are its keys; the first signs."""
        self.published = [{**key.as_dict(private=False), "use": "sig"} for key in keys]

    def rotate(self, kid: str = "second", *, overlap: bool = True) -> None:
        """Signs with a new key; the old one stays published for a while, or is gone at once."""
        old, self.key = self.key, rsa_key(kid)
        self.publish(self.key, *([old] if overlap else []))

    def claims(self, **changes: Any) -> Json:
        """What a good token says; `...` leaves a claim out."""
        now = int(self.now())
        good = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "alice",
            "iat": now,
            "exp": now + 300,
            "jti": str(new_id()),
            "groups": ["front-desk"],
            "sites": ["elm"],
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def header(self, **changes: Any) -> Json:
        good = {"alg": "RS256", "typ": "at+jwt", "kid": self.key.kid}
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def token(self, header: Json | None = None, key: RSAKey | None = None, **claims: Any) -> str:
        """A token; good, but for the changes."""
        return signed(self.header(**(header or {})), self.claims(**claims), key or self.key)

    def answer(self, path: str) -> tuple[int, Json, bytes]:
        """Status, headers and body of one of its pages."""
        self.asked.append(path)
        if self.behave == "fail":
            return 500, {}, b""
        if self.behave == "elsewhere":
            return 302, {"Location": f"{self.issuer}/attacker"}, b""
        if self.behave == "garbage":
            return 200, {}, b'{"keys": [{"kty": "RSA", "kid": "first", "n": 5}, 7, {"kty": "EC"}], "keys": []}'
        if self.behave == "huge":
            return 200, {}, json.dumps({**self._page(path), "more": "x" * 2_000_000}).encode()
        return 200, {}, json.dumps(self._page(path)).encode()

    def _page(self, path: str) -> Json:
        if path.endswith("/.well-known/openid-configuration"):
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        return {"keys": self.published}


def serve(provider: OpenIdProvider, server: ThreadingHTTPServer) -> None:
    """Lets the server answer as that provider, until it is shut down."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = provider.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for place in range(0, len(body), 64 if provider.behave == "slow" else 65536):
                self.wfile.write(body[place : place + (64 if provider.behave == "slow" else 65536)])
                if provider.behave == "slow":
                    threading.Event().wait(1.0)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server.RequestHandlerClass = Pages
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()


@dataclass(frozen=True)
class Behind:
    """A provider behind TLS, and the file of the authority that signed its certificate."""

    openid: OpenIdProvider
    authority: Path


@pytest.fixture
def openid_behind_tls(tmp_path: Path) -> Iterator[Behind]:
    """A provider at https://127.0.0.1 whose authority nobody knows yet."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    openid = OpenIdProvider(f"https://127.0.0.1:{server.server_port}/realms/clinic")
    serve(openid, server)
    yield Behind(openid, certificate)
    server.shutdown()
    server.server_close()


def write_certificate(certificate: Path, key: Path) -> None:
    """A certificate of 127.0.0.1 that vouches for itself."""
    private, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture
def new_openid() -> Iterator[Callable[[], OpenIdProvider]]:
    """Makes providers, each on a port of its own."""
    servers: list[ThreadingHTTPServer] = []

    def make() -> OpenIdProvider:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        server.daemon_threads = True
        servers.append(server)
        provider = OpenIdProvider(f"http://127.0.0.1:{server.server_port}/realms/clinic")
        serve(provider, server)
        return provider

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def openid(new_openid: Callable[[], OpenIdProvider]) -> OpenIdProvider:
    """A provider that nobody knows yet."""
    return new_openid()
