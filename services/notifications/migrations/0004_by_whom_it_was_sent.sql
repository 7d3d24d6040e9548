-- A text is looked up where it was sent, and as what it was sent: the carrier and our number may have changed since.

ALTER TABLE texts
    ADD COLUMN gateway text,
    ADD COLUMN from_number text;
