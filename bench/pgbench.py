"""The booking's SQL without us: PostgreSQL's own pgbench sends what the product sends: what the database allows."""

import os
import re
import shutil
import subprocess
import tempfile
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from bench.processes import Meter
from bench.recording import SERVICE, Recorded, recorded_booking
from bench.whole_system import WholeSystem
from cli.servers import postgres
from shared.config import database_url

CLIENTS = 8
_FAR_AHEAD = timedelta(days=3650)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RATE = re.compile(r"tps = ([0-9.]+)")
_DONE = re.compile(r"actually processed: (\d+)")
_EACH_TIME = """\
\\set turn :turn + 1
SELECT gen_random_uuid() AS appointment_id, gen_random_uuid() AS event_id, gen_random_uuid() AS key,
       gen_random_uuid() AS patient_id,
       ('{{{practitioners}}}'::uuid[])[1 + :client_id] AS practitioner_id,
       to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS') AS begins, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS begins_z,
       to_char(at + '{length}', 'YYYY-MM-DD"T"HH24:MI:SS') AS ends,
       to_char(at + '{length}', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ends_z
FROM (SELECT timestamp '{opens_at}' + :turn * interval '{length}' AS at) AS slot \\gset
\\if :turn = 1
{preparations}
;
\\endif
{messages}
;
"""
_BETWEEN = "\n;\n"
Json = dict[str, Any]


def measure(whole: WholeSystem, seconds: float) -> Json:
    """Transactions a second of eight clients, each with a practitioner of its own, and PostgreSQL's CPU for each."""
    program = shutil.which("pgbench") or shutil.which("pgbench", path=str(postgres.binaries()))
    if program is None:
        return {"per_second": None, "per_second_reason": "pgbench is not installed"}
    body = whole.book.next_bodies(1)[0]
    script = script_of(recorded_booking(UUID(whole.seeded.network_id), body), whole.book.practitioners[:CLIENTS])
    meter = Meter({"postgresql": whole.pids["postgresql"]})
    said = _run(program, script, seconds)
    used = sum(meter.used().values())
    found, done = _RATE.search(said), _DONE.search(said)
    if found is None or done is None:
        raise RuntimeError(f"pgbench: {said[-400:]}")
    return {
        "per_second": round(float(found[1]), 1),
        "clients": CLIENTS,
        "postgresql_cpu_ms": round(used * 1000 / int(done[1]), 3),
    }


def script_of(recorded: Recorded, practitioners: Any) -> str:
    """The recorded messages for pgbench: what has to be new each time has become a variable.

    What the product prepares once a connection is prepared in a connection's first turn.
    """
    booked = recorded.appointment
    told = next(message for message in recorded.messages if "INSERT INTO outbox" in message)
    event_id = _UUID.findall(told.partition("INSERT INTO outbox")[2])[0]
    new = {
        str(booked.appointment_id): ":appointment_id",
        event_id: ":event_id",
        recorded.key: ":key",
        str(booked.patient_id): ":patient_id",  # whoever books is told what else that patient has around that time
        str(booked.practitioner_id): ":practitioner_id",
        f"{booked.start_at:%Y-%m-%dT%H:%M:%S}Z": ":begins_z",
        f"{booked.end_at:%Y-%m-%dT%H:%M:%S}Z": ":ends_z",
        f"{booked.start_at:%Y-%m-%dT%H:%M:%S}": ":begins",
        f"{booked.end_at:%Y-%m-%dT%H:%M:%S}": ":ends",
    }
    # Statements of one message stay one message (`\\;`); some end in a comment.
    messages = "\n;\n".join(message.replace(_BETWEEN, "\n\\;\n") for message in recorded.messages)
    for value, variable in new.items():
        messages = messages.replace(value, variable)
    return _EACH_TIME.format(
        practitioners=",".join(practitioners),
        length=booked.end_at - booked.start_at,
        opens_at=f"{booked.start_at + _FAR_AHEAD:%Y-%m-%dT%H:%M:%S}",
        preparations="\n;\n".join(recorded.preparations),
        messages=messages,
    )


def _run(program: str, script: str, seconds: float) -> str:
    at = urlsplit(database_url(SERVICE))
    login = {"PGUSER": unquote(at.username or ""), "PGPASSWORD": unquote(at.password or "")}
    place = {"PGHOST": at.hostname or "", "PGPORT": str(at.port), "PGDATABASE": at.path.lstrip("/")}
    options = ["-n", "-c", str(CLIENTS), "-T", str(round(seconds)), "-D", "turn=0"]
    with tempfile.NamedTemporaryFile("w", prefix="frontdesk-pgbench-", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [program, *options, "-f", file.name]
        environment = {"PATH": os.environ["PATH"], **login, **place}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
