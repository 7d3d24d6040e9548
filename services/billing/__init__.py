"""The billing service: see README.md in this folder."""
