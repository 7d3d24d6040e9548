"""Heads of messages between our services are read strictly: what two readers might read differently is not read."""

import pytest

from shared.calls.heads import REQUEST_LINE, STATUS_LINE, Head, fields_of


def test_fields_are_found_whatever_the_case_of_their_names():
    head = Head(fields_of([b"Content-Length: 2", b"X-Two-Words:\t some value \t", b"Empty:"]))
    assert [head.get(name) for name in ("content-length", "x-TWO-words", "Empty")] == ["2", "some value", ""]
    assert head.get("Absent") is None


def test_a_name_that_comes_twice_keeps_both_values():
    """So that two lengths are no length. Seen red by: the last one wins."""
    assert fields_of([b"Content-Length: 2", b"content-length: 3"]) == {"content-length": "2, 3"}


@pytest.mark.parametrize(
    "line",
    [b"no colon", b": no name", b"Name : space", b" folded", b"N\x00: a", b"A: a\x00b", b"A: b\rC: d", b"\xe9: x"],
)
def test_what_is_no_field_is_refused(line):
    """Seen red by: passing over what does not match."""
    with pytest.raises(ValueError, match="no header field"):
        fields_of([b"Host: a", line])


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        (b"POST /queries/day HTTP/1.1", True),
        (b"GET /healthz HTTP/1.0", True),
        (b"GET /healthz", False),
        (b"GET  /healthz HTTP/1.1", False),
        (b"GET /a b HTTP/1.1", False),
        (b"GET /a HTTP/2.0", False),
        (b"G\xc3\xa4T / HTTP/1.1", False),
        (b"GET http://else/ HTTP/1.1", False),
        (b"", False),
    ],
)
def test_a_request_line_is_read_as_a_whole_or_not_at_all(line, is_read):
    assert bool(REQUEST_LINE.fullmatch(line)) is is_read


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        (b"HTTP/1.1 200 OK", True),
        (b"HTTP/1.0 503 Service Unavailable", True),
        (b"HTTP/1.1 204", True),
        (b"HTTP/1.1 100 Continue", False),
        (b"HTTP/2 200", False),
        (b"HTTP/1.1 20 OK", False),
        (b"garbage", False),
    ],
)
def test_a_status_line_is_one_of_an_answer_that_is_the_last_word(line, is_read):
    assert bool(STATUS_LINE.fullmatch(line)) is is_read
