"""Logs hold no patient data, no secret and no exception's text."""

import json
import subprocess
import sys
from pathlib import Path

from marshmallow import Schema, fields

from shared.logs import without_values
from shared.redaction import REDACTED, is_sensitive, mark_phi, redacted

ROOT = Path(__file__).parents[2]
PROGRAM = """
import logging
from shared.logs import configure_logs, correlated, log
early = logging.getLogger("nameko.containers")
configure_logs("scheduling-serve")
with correlated("c-1"):
    log.info("booked", appointment_id="a-1", given="CANARYNAME", nested={"phone": "CANARYPHONE"})
    try:
        try:
            raise ValueError("Key (ssn)=(CANARYSSN)")
        except ValueError as error:
            raise RuntimeError("CANARYRUNTIME") from error
    except RuntimeError as error:
        log.exception("failed")
        early.error("error handling worker %s: %s", "w", error, exc_info=True)
        early.exception("no text")
log.warning("connecting", target="amqp://user:CANARYPASSWORD@host:5672")
"""


def lines():
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "CANARY" not in done.stderr
    return done.stdout


def test_nothing_of_a_patient_and_no_exception_text_reaches_the_log():
    """Seen red by: rendering exceptions with structlog's own formatter, and by dropping the library filter."""
    assert "CANARY" not in lines()


def test_every_line_is_json_with_its_process_and_correlation_id_and_library_loggers_speak():
    parsed = [json.loads(line) for line in lines().splitlines()]
    assert [line["event"] for line in parsed[:2]] == ["booked", "failed"]
    assert len(parsed) == 5
    assert {line["process"] for line in parsed} == {"scheduling-serve"}
    assert [line.get("correlation_id") for line in parsed] == ["c-1", "c-1", "c-1", "c-1", None]
    assert parsed[0]["appointment_id"] == "a-1"


def test_an_exception_is_told_by_type_frames_and_cause():
    def failing():
        raise KeyError("CANARY")

    try:
        failing()
    except KeyError as error:
        shown = without_values(error)
    assert shown["type"] == "builtins.KeyError"
    assert shown["frames"][-1].endswith(" failing")
    assert "CANARY" not in json.dumps(shown)


def test_a_field_marked_as_patient_data_in_a_schema_is_redacted_by_its_name():
    class Note(Schema):
        nickname_of_note = fields.String(metadata={"phi": True})
        kind = fields.String()

    assert not is_sensitive("nickname_of_note")
    mark_phi(Note())
    assert redacted({"nickname_of_note": "x", "kind": "y"}) == {"nickname_of_note": REDACTED, "kind": "y"}


def test_a_patients_language_is_redacted_also_by_a_process_that_knows_no_schema_of_hers():
    """Seen red by: a name that only a schema marks."""
    assert redacted({"language": "es-MX"}) == {"language": REDACTED}


def test_an_object_shows_its_type_and_not_what_it_holds():
    class Patient:
        def __repr__(self):
            return "CANARY"

    assert redacted([Patient()]) == [f"<{Patient.__qualname__}>"]
