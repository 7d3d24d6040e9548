-- The language that a patient is to be spoken to in, a BCP 47 tag (FHIR R4 Patient.communication, the preferred one).
-- NULL: nobody noted it.

ALTER TABLE patients
    ADD COLUMN language text
        CONSTRAINT patients_language_check CHECK (language ~ '^[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8})*$');
