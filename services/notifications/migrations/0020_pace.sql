-- When the number will have sent all that it was given, by the rate that its carrier takes (real time).
ALTER TABLE senders ADD COLUMN free_at timestamptz;
