"""What scheduling knows of time, places and appointments: rules only, no I/O."""
