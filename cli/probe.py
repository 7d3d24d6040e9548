"""`python -m cli.probe`: exits 0 when the process of this container is ready. Standard library only, to be quick."""

import os
import sys
import urllib.error
import urllib.request


def is_ready(address: str, within: float = 3.0) -> bool:
    """Whether the process at `host:port` answers /readyz with 200."""
    url = f"http://{address.replace('0.0.0.0', '127.0.0.1')}/readyz"  # noqa: S104 - what it listens on, not we
    try:
        with urllib.request.urlopen(url, timeout=within) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not is_ready(os.environ["FRONTDESK_ADDRESS"]))
