"""The baselines' packages, in an environment of their own: none of them is ever the product's."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from bench.machine import REQUIREMENTS
from cli.instance import ROOT

FOLDER = ROOT / ".run" / "bench-venv"


def baseline_python() -> Path:
    """Its interpreter; installs bench/requirements.txt first where that is new."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "stamp"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text("ascii") != wanted:
        print("installing the baselines' packages (once)", file=sys.stderr, flush=True)
        venv.create(FOLDER, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
        subprocess.run(pip, check=True)
        stamp.write_text(wanted, "ascii")
    return python
