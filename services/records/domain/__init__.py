"""Rules of patients and encounters: no I/O, times and ids come in as arguments."""
