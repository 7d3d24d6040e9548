"""The notifications service: see README.md in this folder."""
