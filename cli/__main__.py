"""`python -m cli`, which the launcher calls."""

from cli.main import app

if __name__ == "__main__":
    app(prog_name="frontdesk")
