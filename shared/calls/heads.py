"""The head of an HTTP message, read strictly: a field is one line with a name, a colon and a value, or nothing is read.

The standard library reads heads as e-mails, which forgives much and took a tenth of what a call costs its service.
"""

import re
from collections.abc import Iterable

BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (/[!-~]*) HTTP/1\.([01])")
STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([2-5]\d\d)(?: .*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\0]*)")


def fields_of(lines: Iterable[bytes]) -> dict[str, str]:
    """Values by names in small letters; several of one name with commas between. Raises ValueError."""
    fields: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise ValueError("no header field")
        name, value = field[1].decode("ascii").lower(), field[2].decode("latin-1").strip(" \t")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


class Head:
    """The fields of a request as eventlet's server asks for them."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._fields = fields
        self._headers = list(fields.items())

    def get(self, name: str, default: str | None = None) -> str | None:
        """A field's value, whatever the case of its name."""
        return self._fields.get(name.lower(), default)

    def get_content_type(self) -> str:
        """What it is where no field says so."""
        return "application/octet-stream"
