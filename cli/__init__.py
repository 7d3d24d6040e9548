"""The frontdesk commands."""
