"""How what is printed is written: one page, escaped words, local times."""

from datetime import date, datetime
from html import escape
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>$title</title>
  <link rel="icon" href="/day/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/day/print.css">
</head>
<body class="$kind">
$body
</body>
</html>
"""
)


def page(kind: str, title: str, body: str) -> str:
    """A whole page. `body` is HTML, `title` is words."""
    return _PAGE.substitute(kind=kind, title=words(title), body=body)


def words(value: Any) -> str:
    """What people wrote, as HTML; nothing for None."""
    return "" if value is None else escape(str(value))


def row(tag: str, cells: list[str]) -> str:
    """A row of a table; the cells are HTML."""
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def clock(instant: str | datetime, zone: str) -> str:
    """9:05 AM, on the site's clock."""
    local = _local(instant, zone)
    return f"{local.hour % 12 or 12}:{local:%M} {'PM' if local.hour >= 12 else 'AM'}"


def long_day(day: date) -> str:
    """Monday, November 23, 2026."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def local_day(instant: str | datetime, zone: str) -> date:
    """The calendar day at the site."""
    return _local(instant, zone).date()


def zone_word(instant: str | datetime, zone: str) -> str:
    """EST: which of a repeated hour it is."""
    return f"{_local(instant, zone):%Z}"


def _local(instant: str | datetime, zone: str) -> datetime:
    when = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return when.astimezone(ZoneInfo(zone))
