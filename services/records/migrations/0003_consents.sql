-- A consent is for a number, a purpose and a channel; how it was given, and who recorded it, are kept with it.

ALTER TABLE patient_consents
    ADD COLUMN channel text NOT NULL DEFAULT 'text'
        CONSTRAINT patient_consents_channel_check CHECK (channel IN ('text', 'call')),
    ADD COLUMN method text
        CONSTRAINT patient_consents_method_check CHECK (method IN ('verbal', 'written', 'online', 'reply')),
    ADD COLUMN recorded_by text,
    DROP CONSTRAINT patient_consents_purpose_check,
    ADD CONSTRAINT patient_consents_purpose_check CHECK (purpose IN ('care', 'reminders', 'billing', 'outreach')),
    DROP CONSTRAINT patient_consents_pkey,
    ADD CONSTRAINT patient_consents_pkey PRIMARY KEY (network_id, patient_id, number, purpose, channel);
