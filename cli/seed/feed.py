"""The claim feed of a seeded network, made by billing's database from the claims in it."""

from contextlib import closing
from uuid import UUID

from cli.seed.copying import administrators

# Numbered as the feed itself does: by the time of the fact, then the claim (services/billing/domain/feed.py).
_ROWS = """
INSERT INTO claim_feed_rows
    (network_id, sequence, event_type, claim_id, claim_version, encounter_id, site_id, status, held_reason, payer_id,
     total_cents, currency, occurred_at)
SELECT network_id, row_number() OVER (ORDER BY created_at, claim_id), CASE status WHEN 'held' THEN 'claim-held'
       ELSE 'claim-created' END, claim_id, version, encounter_id, site_id, status, held_reason, payer_id, total_cents,
       currency, created_at
FROM claims WHERE network_id = %(network_id)s
"""
_END = """
INSERT INTO claim_feeds (network_id, sequence)
SELECT %(network_id)s, count(*) FROM claim_feed_rows WHERE network_id = %(network_id)s
"""


def write_feed(network_id: UUID) -> None:
    """One row for each claim, without a gap, and the counter at its end."""
    with closing(administrators("billing")) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '512MB'")
        for statement in (_ROWS, _END):
            cursor.execute(statement, {"network_id": str(network_id)})
