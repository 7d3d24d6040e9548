-- A text that the carrier certainly did not take is due again: how often it was tried, since when, and when next.

-- Real time: how long a carrier is away has nothing to do with the clinic's clock.
ALTER TABLE texts
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN first_tried_at timestamptz,
    ADD COLUMN next_try_at timestamptz,
    DROP CONSTRAINT texts_attempt_check,
    -- What was sent or may have been sent has its attempt; what is due again keeps the last one.
    ADD CONSTRAINT texts_attempt_check CHECK (attempt_id IS NOT NULL OR status IN ('due', 'skipped')),
    DROP CONSTRAINT texts_status_check,
    ADD CONSTRAINT texts_status_check CHECK
        (status IN ('due', 'claimed', 'accepted', 'delivered', 'failed', 'refused', 'unknown', 'skipped'));

-- A claim of one text keeps the appointment's other text waiting.
CREATE INDEX texts_in_hand_idx ON texts (network_id, appointment_id) WHERE status = 'claimed';

-- Which text told last and what was told before it, so that a telling that never left can be taken back.
ALTER TABLE tellings
    ADD COLUMN told_by uuid,
    ADD COLUMN before_status text CONSTRAINT tellings_before_status_check CHECK (before_status IN ('booked', 'cancelled')),
    ADD COLUMN before_start_at timestamptz;
