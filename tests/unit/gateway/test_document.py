"""The OpenAPI document: valid, complete, and true to itself."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from gateway.endpoint import Route
from gateway.openapi import document
from gateway.routes import ROUTES

SHOWN = [one for one in ROUTES if not one.hidden]
DOCUMENT = document(ROUTES)
FORMATS = Draft202012Validator.FORMAT_CHECKER
AT = "urn:frontdesk:openapi"


def test_the_document_is_valid_openapi() -> None:
    """Seen red by: a response without a description."""
    validate(DOCUMENT)


def test_every_example_holds_to_its_schema() -> None:
    """Seen red by: an example of a consent whose `given` was a name."""
    found = list(_examples(DOCUMENT, ""))
    assert len(found) > 300
    assert {at: _errors(at, example) for at, example in found if _errors(at, example)} == {}


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.name)
def test_every_answer_with_a_body_has_an_example(one: Route) -> None:
    """Seen red by: a problem without one."""
    for status, response in _operation(one)["responses"].items():
        for media in response.get("content", {}).values():
            told = "example" in media or media["schema"] in _WITHOUT_FIELDS
            assert told, (one.name, status)


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.name)
def test_every_operation_says_its_scope_and_who_has_it(one: Route) -> None:
    """Seen red by: `security` without the scope."""
    operation = _operation(one)
    needed = [one.scope] if one.scope else []
    assert all(list(way.values()) == [needed] for way in operation["security"])
    assert bool(operation["security"]) == (one.auth == "session")
    assert operation.get("x-scope") == one.scope
    assert one.scope is None or f"Scope `{one.scope}`" in operation["description"]


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.name)
def test_every_refusal_is_a_problem(one: Route) -> None:
    """Seen red by: 404 described as plain JSON."""
    for status, response in _operation(one)["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"], status


_WITHOUT_FIELDS = ({"type": "object"}, {"$ref": "#/components/schemas/LiveEvent"})
_REGISTRY: Registry[Any] = Registry().with_resource(AT, Resource(contents=DOCUMENT, specification=DRAFT202012))


def _operation(one: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][one.path][one.method.lower()]
    return found


def _examples(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    """(pointer to the schema, example) of everything that has both, and of schemas with an example."""
    if isinstance(value, dict):
        if "example" in value:
            yield (f"{at}/schema" if "schema" in value else at), value["example"]
        for name, each in value.items():
            if name != "example":
                yield from _examples(each, f"{at}/{_step(name)}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _examples(each, f"{at}/{place}")


def _errors(pointer: str, example: Any) -> list[str]:
    check = Draft202012Validator({"$ref": f"{AT}#{pointer}"}, registry=_REGISTRY, format_checker=FORMATS)
    return [error.message for error in check.iter_errors(example)]


def _step(name: str) -> str:
    """One step of a JSON pointer in a URI's fragment."""
    return quote(name.replace("~", "~0").replace("/", "~1"))
