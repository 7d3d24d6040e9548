"""`python -m shared.messaging.suspect SERVICE PARKED_ID`: one parked event in a process of its own.

For events that have ended a process: this one may end too. The parent has counted the attempt
before. Ends with 0 when the event was settled, 3 when it failed (the slug is the last line).
"""

import sys

from shared.logs import configure_logs
from shared.messaging.at_work import parked_retries, worker_units
from shared.messaging.parking import attempt_of

NOT_SETTLED = 3


def main(service: str, parked_id: int) -> int:
    configure_logs(f"{service}-suspect")
    units = worker_units(service, size=2)
    reason = parked_retries(service, units).attempt(attempt_of(units, parked_id))
    if reason is None:
        return 0
    print(reason)
    return NOT_SETTLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
