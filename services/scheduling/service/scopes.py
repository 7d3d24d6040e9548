"""The scopes that scheduling's entrypoints ask for."""

CALENDARS = "calendars:read-by-secret"  # no role has it: the gateway asks so for whoever knows a link's secret
FIGURES = "figures:read"
MAP = "network:manage"
READ = "appointments:read"
WRITE = "appointments:write"
