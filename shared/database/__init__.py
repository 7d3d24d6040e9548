"""PostgreSQL: pool, unit of work, command keys, audit entries, migrations."""
