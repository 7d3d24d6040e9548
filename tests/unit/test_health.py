"""Health pages and metrics."""

import json

import pytest

from shared.health import Health
from shared.metrics import counter


def ready(health):
    status, body, _ = health.page("/readyz")
    return status.split()[0], json.loads(body)["checks"]


def test_a_process_is_ready_when_every_check_holds():
    health = Health()
    health.register("database", lambda: True)
    assert ready(health) == ("200", {"accepting": True, "database": True})
    health.register("consumers", lambda: 1 / 0)
    assert ready(health) == ("503", {"accepting": True, "database": True, "consumers": False})


def test_a_process_that_drains_is_alive_and_not_ready():
    health = Health()
    health.drain()
    assert ready(health) == ("503", {"accepting": False})
    assert health.page("/healthz")[0] == "200 OK"


def test_other_paths_are_no_pages_of_health():
    assert Health().page("/v1/appointments") is None


def test_metrics_are_named_for_frontdesk_and_labelled_from_the_closed_list_only():
    counter("test_things_total", "Things.", "operation").labels("book_appointment").inc()
    body = Health().page("/metrics")[1].decode()
    assert 'frontdesk_test_things_total{operation="book_appointment"} 1.0' in body
    with pytest.raises(ValueError, match="closed list"):
        counter("test_paths_total", "Paths.", "path")
