-- Offers that lapse are looked for again and again, and so is what stands proposed: both are few, whatever the history.
CREATE INDEX reschedules_expires_idx ON reschedules (network_id, expires_at) WHERE state IN ('offered', 'to-call');
