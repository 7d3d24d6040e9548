-- Days on which a site is closed, by its own calendar: no text goes on them unless the network says so.

ALTER TABLE sites ADD COLUMN holidays date[] NOT NULL DEFAULT '{}';
