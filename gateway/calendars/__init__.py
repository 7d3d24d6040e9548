"""Calendars out: iCalendar (RFC 5545) of what scheduling tells, and the secrets of the links to it."""
