-- Visits that cannot take place as booked may be proposed times at sites as near as this to their own; 0: at none.
ALTER TABLE absences ADD COLUMN within_miles integer NOT NULL DEFAULT 25
    CONSTRAINT absences_within_miles_check CHECK (within_miles BETWEEN 0 AND 500);
