"""`python -m bench.echo http_service|http_caller|rpc_service|rpc_caller`: green before anything else is imported."""

import sys
from importlib import import_module

from shared.run import make_green

if __name__ == "__main__":
    make_green()
    sys.exit(import_module(f"bench.echo.{sys.argv[1]}").main(*sys.argv[2:]))
