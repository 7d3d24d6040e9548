"""The description of this API, and the gateway's own pages: no outside assets, a strict content security policy."""

from functools import cache
from pathlib import Path
from typing import Any

from gateway.endpoint import ROUTES, Call, Reply, route
from gateway.errors import dumped
from gateway.openapi import document

PAGES = Path(__file__).resolve().parents[1] / "pages"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@route("GET", "/openapi.json", auth="public", hidden=True)
def get_openapi(_: Call) -> Any:
    """OpenAPI 3.1 of every route."""
    return Reply(_openapi())


@route("GET", "/", auth="public", hidden=True)
def go_to_day(_: Call) -> Any:
    """The day page is the front door."""
    return Reply(status=302, headers={"Location": "/day"})


@route("GET", "/day", auth="public", hidden=True, media_type="text/html")
def show_day_page(_: Call) -> Any:
    """The day page."""
    return _page("day.html")


@route("GET", "/day/day.css", auth="public", hidden=True, media_type="text/css")
def get_day_style(_: Call) -> Any:
    """Its style."""
    return _page("day.css")


@route("GET", "/day/day.js", auth="public", hidden=True, media_type="text/javascript")
def get_day_script(_: Call) -> Any:
    """Its script."""
    return _page("day.js")


@route("GET", "/day/sheet.js", auth="public", hidden=True, media_type="text/javascript")
def get_sheet_script(_: Call) -> Any:
    """What draws its list."""
    return _page("sheet.js")


@route("GET", "/day/steps.js", auth="public", hidden=True, media_type="text/javascript")
def get_steps_script(_: Call) -> Any:
    """What can be done with an appointment there."""
    return _page("steps.js")


@route("GET", "/day/desk.js", auth="public", hidden=True, media_type="text/javascript")
def get_desk_script(_: Call) -> Any:
    """What concerns the whole day there."""
    return _page("desk.js")


@route("GET", "/day/begin.js", auth="public", hidden=True, media_type="text/javascript")
def get_begin_script(_: Call) -> Any:
    """What starts it."""
    return _page("begin.js")


@route("GET", "/day/print.css", auth="public", hidden=True, media_type="text/css")
def get_print_style(_: Call) -> Any:
    """The style of what is printed."""
    return _page("print.css")


@route("GET", "/day/icon.svg", auth="public", hidden=True, media_type="image/svg+xml")
def get_icon(_: Call) -> Any:
    """The icon of our pages."""
    return _page("icon.svg")


@route("GET", "/docs", auth="public", hidden=True, media_type="text/html")
def show_docs_page(_: Call) -> Any:
    """The API's description to browse."""
    return _page("docs.html")


@route("GET", "/docs/docs.css", auth="public", hidden=True, media_type="text/css")
def get_docs_style(_: Call) -> Any:
    """Its style."""
    return _page("docs.css")


@route("GET", "/docs/docs.js", auth="public", hidden=True, media_type="text/javascript")
def get_docs_script(_: Call) -> Any:
    """Its script."""
    return _page("docs.js")


@cache
def _openapi() -> bytes:
    return dumped(document(ROUTES))


def _page(name: str) -> Reply:
    path = PAGES / name
    return Reply(path.read_bytes(), headers={"Content-Security-Policy": POLICY}, media_type=_TYPES[path.suffix])
