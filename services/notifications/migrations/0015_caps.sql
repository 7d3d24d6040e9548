-- How many texts a patient gets for one purpose, and which of them count.

-- NULL: any number. Whoever has set limits without a word on caps keeps the defaults of domain/limits.py.
ALTER TABLE texting_limits
    ADD COLUMN most_a_day integer CONSTRAINT texting_limits_most_a_day_check CHECK (most_a_day > 0),
    ADD COLUMN most_a_week integer CONSTRAINT texting_limits_most_a_week_check CHECK (most_a_week > 0);
UPDATE texting_limits SET most_a_day = 1, most_a_week = 3;

ALTER TABLE texts ADD COLUMN counted boolean NOT NULL DEFAULT false;
CREATE INDEX texts_counted_idx ON texts (network_id, patient_id, claimed_at) WHERE counted;

-- Who cancelled a visit: whether the text about it answers the patient's own act.
ALTER TABLE appointments ADD COLUMN cancelled_by text;
