-- The carrier's receipts are kept of what is said back to a reply too.

ALTER TABLE responses
    DROP CONSTRAINT responses_status_check,
    ADD CONSTRAINT responses_status_check CHECK
        (status IN ('due', 'claimed', 'accepted', 'delivered', 'failed', 'refused', 'unknown', 'skipped'));
