"""`python -m gateway.reference`: writes docs/reference/openapi.json from the routes."""

from pathlib import Path

from gateway.openapi import written
from gateway.routes import ROUTES

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"

if __name__ == "__main__":
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(written(ROUTES), "utf-8")
