"""The scheduling service: see README.md in this folder."""
