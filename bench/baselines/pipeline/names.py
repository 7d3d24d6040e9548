"""What the pipeline's processes agree on."""

import os

EXCHANGE = "appointments"
QUEUE = "texts.on_appointment"
BOOKED = "appointment-booked"
CONSUMER = "texts"


def database_url() -> str:
    return os.environ["BENCH_DATABASE_URL"]


def broker_url() -> str:
    return os.environ["BENCH_BROKER_URL"]
