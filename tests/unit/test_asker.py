"""What an asker may see and do."""

from uuid import UUID

import pytest

from shared.asker import Asker
from shared.errors import Forbidden, NotFound

NETWORK, HERS, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def secretary(**changes):
    fields = {"actor_id": "u1", "actor_kind": "user", "network_id": NETWORK, "sites": frozenset({HERS})}
    return Asker(**{**fields, "scopes": frozenset({"appointments:read"}), **changes})


def test_a_site_that_is_not_hers_looks_as_if_it_did_not_exist():
    secretary().require_site(HERS)
    with pytest.raises(NotFound) as refused:
        secretary().require_site(OTHER)
    assert refused.value.details == {}


def test_no_list_of_sites_means_every_site_and_an_empty_list_means_none():
    assert secretary(sites=None).may_see(OTHER)
    assert not secretary(sites=frozenset()).may_see(HERS)


def test_a_missing_scope_is_forbidden():
    secretary().require("appointments:read")
    with pytest.raises(Forbidden):
        secretary().require("appointments:write")


def test_a_program_and_a_person_with_the_same_id_are_two_principals():
    assert secretary().principal != secretary(actor_kind="client").principal
