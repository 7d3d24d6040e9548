"""Our own HTTP on the wire: what is taken for an answer, and what is not."""

import contextlib
import socket
import threading

import pytest
from fix_scripted_server import answer, scripted

from shared.calls.addresses import Address
from shared.calls.wire import MAX_ANSWER_BYTES, BrokenOff, NotReached, request_of

OK = answer(200, {"version": 1}, **{"X-Two-Words": "  some value  "})


def ask(address, seconds=2.0):
    return address.post("/queries/day", {"Idempotency-Key": "k"}, b"{}", seconds)


def asked(*script):
    with scripted(*script) as server:
        return ask(Address(server.url, 4))


def head(*lines, body=b"{}"):
    return b"\r\n".join([*(line.encode() for line in lines), b"", body])


def test_status_headers_and_body_come_as_they_were_sent():
    answered = asked(OK)
    assert (answered.status, answered.body) == (200, b'{"version": 1}')
    assert answered.headers["x-two-words"] == "some value"


def test_an_answer_that_comes_byte_by_byte_is_the_same():
    """Seen red by: a head that is looked for in the last piece alone."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_in_pieces, args=(listener, OK), daemon=True).start()
        answered = ask(Address(f"http://127.0.0.1:{listener.getsockname()[1]}", 4))
    assert (answered.status, answered.body) == (200, b'{"version": 1}')


def _in_pieces(listener, whole):
    connection, _ = listener.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65536)
        for place in range(len(whole)):
            connection.sendall(whole[place : place + 1])


@pytest.mark.parametrize(
    "wrong",
    [
        head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"),
        head("HTTP/1.1 200 OK", "Content-Length: 2", "Transfer-Encoding: chunked"),
        head("HTTP/1.1 200 OK", "Content-Length: 2", "Content-Length: 3", body=b"{} "),
        head("HTTP/1.1 200 OK", "Content-Length: -2"),
        head("HTTP/1.1 200 OK", "Content-Length: 1_0", body=b"0123456789"),
        head("HTTP/1.1 200 OK", f"Content-Length: {MAX_ANSWER_BYTES + 1}"),
        head("HTTP/1.1 200 OK", "Content-Length: 1"),
        head("HTTP/1.1 200 OK", "Content-Length : 2"),
        head("HTTP/1.1 200 OK", "Content-Length: 2", " folded"),
        head("HTTP/1.1 200 OK"),
        head("HTTP/2 200", "Content-Length: 2"),
        head("HTTP/1.1 100 Continue", "Content-Length: 2"),
        head("HTTP/1.1 2000 OK", "Content-Length: 2"),
        b"x" * 100_000,
    ],
    ids=lambda wrong: wrong[:70].decode(),
)
def test_what_is_no_whole_answer_of_a_told_length_is_none(wrong):
    """It may have been carried out. Seen red by: letting through chunks, a length in other digits, more than
    its length, another kind of status line, a line that is no field, the last of two lengths; each in turn."""
    with pytest.raises(BrokenOff):
        asked(wrong)


def test_a_connection_that_the_other_side_has_ended_is_not_used_again():
    """Seen red by: taking what lies idle without a look."""
    with scripted(OK, "cut") as first:
        address = Address(first.url, 4)
        ask(address)
        with pytest.raises(BrokenOff):
            ask(address)
    with scripted(OK) as server:
        address = Address(server.url, 4)
        ask(address)
        address._idle[0]._socket.shutdown(socket.SHUT_RD)  # as if the other side had ended it
        assert ask(address).status == 200
        assert address.opened == 2


def test_words_that_nobody_asked_for_end_a_connection():
    """The next request's answer would be somebody else's. Seen red by: passing over what is more than the length."""
    with scripted(OK + OK, OK) as server:
        address = Address(server.url, 4)
        with contextlib.suppress(BrokenOff):
            ask(address)
        assert ask(address).body == b'{"version": 1}'
        assert address.opened == 2


@pytest.mark.parametrize("says", ["HTTP/1.1 200 OK\r\nConnection: close", "HTTP/1.0 200 OK"])
def test_a_connection_that_ends_with_its_answer_is_not_kept(says):
    with scripted(head(says, "Content-Length: 2")) as server:
        address = Address(server.url, 4)
        assert [ask(address).body for _ in range(2)] == [b"{}", b"{}"]
        assert address.opened == 2


def test_no_more_connections_are_kept_than_was_said():
    with scripted(OK) as server:
        address = Address(server.url, 0)
        ask(address)
        assert address._idle == []


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(NotReached):
        ask(Address(url, 4))


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\rb", "a\0b"])
def test_a_header_cannot_bring_another_with_it(value):
    """Seen red by: values taken as they are."""
    with pytest.raises(ValueError, match="line break"):
        request_of("/queries/day", "host", {"Idempotency-Key": value}, b"{}")
