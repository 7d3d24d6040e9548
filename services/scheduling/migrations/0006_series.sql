-- Series: visits that were agreed together. Each date is an appointment of its own, with a status of its own.

CREATE TABLE series (
    network_id uuid NOT NULL,
    series_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    rrule text,
    booked_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, series_id),
    CONSTRAINT series_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id),
    CONSTRAINT series_practitioner_id_fkey FOREIGN KEY (network_id, practitioner_id)
        REFERENCES practitioners (network_id, practitioner_id),
    CONSTRAINT series_appointment_type_id_fkey FOREIGN KEY (network_id, appointment_type_id)
        REFERENCES appointment_types (network_id, appointment_type_id)
);
SELECT frontdesk_tenant_table('series', 'SELECT, INSERT, UPDATE');

ALTER TABLE appointments
    ADD COLUMN series_id uuid,
    ADD CONSTRAINT appointments_series_id_fkey FOREIGN KEY (network_id, series_id) REFERENCES series (network_id, series_id);
CREATE INDEX appointments_series_idx ON appointments (network_id, series_id) WHERE series_id IS NOT NULL;
