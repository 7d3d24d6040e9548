"""PostgreSQL and RabbitMQ that others run: used where settings name them, and nothing private starts beside them."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest

from cli.instance import ROOT, Instance
from cli.places import ROLE_SETTINGS, USER_SETTINGS
from cli.servers.process import wait_until
from cli.servers.throw_away import ThrowAwayServers
from shared.messaging.broker_api import ApiRequest, BrokerApi
from shared.messaging.topology import handler_queues

pytestmark = pytest.mark.timeout(400)
RUNS = "frontdesk runs after"
VHOST = "clinics"


@pytest.fixture(scope="module")
def theirs() -> Iterator[ThrowAwayServers]:
    """The servers of somebody else, with a virtual host for us."""
    with ThrowAwayServers() as servers:
        api = BrokerApi(servers.rabbitmq.api_url)
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        api.send(ApiRequest("PUT", f"/api/vhosts/{VHOST}"))
        api.send(ApiRequest("PUT", f"/api/permissions/{VHOST}/administrator", everything))
        yield servers


@pytest.fixture(scope="module")
def instance(theirs: ThrowAwayServers) -> Iterator[Instance]:
    made = Instance.named(f"theirs-{secrets.token_hex(4)}")
    yield made
    shutil.rmtree(made.directory, ignore_errors=True)


@pytest.fixture(scope="module")
def administrators(theirs: ThrowAwayServers) -> dict[str, str]:
    """Settings with the administrators' logins."""
    place = urlsplit(theirs.rabbitmq.amqp_url).netloc.rpartition("@")[2]
    return {
        "FRONTDESK_AMQP_URL": f"amqp://{place}/{VHOST}",
        "FRONTDESK_RABBITMQ_API_URL": theirs.rabbitmq.api_url,
        "FRONTDESK_ADMIN_DATABASE_URL": theirs.postgres.admin_url,
    }


@pytest.fixture(scope="module")
def logins(instance: Instance, administrators: dict[str, str]) -> dict[str, str]:
    """Settings with every login of ours, and none of an administrator."""
    own = {name: file_text(instance, name) for name in [*ROLE_SETTINGS, *USER_SETTINGS]}
    return {"FRONTDESK_AMQP_URL": administrators["FRONTDESK_AMQP_URL"], **own}


def test_with_administrators_urls_a_bare_start_makes_and_uses_all_there(
    instance: Instance, administrators: dict[str, str], theirs: ThrowAwayServers
) -> None:
    """Seen red by: taking the broker's virtual host for the default one; `migrate` that looks and always exits 2."""
    with running(instance, administrators) as said:
        assert "claim created" in said
        assert_nothing_private(instance)
        assert_only_migrate_knows_administrators(instance)
        status = command(instance, "status")
        assert status.returncode == 0, status.stdout
        assert f"127.0.0.1:{theirs.postgres.port}" in status.stdout
    with closing(psycopg2.connect(f"{theirs.postgres.admin_url.rpartition('/')[0]}/scheduling")) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM appointments")
            assert cursor.fetchone() > (0,)
    queues = BrokerApi(theirs.rabbitmq.api_url).get(f"/api/queues/{VHOST}")
    assert {row["name"] for row in queues} >= set(handler_queues())


def test_without_administrators_urls_the_same_system_starts_with_its_own_logins(
    instance: Instance, logins: dict[str, str]
) -> None:
    with running(instance, logins) as said:
        assert "seeding" not in said
        assert_nothing_private(instance)
        assert not (instance.secrets / "admin_database_url").exists()
        assert not (instance.secrets / "rabbitmq_api_url").exists()


