"""Every guarantee with the run that turns red when it is taken away: proof that the checker can see.

The mutated behaviour is planted from outside (tests/faults/planted, or SQL). The same run with nothing but its
`circumstances` has to be green.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import mutated_runs as runs
from ground import Ground


class Sql(NamedTuple):
    """A guarantee of the database: how it is taken away, and given back."""

    service: str
    away: str
    back: str


NO_SQL = Sql("scheduling", "SELECT", "SELECT")


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """`run` drives a load and gives what went wrong in it already; `red` is what has to be named at the end."""

    name: str
    processes: Sequence[str]
    run: Callable[[Ground], list[str]]
    red: str
    circumstances: Sequence[str] = ()
    planted: bool = True
    sql: Sql = NO_SQL
    quick: bool = False


_NO_EXCLUSION = Sql(
    "scheduling",
    "ALTER TABLE bookings DROP CONSTRAINT bookings_excl",
    (
        "ALTER TABLE bookings ADD CONSTRAINT bookings_excl"
        " EXCLUDE USING gist (network_id WITH =, resource_id WITH =, lane WITH =, during WITH &&)"
    ),
)
_MAY_DRAW_IDS = Sql(
    "scheduling",
    "GRANT USAGE ON SEQUENCE outbox_id_seq TO scheduling_app",
    "REVOKE USAGE ON SEQUENCE outbox_id_seq FROM scheduling_app",
)

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        name="exclusion-constraint-dropped",
        processes=["scheduling"],
        circumstances=["no-locks", "slow-commits"],  # under locks the constraint is never asked
        planted=False,
        sql=_NO_EXCLUSION,
        run=runs.many_ask_for_one_time,
        red="two bookings at one time",
        quick=True,
    ),
    Mutation(
        name="id-cursor-relay",
        processes=["relay", "scheduling"],
        circumstances=["slow-commits"],
        run=runs.bookings_end_in_another_order,
        red="outbox rows to publish",
    ),
    Mutation(
        name="several-relays",
        processes=["relay"],
        circumstances=["slow-relays"],
        run=runs.two_relays_find_a_backlog,
        red="an older version published behind a newer one",
    ),
    Mutation(
        name="inbox-in-another-transaction",
        processes=["notifications"],
        run=runs.a_handler_dies_behind_its_inbox_row,
        red="sites in notifications",
    ),
    Mutation(
        name="mark-before-confirm",
        processes=["relay"],
        run=runs.a_relay_dies_with_what_it_sent,
        red="sites in notifications",
        quick=True,
    ),
    Mutation(
        name="confirms-off",
        processes=["relay"],
        run=runs.a_broker_dies_with_what_it_was_given,
        red="sites in notifications",
    ),
    Mutation(
        name="mandatory-off",
        processes=["relay"],
        run=runs.a_binding_is_missing_for_a_while,
        red="sites in notifications",
        quick=True,
    ),
    Mutation(
        name="stock-error-handling",
        processes=["notifications"],
        run=runs.a_handler_errs_once,
        red="sites in notifications",
    ),
    Mutation(
        name="no-command-key",
        processes=["scheduling", "records"],
        run=runs.clients_ask_again_with_their_keys,
        red="asked again, answered otherwise",
        quick=True,
    ),
    Mutation(
        name="outbox-row-before-the-lock",
        processes=["scheduling"],
        circumstances=["slow-begins"],
        sql=_MAY_DRAW_IDS,
        run=runs.many_move_one_appointment,
        red="events whose ids do not follow their versions",
    ),
    Mutation(
        name="text-before-its-claim",
        processes=["notifications-work"],
        circumstances=["short-claims"],
        run=runs.a_sender_dies_once_the_carrier_has_the_text,
        red="a text that the carrier has and we know nothing of",
    ),
    Mutation(
        name="opt-out-when-queued-only",
        processes=["notifications", "notifications-work"],
        run=runs.a_stop_comes_while_a_text_is_queued,
        red="a text claimed after its number had opted out",
    ),
    Mutation(
        name="holds-count-as-over",
        processes=["scheduling"],
        run=runs.a_held_time_is_wanted_by_another,
        red="was given to",
    ),
    Mutation(
        name="later-visit-keeps-its-time",
        processes=["scheduling"],
        run=runs.somebody_takes_an_earlier_time_at_the_other_site,
        red="an appointment whose booking is not its time",
    ),
)
