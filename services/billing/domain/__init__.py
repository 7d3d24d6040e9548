"""Rules of charges and claims: no I/O, times and ids come in as arguments."""
