"""A minimal modern pipeline: one HTTP service, an outbox, a relay, a quorum queue, one consumer with an inbox.

No access control, tenancy, internal calls, idempotency, audit or billing: what is left is what no event-driven booking
can do without. Every process runs in the baselines' own environment, so nothing here imports the product.
"""
