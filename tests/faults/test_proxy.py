"""The proxy, between a plain client and a plain server that echoes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from proxied import Proxy
from proxy import Mode

from cli.servers.ports import free_ports

SOON_S = 10.0
SILENCE_S = 0.5
EDGE = "client>echo"


class Echo:
    """Gives back what it gets, and keeps it."""

    def __init__(self, port: int = 0) -> None:
        self.got = bytearray()
        self._listener = socket.create_server(("127.0.0.1", port), reuse_port=True)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while piece := connection.recv(65536):
                    self.got += piece
                    connection.sendall(piece)
            except OSError:
                return


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def proxy(echo: Echo, tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(tmp_path, {EDGE: f"127.0.0.1:{echo.port}"}) as running:
        yield running


@pytest.fixture
def connect(proxy: Proxy) -> Callable[[], socket.socket]:
    host, _, port = proxy.address(EDGE).rpartition(":")
    return lambda: socket.create_connection((host, int(port)), timeout=SOON_S)


def heard(client: socket.socket) -> bytes:
    """What comes until the end, however the end comes."""
    got = b""
    try:
        while piece := client.recv(65536):
            got += piece
    except ConnectionResetError:
        return got + b"<reset>"
    return got + b"<end>"


def is_silent(client: socket.socket) -> bool:
    client.settimeout(SILENCE_S)
    try:
        return client.recv(1) == b"never"
    except TimeoutError:
        return True
    finally:
        client.settimeout(SOON_S)


def test_everything_goes_through_to_the_end(connect: Callable[[], socket.socket]) -> None:
    whole = bytes(range(256)) * 4000
    with connect() as client:
        threading.Thread(target=lambda: (client.sendall(whole), client.shutdown(socket.SHUT_WR)), daemon=True).start()
        assert heard(client) == whole + b"<end>"


def test_a_silent_edge_holds_everything_back_and_loses_nothing(
    proxy: Proxy, echo: Echo, connect: Callable[[], socket.socket]
) -> None:
    """Old connections and new ones. Seen red by: SILENT that reads on and throws away."""
    with connect() as old:
        old.sendall(b"before")
        assert old.recv(6) == b"before"
        proxy.turn([EDGE], Mode.SILENT)
        with connect() as new:
            for client in (old, new):
                client.sendall(b"held")
                assert is_silent(client)
            assert bytes(echo.got) == b"before"
            proxy.turn([EDGE], Mode.PASS)
            assert (old.recv(4), new.recv(4)) == (b"held", b"held")


def test_an_edge_that_refuses_resets_what_is_open_and_takes_nothing_new_until_it_is_healed(
    proxy: Proxy, connect: Callable[[], socket.socket]
) -> None:
    with connect() as old:
        old.sendall(b"a")
        assert old.recv(1) == b"a"
        proxy.turn([EDGE], Mode.REFUSE)
        assert heard(old) == b"<reset>"
    with pytest.raises(ConnectionRefusedError):
        connect()
    proxy.heal()
    with connect() as new:
        new.sendall(b"b")
        assert new.recv(1) == b"b"


def test_a_reset_comes_in_the_middle_of_what_is_sent(
    proxy: Proxy, echo: Echo, connect: Callable[[], socket.socket]
) -> None:
    proxy.turn([EDGE], Mode.RESET)
    with connect() as client:
        client.sendall(b"12345678")
        assert heard(client) == b"<reset>"
    assert bytes(echo.got) in (b"1234", b"")  # a reset may overtake what was sent before it


def test_a_cut_answer_is_lost_and_what_was_asked_has_arrived(
    proxy: Proxy, echo: Echo, connect: Callable[[], socket.socket]
) -> None:
    """Seen red by: a cut in both directions."""
    proxy.turn([EDGE], Mode.CUT, 0)
    with connect() as client:
        client.sendall(b"commit")
        assert heard(client) == b"<reset>"
    assert bytes(echo.got) == b"commit"


def test_an_answer_that_is_cut_after_some_bytes_begins_as_it_should(
    proxy: Proxy, connect: Callable[[], socket.socket]
) -> None:
    proxy.turn([EDGE], Mode.CUT, 3)
    with connect() as client:
        client.sendall(b"commit")
        assert heard(client) in (b"com<reset>", b"<reset>")


def test_a_delayed_piece_arrives_later_and_whole(proxy: Proxy, connect: Callable[[], socket.socket]) -> None:
    """On the way there and on the way back."""
    proxy.turn([EDGE], Mode.DELAY, SILENCE_S)
    with connect() as client:
        began = time.monotonic()
        client.sendall(b"late")
        assert client.recv(4) == b"late"
        assert time.monotonic() - began >= 2 * SILENCE_S


def test_where_the_far_end_listens_no_more_the_proxy_refuses_too_until_it_is_back(
    tmp_path: Path,
) -> None:
    """Else a caller could not tell that nothing was done. Seen red by: an edge that always takes connections."""
    (port,) = free_ports(1)
    with Proxy(tmp_path, {EDGE: f"127.0.0.1:{port}"}) as proxy:
        host, _, near = proxy.address(EDGE).rpartition(":")
        assert _heard_of_a_first((host, int(near))) in (b"<reset>", b"<end>")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(near)), timeout=SOON_S)
        echo = Echo(port)
        client = _connected((host, int(near)))
        client.sendall(b"back")
        assert client.recv(4) == b"back"
        client.close()
        echo.close()


def test_a_url_goes_through_an_edge_with_its_login_and_path(proxy: Proxy) -> None:
    through = proxy.through(EDGE, "postgresql://app:secret%2F@127.0.0.1:5432/records")
    assert through == f"postgresql://app:secret%2F@{proxy.address(EDGE)}/records"


def _heard_of_a_first(place: tuple[str, int]) -> bytes:
    """A reset may be there as soon as the connection is, which then seems never to have been."""
    try:
        with socket.create_connection(place, timeout=SOON_S) as client:
            return heard(client)
    except ConnectionResetError:
        return b"<reset>"


def _connected(place: tuple[str, int]) -> socket.socket:
    """As soon as somebody takes it."""
    for _ in range(200):
        try:
            return socket.create_connection(place, timeout=SOON_S)
        except ConnectionRefusedError:
            threading.Event().wait(0.05)
    raise AssertionError("nobody listens")
