"""What `shared.run` starts: one module for each kind of process."""
