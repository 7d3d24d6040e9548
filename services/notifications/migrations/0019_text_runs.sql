-- Many texts for one cause (the reminders of a day at a site, the proposals of an absence): they go after every single
-- text, are followed as one, and can be stopped.
CREATE TABLE text_runs (
    network_id uuid NOT NULL,
    run_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    begun_at timestamptz NOT NULL,
    stopped_at timestamptz,
    stopped_by text,
    PRIMARY KEY (network_id, run_id),
    CONSTRAINT text_runs_stopped_check CHECK ((stopped_at IS NULL) = (stopped_by IS NULL))
);
CREATE INDEX text_runs_site_idx ON text_runs (network_id, site_id, begun_at, run_id);
SELECT frontdesk_tenant_table('text_runs');

ALTER TABLE texts ADD COLUMN run_id uuid;
CREATE INDEX texts_run_idx ON texts (network_id, run_id, status) WHERE run_id IS NOT NULL;
CREATE INDEX texts_due_alone_idx ON texts (network_id, due_at, text_id) WHERE status = 'due' AND run_id IS NULL;
