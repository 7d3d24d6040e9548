"""What every route works with: sessions, services, cursors, clock and a few settings, put together once."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from gateway.calendars.secrets import LinkSecrets
from gateway.clients import Services
from gateway.cursors import Cursors
from gateway.outside.admission import Admission
from gateway.repository import AccountsUnit, LookUps
from gateway.sessions import Desk
from gateway.standings import Standings
from gateway.tokens import Tokens
from shared.carriers import CarrierAccounts
from shared.clock import Clock
from shared.database.units import UnitFactory

if TYPE_CHECKING:
    from gateway.day import DayFeeds


@dataclass(frozen=True, kw_only=True)
class Door:
    """The gateway's parts. Routes reach them as `call.door`."""

    services: Services
    desk: Desk
    tokens: Tokens
    standings: Standings
    outside: Admission
    units: UnitFactory[AccountsUnit]
    look_ups: LookUps
    cursors: Cursors
    link_secrets: LinkSecrets
    clock: Clock
    feeds: "DayFeeds"
    webhook_secret: str = field(repr=False)
    # Whose webhooks are believed: where there are none, no carrier's are.
    carriers: CarrierAccounts
    public_url: str
    simulated: bool
    secure_cookies: bool
    # Sites that scheduling was once asked for, by network: a site is never taken away.
    known_sites: set[tuple[UUID, str]] = field(default_factory=set)
