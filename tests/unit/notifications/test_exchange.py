"""One request to a carrier: what certainly told it nothing, and what left that open."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.adapters.exchange import Exchange, NoAnswer, NotSent


def exchange_with(port: int, scheme: str = "http") -> Exchange:
    return Exchange(f"{scheme}://127.0.0.1:{port}/v1", "AC1", "s", connect_s=1.0, answer_s=0.5)


class Listener:
    """Takes connections and keeps what it is sent; answers nothing."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                taken, _ = self._server.accept()
                taken = self._tls.wrap_socket(taken, server_side=True) if self._tls else taken
                self.received.append(_all_of(taken))
            except OSError:
                if self._server.fileno() < 0:
                    return

    def close(self) -> None:
        self._server.close()


def _all_of(taken: socket.socket) -> bytes:
    """Head and body come one after the other; nothing more comes than that."""
    got = taken.recv(65536)
    while b"\r\n\r\n" in got and not got.partition(b"\r\n\r\n")[2]:
        got += taken.recv(65536)
    return got


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One that nobody vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "both.pem"
    file.write_bytes(private + made.public_bytes(encoding))
    return file


@pytest.fixture
def impostor(certificate: Path) -> Iterator[Listener]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = Listener(context)
    yield listener
    listener.close()


def test_whoever_has_no_good_certificate_is_told_nothing(impostor: Listener) -> None:
    """Seen red by: a context that verifies nothing."""
    with pytest.raises(NotSent):
        exchange_with(impostor.port, "https").post("/Messages.json", {"To": "+12025550100"})
    assert impostor.received == []


def test_nobody_at_the_address_and_no_such_name_are_certain() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            exchange_with(nobody.getsockname()[1]).post("/Messages.json", {})
    with pytest.raises(NotSent):
        Exchange("https://carrier.invalid/v1", "AC1", "s", connect_s=1.0).post("/Messages.json", {})


def test_a_request_that_went_out_and_was_not_answered_is_open() -> None:
    """Seen red by: a time-out of the answer raised as NotSent."""
    listener = Listener()
    with pytest.raises(NoAnswer):
        exchange_with(listener.port).post("/Messages.json", {"To": "+12025550100"})
    assert b"To=%2B12025550100" in listener.received[0]
    listener.close()


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/v1/Accounts/AC1/Messages.json?Page=1", "/Accounts/AC1/Messages.json?Page=1"),
        ("https://elsewhere.example/v1/Messages.json", None),
        ("//elsewhere.example/v1/", None),
        ("/v2/Messages.json", None),
        (None, None),
        (7, None),
    ],
)
def test_a_next_page_is_followed_at_the_carriers_own_address_alone(uri: object, path: str | None) -> None:
    """Seen red by: the password sent along to whatever address a page names."""
    assert exchange_with(1).path_of(uri) == path
