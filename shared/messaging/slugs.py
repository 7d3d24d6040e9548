"""Errors as slugs: what may stand in parked rows, lists, metrics and logs. Never an exception's text."""

import re

import psycopg2

from shared.errors import DomainError

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def slug_of(error: BaseException) -> str:
    """`appointment-overlaps` of the domain, `database-23505` of PostgreSQL, else the class: `failed-key-error`."""
    if isinstance(error, DomainError):
        return error.slug
    if isinstance(error, psycopg2.Error):
        return f"database-{error.pgcode or 'unknown'}"
    return "failed-" + _WORDS.sub("-", type(error).__name__).lower()
