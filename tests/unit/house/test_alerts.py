"""Alert rules speak of metrics that exist."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy/observability/alerts.yml"
DEFINED = re.compile(r"(?:gauge|counter|histogram)\(\s*\"([a-z_]+)\"")


def test_every_metric_of_an_alert_is_exported_somewhere() -> None:
    """Seen red by: renaming a metric."""
    folders = [ROOT / name for name in ("shared", "gateway", "services")]
    code = "\n".join(path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py"))
    known = {f"frontdesk_{name}" for name in DEFINED.findall(code)}
    rules = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
    named = {metric for rule in rules for metric in re.findall(r"frontdesk_[a-z_]+", rule["expr"])}
    assert named <= known
    assert all(rule["annotations"]["action"] for rule in rules)
