"""Settings of a broker may name every node of a cluster."""

import pytest
from kombu import Connection

from cli.logins import write_urls
from cli.migrate import broker_passwords
from cli.places import Places, administers_broker, shown
from cli.secrets import DefaultSecret, make_keys, read_secret, refuse_defaults
from cli.servers.process import ServerFailed
from shared.config import addresses_in
from shared.messaging.bindings_watch import api_url_as
from shared.messaging.broker_api import BrokerApi, BrokerRefused

NODES = "amqp://one:5672/clinics amqp://two/clinics"
APIS = "http://root:pw@one:15672;http://root:pw@two:15672"
GIVEN = {"FRONTDESK_AMQP_URL": NODES, "FRONTDESK_RABBITMQ_API_URL": APIS}
PRIVATE = Places.at("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")


@pytest.mark.parametrize("between", [" ", ";", " ; ", "\n"])
def test_addresses_stand_between_spaces_or_semicolons(between: str) -> None:
    assert addresses_in(f"amqp://a/{between}amqp://b/") == ["amqp://a/", "amqp://b/"]


def test_a_login_is_made_for_every_node() -> None:
    """Seen red by: a login for the first node."""
    places = PRIVATE.replaced_by(GIVEN)
    assert places.amqp_url("relay", "a;b") == "amqp://relay:a%3Bb@one:5672/clinics amqp://relay:a%3Bb@two/clinics"
    assert places.api == "http://one:15672/clinics http://two:15672/clinics"
    assert shown(places.amqp) == "one:5672, two:5672"
    assert administers_broker(GIVEN)


def test_the_administrators_login_at_every_node_is_kept(tmp_path) -> None:
    make_keys(tmp_path)
    write_urls(tmp_path, PRIVATE.replaced_by(GIVEN))
    kept = read_secret(tmp_path, "rabbitmq_api_url")
    assert kept == "http://root:pw@one:15672/clinics http://root:pw@two:15672/clinics"
    assert BrokerApi(kept).vhost == "clinics"


def test_no_node_may_have_a_default_login() -> None:
    """Seen red by: looking at the whole as one URL."""
    with pytest.raises(DefaultSecret):
        refuse_defaults({"FRONTDESK_RELAY_AMQP_URL": "amqp://relay:x@one/ amqp://guest:guest@two/"})


def test_every_node_is_entered_as_the_same_user() -> None:
    """Seen red by: looking at the first alone."""
    with pytest.raises(ServerFailed, match="it must be relay"):
        PRIVATE.replaced_by({**GIVEN, "FRONTDESK_RELAY_AMQP_URL": "amqp://relay:x@one/ amqp://me:x@two/"})


def test_a_users_password_is_the_first_addresss(monkeypatch) -> None:
    for user in ("RELAY", "SCHEDULING", "RECORDS", "BILLING", "NOTIFICATIONS"):
        monkeypatch.setenv(f"FRONTDESK_{user}_AMQP_URL", f"amqp://x:{user}@one/v amqp://x:{user}@two/v")
    assert broker_passwords()["billing"] == "BILLING"


def test_the_relay_looks_at_every_nodes_api_as_itself() -> None:
    asked = api_url_as("http://one:15672 http://two:15672", "amqp://relay:pw@one/v amqp://relay:pw@two/v")
    assert asked == "http://relay:pw@one:15672/v http://relay:pw@two:15672/v"


def test_an_api_that_nobody_answers_names_every_address() -> None:
    nobody = BrokerApi("http://root:pw@127.0.0.1:1 http://root:pw@127.0.0.1:2")
    with pytest.raises(BrokerRefused, match=r"at http://127.0.0.1:1, http://127.0.0.1:2$"):
        nobody.get("/api/overview")


def test_kombu_goes_on_with_the_next_address_after_it_was_cloned() -> None:
    """nameko clones what it is given: what kombu promises of a cluster has to survive that."""
    connection = Connection("amqp://one:1//;amqp://two:2//").clone()
    assert connection.hostname == "one"
    connection.maybe_switch_next()
    assert connection.hostname == "two"
