"""The records service: see README.md in this folder."""
