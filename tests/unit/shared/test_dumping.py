"""The quick way of dumping dicts gives what marshmallow's own gives."""

from dataclasses import dataclass
from typing import Any

import pytest
from marshmallow import Schema, fields

from shared.dumping import DictSchema


class _Name(Schema):
    given = fields.String()


class _Plain(Schema):
    name = fields.Nested(_Name, allow_none=True)
    names = fields.List(fields.Nested(_Name))
    count = fields.Integer(dump_default=7)
    renamed = fields.String(data_key="shown")
    taken_from = fields.String(attribute="place.zone")
    computed = fields.Function(lambda shown: len(shown["names"]))


class _QuickName(_Name, DictSchema):
    pass


class _Quick(_Plain, DictSchema):
    name = fields.Nested(_QuickName, allow_none=True)
    names = fields.List(fields.Nested(_QuickName))


_WHOLE = {
    "name": {"given": "Wanda", "unknown": 1},
    "names": [{"given": "Ada"}, {}],
    "count": "3",
    "renamed": "r",
    "place": {"zone": "UTC"},
}


@pytest.mark.parametrize("given", [_WHOLE, {"names": []}, _WHOLE | {"name": None, "count": None}])
def test_a_dict_is_dumped_as_any_schema_dumps_it(given: dict[str, Any]) -> None:
    """Defaults, other names, nested and computed fields, what is missing and what is null.

    Seen red by: a field's own key and attribute passed over; a missing value dumped as null; defaults left out.
    """
    assert _Quick().dump(given) == _Plain().dump(given)
    assert list(_Quick().dump(given)) == list(_Plain().dump(given))
    assert _Quick().dump([given, given], many=True) == _Plain().dump([given, given], many=True)


def test_an_object_that_is_no_dict_is_dumped_as_ever() -> None:
    """Seen red by: every object taken for a dict."""

    @dataclass
    class Name:
        given: str

    assert _QuickName().dump(Name("Ada")) == {"given": "Ada"}
