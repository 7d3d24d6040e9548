"""Bytes that are no request that two servers would read alike: refused, as a problem, on the wire."""

import json
import socket
from urllib.parse import urlsplit

import pytest
from fix_system import RunningSystem

HOST = b"Host: x\r\n"
POST = b"POST /v1/sessions HTTP/1.1\r\n" + HOST
GET = b"GET /v1/me HTTP/1.1\r\n" + HOST
CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"

UNREADABLE = {
    "no host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "two hosts": (400, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    "a TLS greeting": (400, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"),
    "HTTP/0.9": (400, b"GET /\r\n\r\n"),
    "HTTP/2.0": (400, b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
    "a long address": (414, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a long header": (431, GET + b"X: " + b"a" * 9000 + b"\r\n\r\n"),
    "a megabyte of headers": (431, GET + b"".join(b"X%d: %s\r\n" % (n, b"a" * 4000) for n in range(250)) + b"\r\n"),
    "two hundred headers": (431, GET + b"".join(b"X%d: 1\r\n" % n for n in range(200)) + b"\r\n"),
    "two lengths": (400, POST + b"Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}"),
    "the same length twice": (400, POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
    "a list of lengths": (400, POST + b"Content-Length: 2, 2\r\n\r\n{}"),
    "a signed length": (400, POST + b"Content-Length: +2\r\n\r\n{}"),
    "a length below nothing": (400, POST + b"Content-Length: -1\r\n\r\n{}"),
    "chunks": (411, POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS),
    "a length and chunks": (400, POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
    "a space before the colon": (400, POST + b"Content-Length : 2\r\n\r\n{}"),
    "a folded header": (400, GET + b"X: a\r\n b\r\n\r\n"),
    "a NUL in a header": (400, GET + b"X: a\x00b\r\n\r\n"),
    "a method that is no word": (400, b"G\xc3\xa4T / HTTP/1.1\r\n" + HOST + b"\r\n"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_as_one_request_is_answered_as_a_problem(system: RunningSystem, name: str) -> None:
    """Seen red by: eventlet's own protocol, which answered eleven of these in plain text, with nothing, or not at all,
    and took two lengths, a signed one and chunks without their body."""
    expected, raw = UNREADABLE[name]
    status, headers, body = sent(system, raw)
    assert status == expected
    assert headers["content-type"] == "application/problem+json"
    problem = json.loads(body)
    assert (problem["status"], problem["correlation_id"]) == (status, headers["frontdesk-correlation-id"])


def test_a_request_in_the_form_for_proxies_is_read_like_any_other(system: RunningSystem) -> None:
    status, _, body = sent(system, b"GET http://x/v1/me?a=1 HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (status, json.loads(body)["slug"]) == (401, "unauthenticated")


def test_a_refused_request_is_the_last_of_its_connection(system: RunningSystem) -> None:
    """What follows may be the rest of a body: read as a request it would be another's. Seen red by: `_refuse` that
    keeps the connection open."""
    hidden = b"GET /v1/day HTTP/1.1\r\n" + HOST + b"\r\n"
    whole = exchange(system, POST + b"Content-Length: 0\r\nContent-Length: 45\r\n\r\n" + hidden)
    assert (whole.count(b"HTTP/1.1 "), b"Connection: close" in whole) == (1, True)


def sent(system: RunningSystem, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of the first answer."""
    head, _, body = exchange(system, raw).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body[: int(headers.get("content-length", 0))]


def exchange(system: RunningSystem, raw: bytes) -> bytes:
    """All that comes back for those bytes, until the server closes or an answer without `close` is whole."""
    at = urlsplit(system.gateway_url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=20) as connection:
        connection.sendall(raw)
        got = b""
        while part := connection.recv(65536):
            got += part
            if b"\r\n\r\n" in got and b"Connection: close" not in got:
                break
        return got
