-- What a network says in its texts, in its own words; each text keeps whose words it was sent in.

-- `saved` counts the versions; `in_force` is the one that is sent, NULL where the template rests.
CREATE TABLE text_templates (
    network_id uuid NOT NULL,
    template_id uuid NOT NULL,
    site_id uuid,
    occasion text NOT NULL,
    language text NOT NULL,
    saved integer NOT NULL,
    in_force integer,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, template_id),
    CONSTRAINT text_templates_place_key UNIQUE NULLS NOT DISTINCT (network_id, site_id, occasion, language),
    CONSTRAINT text_templates_in_force_check CHECK (in_force BETWEEN 1 AND saved)
);
CREATE INDEX text_templates_created_at_idx ON text_templates (network_id, created_at, template_id);
SELECT frontdesk_tenant_table('text_templates', 'SELECT, INSERT, UPDATE');

-- Every version for good: what a text of last year said is still to be read.
CREATE TABLE text_template_versions (
    network_id uuid NOT NULL,
    template_id uuid NOT NULL,
    number integer NOT NULL,
    body text NOT NULL,
    encoding text NOT NULL,
    segments integer NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (network_id, template_id, number),
    CONSTRAINT text_template_versions_template_fkey FOREIGN KEY (network_id, template_id)
        REFERENCES text_templates (network_id, template_id)
);
SELECT frontdesk_tenant_table('text_template_versions', 'SELECT, INSERT');

CREATE TABLE texting_policies (
    network_id uuid PRIMARY KEY REFERENCES networks (network_id),
    default_language text NOT NULL,
    most_segments integer NOT NULL,
    first_names boolean NOT NULL,
    version bigint NOT NULL
);
SELECT frontdesk_tenant_table('texting_policies', 'SELECT, INSERT, UPDATE');

-- `language` NULL: sent before texts had one. `template_id` NULL: in our own words.
ALTER TABLE texts
    ADD COLUMN template_id uuid,
    ADD COLUMN template_version integer,
    ADD COLUMN language text;

-- What a template may name: the number of a site, and a patient's first name where the network allows it.
ALTER TABLE sites ADD COLUMN phone text;
ALTER TABLE patients ADD COLUMN given text;
