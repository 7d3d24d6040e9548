"""Which servers are used, from what is set."""

import pytest

from cli.places import ROLE_SETTINGS, USER_SETTINGS, Places, shown
from cli.servers.process import ServerFailed

PRIVATE = Places.at("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")
ADMIN = {"FRONTDESK_ADMIN_DATABASE_URL": "postgresql://root:pw@db.example:5433/postgres?sslmode=require"}
BROKER = {
    "FRONTDESK_AMQP_URL": "amqps://mq.example:5671/clinics",
    "FRONTDESK_RABBITMQ_API_URL": "https://root:pw@mq.example:15671",
}


def test_with_nothing_set_all_is_private() -> None:
    assert PRIVATE.replaced_by({}) == PRIVATE
    assert PRIVATE.database_url("records_app", "a/b", "records") == "postgresql://records_app:a%2Fb@127.0.0.1:1/records"


def test_an_administrators_url_says_where_and_how_but_lends_its_login_to_nobody() -> None:
    """Seen red by: keeping the login; dropping the query."""
    places = PRIVATE.replaced_by(ADMIN)
    assert places.database_url("records_app", "x", "records") == (
        "postgresql://records_app:x@db.example:5433/records?sslmode=require"
    )
    assert places.amqp == PRIVATE.amqp


def test_the_brokers_virtual_host_holds_for_its_api_too() -> None:
    """Seen red by: the API's URL as it stands."""
    places = PRIVATE.replaced_by(BROKER)
    assert places.amqp_url("relay", "x") == "amqps://relay:x@mq.example:5671/clinics"
    assert places.api == "https://mq.example:15671/clinics"
    assert places.postgres == PRIVATE.postgres


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"FRONTDESK_RECORDS_DATABASE_URL": "postgresql://postgres:x@db/records"},
            "missing: FRONTDESK_SCHEDULING_DATA",
        ),
        ({**ADMIN, "FRONTDESK_RECORDS_DATABASE_URL": "postgresql://me:x@db/records"}, "it must be records_app"),
        ({**ADMIN, "FRONTDESK_RECORDS_DATABASE_URL": "postgresql://records_app:x@db/mine"}, "it must be records"),
        ({**BROKER, "FRONTDESK_RELAY_AMQP_URL": "amqp://me:x@mq/clinics"}, "it must be relay"),
        ({"FRONTDESK_AMQP_URL": "amqp://mq/"}, "missing: FRONTDESK_RELAY_AMQP_URL"),
        ({"FRONTDESK_RABBITMQ_API_URL": "http://root:x@mq:15672"}, "set FRONTDESK_AMQP_URL"),
    ],
)
def test_what_cannot_work_is_said(given: dict[str, str], says: str) -> None:
    with pytest.raises(ServerFailed, match=says):
        PRIVATE.replaced_by(given)


def test_every_login_of_the_containers_has_a_setting() -> None:
    assert len(ROLE_SETTINGS) == 13
    assert set(USER_SETTINGS) == {
        f"FRONTDESK_{user}_AMQP_URL" for user in ("RELAY", "SCHEDULING", "RECORDS", "BILLING", "NOTIFICATIONS")
    }


def test_what_is_shown_of_a_url_is_where_it_leads() -> None:
    assert shown("postgresql://root:pw@db.example/postgres") == "db.example:5432"
    assert shown("amqps://relay:pw@mq.example/") == "mq.example:5671"
