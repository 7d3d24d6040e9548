"""What the console does with accounts."""

from uuid import UUID

import pytest

from gateway.repository import LoginTaken
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from tests.fix_gateway import Front


def test_a_login_is_one_in_all_networks(front: Front) -> None:
    """A person types a login and a password, and no network. Seen red by: looking in her own network alone."""
    other = new_id()
    front.directory.open_network(other, "South")
    front.account(login="reception")
    with pytest.raises(LoginTaken):
        front.directory.add(other, "user", "Reception", "secretary", None)


def test_an_account_needs_a_network_that_stands(front: Front) -> None:
    with pytest.raises(NotFound):
        front.directory.add(new_id(), "user", "reception", "secretary", None)


@pytest.mark.parametrize(("kind", "role"), [("user", "integration"), ("client", "manager"), ("user", "owner")])
def test_programs_integrate_and_people_do_the_rest(front: Front, kind: str, role: str) -> None:
    with pytest.raises(Invalid):
        front.directory.add(front.network_id, kind, "somebody", role, None)


def test_a_network_that_is_opened_twice_stands_once(front: Front) -> None:
    front.directory.open_network(front.network_id, "North")
    assert front.directory.knows(front.network_id)
    assert front.audit("open_network") == ["allowed"]


def test_the_list_shows_who_is_disabled(front: Front) -> None:
    login, _ = front.account()
    front.directory.disable(front.network_id, login)
    (one,) = front.directory.all(front.network_id)
    assert (one["login"], one["role"], one["sites"]) == (login, "secretary", [front.site_id])
    assert one["disabled_at"] is not None
    assert not front.directory.disable(front.network_id, login)


def test_one_network_sees_nothing_of_another_ones_accounts(front: Front) -> None:
    front.account()
    assert front.directory.all(UUID(int=5)) == []


def test_no_password_is_kept_in_clear(front: Front) -> None:
    _, password = front.account("secretary")
    _, secret = front.account("integration")
    kept = [row["secret_hash"] for row in front.rows("SELECT secret_hash FROM accounts ORDER BY kind")]
    assert not any(password in one or secret in one for one in kept)
    assert kept[1].startswith("$argon2id$")
