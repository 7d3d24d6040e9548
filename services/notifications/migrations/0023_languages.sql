-- The language that a patient is to be texted in, a BCP 47 tag; NULL: nobody noted it.

ALTER TABLE patients ADD COLUMN language text;
