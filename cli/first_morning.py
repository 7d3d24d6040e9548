"""Two seeded networks and one clinic morning in the first of them."""

import time
from pathlib import Path
from uuid import UUID

from rich.console import Console

from cli import carrier
from cli.instance import Instance
from cli.morning import Morning, Place, room_for_a_morning
from cli.operator import directory
from cli.seeding import ELM, HARBOR, Seeded, seed
from shared.clock import REREAD_SECONDS, BusinessClock, set_clock
from shared.config import setting
from shared.messaging.claim_feed import feed_queue

LOGINS = "logins"


def is_empty() -> bool:
    """Whether this installation has no network yet."""
    return not any(directory().knows(plan.network_id) for plan in (ELM, HARBOR))


def play_first_morning(base_url: str, instance: Instance, console: Console) -> bool:
    """Seeds both networks, keeps their logins, plays the morning; True only if every effect was seen."""
    console.print("seeding two networks with three sites")
    elm, harbor = seed(base_url, ELM), seed(base_url, HARBOR)
    instance.write(LOGINS, logins_of(elm) | logins_of(harbor))
    place = _place(elm)
    _make_room(place, console)
    return _morning(base_url, elm, place, console).play()


def _make_room(place: Place, console: Console) -> None:
    """Late at night the simulated clock moves on into the next day, so that a visit can be seen to its end."""
    now = BusinessClock().now()
    start = room_for_a_morning(now, place)
    if start != now:
        console.print(f"it is late at {place.site_name}: the simulated clock moves on to {start:%Y-%m-%d %H:%M} UTC")
        set_clock(Path(setting("FRONTDESK_CLOCK_FILE")), start)
        time.sleep(REREAD_SECONDS)


def logins_of(seeded: Seeded) -> dict[str, str]:
    """Login (or client id, or the claim feed's user) -> password, of one network."""
    feed = {feed_queue(UUID(seeded.network_id)): seeded.feed_password} if seeded.feed_password else {}
    return {account.login: account.password for account in seeded.accounts.values()} | feed


def _place(seeded: Seeded) -> Place:
    site, practitioner, kind = seeded.sites[0], seeded.practitioners[0], seeded.types[0]
    return Place(
        site_id=site["site_id"],
        site_name=site["name"],
        zone=site["zone"],
        practitioner_id=practitioner["practitioner_id"],
        appointment_type_id=kind["appointment_type_id"],
        minutes=kind["minutes"],
    )


def _morning(base_url: str, seeded: Seeded, place: Place, console: Console) -> Morning:
    return Morning(
        place=place,
        api=seeded.sign_in(base_url, "secretary"),
        clinician=seeded.sign_in(base_url, "clinician"),
        biller=seeded.sign_in(base_url, "biller"),
        reply=lambda number, body: _reply(base_url, seeded, number, body),
        clock=BusinessClock(),
        console=console,
    )


def _reply(base_url: str, seeded: Seeded, number: str, body: str) -> None:
    status = carrier.reply(base_url, number, seeded.sender_number, body)
    if status >= 300:
        raise RuntimeError(f"the gateway refused a carrier's reply with {status}")
