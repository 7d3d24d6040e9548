-- The purposes for which texts to a number are agreed to; `consented` is what was said of reminders, NULL: nothing.

ALTER TABLE patient_numbers ADD COLUMN purposes text[] NOT NULL DEFAULT '{}';
UPDATE patient_numbers SET purposes = '{reminders}' WHERE consented;
