"""In each process of a system under test: what $PLANTED names (a list) is changed as its modules are imported.

Nothing of the product is imported here, since eventlet has to patch a green process first.
"""

import os
import sys

import plant_commands
import plant_handlers
import plant_relay
import plant_texts
from planting import AfterImport

HOLD_PLANTS = (plant_relay, plant_handlers, plant_commands, plant_texts)

if names := os.environ.get("PLANTED"):
    sys.meta_path.insert(0, AfterImport(names.split(",")))