def test_what_is_missing_is_told_as_commands_that_mend_it(
    instance: Instance, logins: dict[str, str], theirs: ThrowAwayServers
) -> None:
    """Seen red by: commands for the default virtual host; a command without quotes around its JSON."""
    api = BrokerApi(theirs.rabbitmq.api_url)
    lost = handler_queues()[0]
    api.send(ApiRequest("DELETE", f"/api/queues/{VHOST}/{lost}"))
    as_superuser(theirs, "DROP DATABASE billing WITH (FORCE)", "ALTER ROLE gateway_app PASSWORD NULL")

    refused = command(instance, "migrate", **logins)
    assert refused.returncode == 2
    for what in (f"lacks {lost}", 'database "billing" does not exist', "PostgreSQL as gateway_app: does not get in"):
        assert what in refused.stdout
    assert not any(password in refused.stdout for password in passwords_of(logins).values())

    carry_out(refused.stdout, logins, theirs)
    assert (
        command(instance, "migrate", **logins, FRONTDESK_ADMIN_DATABASE_URL=theirs.postgres.admin_url).returncode == 0
    )
    seen = command(instance, "migrate", **logins)
    assert seen.returncode == 0, seen.stdout
    assert seen.stdout.count("up to date") == len(ROLE_SETTINGS) + len(USER_SETTINGS)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {"FRONTDESK_SCHEDULING_DATABASE_URL": "postgresql://scheduling_app:long@db/scheduling"},
            "missing: FRONTDESK_",
        ),
        ({"FRONTDESK_AMQP_URL": "amqp://mq/"}, "FRONTDESK_RELAY_AMQP_URL"),
        ({"FRONTDESK_RABBITMQ_API_URL": "http://root:long@mq:15672"}, "set FRONTDESK_AMQP_URL"),
        ({"FRONTDESK_ADMIN_DATABASE_URL": "postgresql://root:postgres@db/"}, "the one given is a default"),
        ({"FRONTDESK_ADMIN_DATABASE_URL": "postgresql://root:long@127.0.0.1:9/"}, "does not let us in"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_what_to_do(settings: dict[str, str], says: str) -> None:
    other = Instance.named(f"wrong-{secrets.token_hex(4)}")
    try:
        refused = command(other, "run", **settings)
    finally:
        shutil.rmtree(other.directory, ignore_errors=True)
    assert refused.returncode in (1, 2)
    assert says in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr


@contextmanager
def running(instance: Instance, settings: Mapping[str, str]) -> Iterator[str]:
    """`frontdesk run`, once everything is ready; gives what it said. At the end it drains and exits with 0."""
    log = instance.directory.with_suffix(".said")
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        child = subprocess.Popen(
            arguments(instance, "run"), cwd=ROOT, env=environment(settings), stdout=output, stderr=output
        )
    try:
        wait_until(lambda: RUNS in log.read_text(), 150, child, "frontdesk run", log)
        yield log.read_text()
        child.send_signal(signal.SIGTERM)
        assert child.wait(90) == 0
    finally:
        child.kill()
        child.wait()
        log.unlink()


def command(instance: Instance, name: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of that instance."""
    return subprocess.run(
        arguments(instance, name), cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False
    )


def arguments(instance: Instance, name: str) -> list[str]:
    return [sys.executable, "-m", "cli", "--instance", instance.directory.name, name]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    return {**ours, **settings}


def file_text(instance: Instance, setting: str) -> str:
    """A URL among the instance's secrets."""
    return (instance.secrets / setting.removeprefix("FRONTDESK_").lower()).read_text("utf-8").strip()


def assert_nothing_private(instance: Instance) -> None:
    home = Path(instance.read("servers")["home"])
    assert not (home / "postgres").exists()
    assert not (home / "rabbitmq").exists()


def assert_only_migrate_knows_administrators(instance: Instance) -> None:
    for process in instance.read("processes").values():
        settings = Path(f"/proc/{process['pid']}/environ").read_bytes()
        assert b"FRONTDESK_" in settings
        assert b"ADMIN_DATABASE_URL" not in settings


def passwords_of(logins: Mapping[str, str]) -> dict[str, str]:
    """User -> password."""
    parts = [urlsplit(url) for url in logins.values()]
    return {part.username: unquote(part.password) for part in parts if part.username and part.password}


def as_superuser(theirs: ThrowAwayServers, *statements: str) -> None:
    with closing(psycopg2.connect(theirs.postgres.admin_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def carry_out(said: str, logins: Mapping[str, str], theirs: ThrowAwayServers) -> None:
    """What an administrator does with the commands: fills in passwords and gives them, each by itself."""
    passwords = passwords_of(logins)
    for line in said.splitlines():
        if line.startswith("curl "):
            user = re.search(r"/api/users/(\w+)$", line)
            ready = line.replace("<password>", passwords[user[1]] if user else "")
            subprocess.run(
                ["sh", "-ec", ready], env={**os.environ, "RABBITMQ_API_URL": theirs.rabbitmq.api_url}, check=True
            )
        elif line.endswith(";"):
            role = re.match(r"CREATE ROLE (\w+)", line)
            try:
                as_superuser(theirs, line.replace("<password>", passwords.get(role[1], "") if role else ""))
            except (psycopg2.errors.DuplicateObject, psycopg2.errors.DuplicateDatabase):
                continue  # what exists already may stay
