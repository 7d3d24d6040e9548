"""People and programs, from the console to the door, on a whole system."""

import re

import pytest
from fix_desk import WITHIN_A_MINUTE, Desk, answer, is_out

from cli.api import Api, ApiRefused


@pytest.mark.requirement("36e")
@pytest.mark.timeout(200)
def test_a_user_who_is_disabled_is_out_within_a_minute(desk: Desk) -> None:
    """Seen red by: standings that are read once and kept while the token lasts."""
    login, person = desk.person()
    assert answer(person, "GET", "/v1/me").status == 200
    done = desk.command("user", "disable", login, "--network", desk.elm.network_id)
    assert done.returncode == 0, done.stderr
    desk.wait_until(lambda: is_out(person), WITHIN_A_MINUTE)


def test_the_console_adds_a_person_who_can_sign_in(desk: Desk) -> None:
    site = desk.elm.sites[0]["name"]
    login = f"front-{desk.number()[-6:]}@elm.example"
    done = desk.command("user", "add", login, "--network", desk.elm.network_id, "--role", "secretary", "--site", site)
    password = re.search(r"password +(\S+)", done.stdout)
    assert password, done.stderr
    api = Api(desk.system.gateway_url)
    api.sign_in(login, password.group(1))
    assert [one["name"] for one in api.get("/v1/sites")["items"]] == [site]
    listed = desk.command("user", "list", "--network", desk.elm.network_id)
    assert login.split("@")[0] in listed.stdout
    assert password.group(1) not in listed.stdout


def test_a_network_is_added_twice_and_stands_once(desk: Desk) -> None:
    name = f"Twice {desk.number()}"
    first, second = (desk.command("network", "add", name) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    network_id = re.search(r"network id +(\S+)", first.stdout)
    assert network_id
    assert network_id.group(1) in second.stdout
    assert "password" in first.stdout
    assert "password" not in second.stdout
    for service in ("scheduling", "records", "billing", "notifications", "gateway"):
        assert len(desk.rows(service, "SELECT 1 FROM networks WHERE network_id = %(n)s", n=network_id.group(1))) == 1


def test_a_login_that_is_taken_is_refused_in_one_line(desk: Desk) -> None:
    login = desk.elm.accounts["secretary"].login
    arguments = ("user", "add", login, "--network", desk.harbor.network_id, "--role", "secretary", "--all-sites")
    done = desk.command(*arguments)
    assert done.returncode == 1
    assert done.stderr.strip() == "frontdesk: That login is in use"


def test_a_program_signs_in_by_its_secret_and_not_by_a_password(desk: Desk) -> None:
    account = desk.elm.accounts["integration"]
    with pytest.raises(ApiRefused):
        Api(desk.system.gateway_url).sign_in(account.login, account.password)
    assert desk.elm.sign_in(desk.system.gateway_url, "integration").get("/v1/me")["role"] == "integration"


def test_the_clock_shows_what_pages_show(desk: Desk) -> None:
    shown = desk.command("clock", "show").stdout
    now = desk.session().get("/v1/me")["now"]
    assert "simulated" in shown
    assert shown[:13] == now[:13]
