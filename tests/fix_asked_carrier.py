"""Notifications and the misbehaving carrier: the adapter between them, with short time-outs."""

from collections.abc import Callable
from datetime import timedelta

from fix_carrier_http import ACCOUNT, SECRET
from fix_notifications import Desk

from services.notifications.adapters.exchange import Exchange
from services.notifications.adapters.form_gateway import FormGateway

NUMBER = "+12025550100"
PUBLIC = "https://desk.example"


def gateway_at(url: str, secret: str = SECRET) -> FormGateway:
    return FormGateway(Exchange(url, ACCOUNT, secret, connect_s=1.0, answer_s=1.0), ACCOUNT, PUBLIC)


def once(how: str) -> Callable[[int], str]:
    """Misbehaves at the first text, and never again."""
    return lambda n: how if n == 0 else "ok"


def book(desk: Desk, number: str = NUMBER) -> None:
    desk.hear(desk.visit(desk.patient(number)))


def later(desk: Desk, **passed: float) -> None:
    desk.real_time.instant += timedelta(**passed)
