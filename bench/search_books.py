"""The books of the search's benchmark: a network of its own, and appointments by the million, made where they lie.

What is booked ahead is a few days, whatever the size, and the rest is history: so the books of a network grow. Rows of
bookings and free time agree as the product's own would: free time is made by the product, and compared with bookings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.servers import Rows, run_sql
from bench.whole_system import WholeSystem
from cli.accounts import add_account, open_network
from cli.api import Api
from cli.free_time import differing, rebuild_places, units_of_scheduling
from services.scheduling.domain.free_days import Place
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.repository.time_taken import TimeTaken

SITES = 50
PEOPLE = 500
A_DAY = 24  # visits of twenty minutes from nine to five
AHEAD = 80_000  # booked ahead at most: six days full to the last minute, and most of a seventh
_ZONES = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]
_MAP = Path(__file__).with_name("search_map.sql")
_FREE_TIME = Path(__file__).with_name("search_free_time.sql")
_FILL = Path(__file__).with_name("search_fill.sql")
_AT_ONCE = 250_000  # appointments of a transaction
_PEOPLE_AT_ONCE = 100
_LOOKED_AT = 25  # places whose free time is compared
_FRIDAY = 4


@dataclass(frozen=True)
class Network:
    """What is searched. `sites` have their zones, `people` their sites; `plain` is a type of twenty minutes,
    `scan` needs a room, a device and set-up."""

    whole: WholeSystem
    network_id: UUID
    login: str
    secret: str
    sites: Mapping[str, str]
    people: Mapping[str, str]
    plain: str
    scan: str

    def manager(self) -> Api:
        """A fresh session: an access token lives five minutes."""
        api = Api(self.whole.gateway_url)
        api.sign_in(self.login, self.secret)
        return api


def furnished(whole: WholeSystem) -> Network:
    """A network with a map and with free time, and nothing booked."""
    network_id = open_network("Search Clinics", "+12025550103").network_id
    manager = add_account(network_id, "manager@search.example", "manager", None)
    asked: dict[str, Any] = {"network_id": str(network_id), "zones": _ZONES, "sites": SITES, "people": PEOPLE}
    run_sql(whole.database_url("scheduling"), _MAP.read_text("utf-8"), asked)
    types: dict[str, str] = dict(_named(whole, network_id, "appointment_types", "name, appointment_type_id::text"))
    network = Network(
        whole=whole,
        network_id=network_id,
        login=manager.login,
        secret=manager.secret,
        sites=dict(_named(whole, network_id, "sites", "site_id::text, zone")),
        people=dict(_named(whole, network_id, "working_hours", "practitioner_id::text, site_id::text")),
        plain=types["Visit"],
        scan=types["Scan"],
    )
    _make_free_time(network)
    return network


def fill(network: Network, first: int, until: int) -> None:
    """Appointments number `first` to `until`. Raises ValueError where free time is not what bookings leave."""
    url = network.whole.database_url("scheduling")
    asked = _numbered(network)
    for start in range(first, until, _AT_ONCE):
        run_sql(url, _FILL.read_text("utf-8"), asked | {"first": start, "last": min(start + _AT_ONCE, until) - 1})
    run_sql(url, "ANALYZE appointments, bookings")
    _keep_free_time(network, asked["past"][0], asked["coming"][-1])
    run_sql(url, "ANALYZE free_days")
    _compare(network)


def workdays(today: date, step: int) -> list[date]:
    """As many as any size needs: from today on (`step` 1), or back from yesterday (-1)."""
    days = (today + timedelta(days=place * step) for place in count(0 if step > 0 else 1))
    return list(islice((day for day in days if day.weekday() <= _FRIDAY), 10 if step > 0 else 900))


def _numbered(network: Network) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "network_id": str(network.network_id),
        "type_id": network.plain,
        "people": PEOPLE,
        "a_day": A_DAY,
        "ahead": AHEAD,
        "coming": workdays(today, 1),
        "past": workdays(today, -1),
    }


def _named(whole: WholeSystem, network_id: UUID, table: str, columns: str) -> Rows:
    """Two columns of the network's rows."""
    asked = f"SELECT {columns} FROM {table} WHERE network_id = %(network_id)s ORDER BY 1"
    return whole.rows("scheduling", asked, network_id=str(network_id))


def _make_free_time(network: Network) -> None:
    """By the product for one practitioner and one room or device in each zone; that of the others there is the same."""
    kinds = {(network.sites[str(it.site_id)], str(it.resource_id) in network.people): it for it in _places(network)}
    rebuild_places(units_of_scheduling(), network.network_id, kinds.values())
    asked = {"network_id": str(network.network_id)}
    run_sql(network.whole.database_url("scheduling"), _FREE_TIME.read_text("utf-8"), asked)


def _places(network: Network) -> list[Place]:
    with units_of_scheduling().for_network(network.network_id) as uow:
        return uow.free_time.places()


def _keep_free_time(network: Network, first: date, last: date) -> None:
    """As whoever books would: by the product's own statement, of everybody and all days that are kept."""
    during = TimeRange(*(datetime.combine(day, time(), UTC) for day in (first, last)))
    units, people = units_of_scheduling(), [UUID(one) for one in network.people]
    for start in range(0, PEOPLE, _PEOPLE_AT_ONCE):
        with units.for_network(network.network_id) as uow:
            TimeTaken(uow).keep_free_time(people[start : start + _PEOPLE_AT_ONCE], during)
            uow.commit()


def _compare(network: Network) -> None:
    units, places = units_of_scheduling(), _places(network)
    for place in places[:: max(1, len(places) // _LOOKED_AT)]:
        if wrong := differing(units, network.network_id, place):
            raise ValueError(f"free time is not what bookings leave: {wrong[0]}")
