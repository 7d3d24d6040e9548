"""The outside world of scheduling: tables that others keep."""
