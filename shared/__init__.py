"""What all services stand on; knows no service."""

import zoneinfo

# The pinned tzdata package rules, and not whatever the machine has: Debian's 2025b still has
# Morocco change its clocks in September 2026, which 2026f knows it will not.
zoneinfo.reset_tzpath(to=())
