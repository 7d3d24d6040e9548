"""What every test can ask for; each family of fixtures has a file of its own."""

pytest_plugins = [
    "fix_requirements",
    "fix_servers",
    "fix_scheduling",
    "fix_notifications",
    "fix_records",
    "fix_billing",
    "fix_messaging",
    "fix_calls",
    "fix_gateway",
    "fix_system",
    "fix_desk",
    "fix_load",
    "fix_access",
    "fix_leaks",
]
