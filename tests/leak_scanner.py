"""Finds canaries in bytes, however they are spelled: plain, for JSON, for a URL, in base64 at any offset, in hex."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

SHORTEST = 8


def spellings(value: str) -> set[bytes]:
    """Every spelling of a value that is searched for."""
    raw = value.encode()
    escaped = json.dumps(value)[1:-1].encode()
    urls = {quote(value, safe="").encode(), quote_plus(value).encode()}
    plain = {raw, value.lower().encode(), value.casefold().encode(), escaped, *urls, *(url.lower() for url in urls)}
    return plain | {raw.hex().encode(), raw.hex().upper().encode()} | _base64(raw)


def _base64(raw: bytes) -> set[bytes]:
    """The part of each of the three codings that does not depend on what stands before and behind."""
    found = set()
    for offset, spoiled in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(b"\0" * offset + raw).rstrip(b"=")
        whole = coded[spoiled:] if (offset + len(raw)) % 3 == 0 else coded[spoiled:-1]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return found


class Scanner:
    """`canaries`: what it is -> its value, which nobody else has."""

    def __init__(self, canaries: Mapping[str, str]) -> None:
        short = {name for name, value in canaries.items() if len(value) < SHORTEST}
        if short:
            raise ValueError(f"too short to be told from chance: {sorted(short)}")
        self._needles = [(name, needle) for name, value in canaries.items() for needle in spellings(value)]

    def hits(self, haystack: bytes) -> set[str]:
        """The canaries that are in it."""
        return {name for name, needle in self._needles if needle in haystack}
