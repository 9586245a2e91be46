"""Rules, configuration and dashboard: Prometheus' own judge, and what that does not look at."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from musearoo.bridge.metrics import daemon, server
from musearoo.bridge.metrics.observer import KINDS
from musearoo.bridge.metrics.registry import Family
from musearoo.tools.deploy.monitoring import dashboard
from tests.bridge.metrics.promtool import judge, needs_promtool

FOLDER: Final = Path(dashboard.__file__).parent
FAMILIES: Final = {family.name: family for family in (*daemon.FAMILIES, *server.FAMILIES)}
NAME: Final = re.compile(r"\bmusearoo[\w:]*")
SELECTOR: Final = re.compile(r"\b(musearoo_\w+)\{([^}]*)\}")
MATCHER: Final = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
FOLLOWED: Final = frozenset({"instance", "job"})
"""Labels that Prometheus itself adds."""


def read_rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def read_panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))["panels"]
    return panels


def expressions() -> list[str]:
    """Every expression of the rules and of the dashboard."""
    asked = [target["expr"] for panel in read_panels() for target in panel.get("targets", ())]
    return asked + [rule["expr"] for rule in read_rules()]


def family_of(name: str) -> Family | None:
    """The family that a series belongs to."""
    if name in FAMILIES:
        return FAMILIES[name] if FAMILIES[name].kind != "histogram" else None
    family = FAMILIES.get(re.sub(r"_(bucket|sum|count)$", "", name))
    return family if family is not None and family.kind == "histogram" else None


@needs_promtool
def test_promtool_finds_no_fault_with_the_rules_and_they_do_what_they_say() -> None:
    assert "SUCCESS: 21 rules found" in judge("check", "rules", "--lint-fatal", FOLDER / "alerts.yml")
    assert "SUCCESS" in judge("test", "rules", FOLDER / "alerts_test.yml")


@needs_promtool
def test_promtool_finds_no_fault_with_the_configuration(tmp_path: Path) -> None:
    for name in ("prometheus.yml", "alerts.yml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    (tmp_path / "token").write_text("secret", encoding="utf-8")
    assert "SUCCESS" in judge("check", "config", tmp_path / "prometheus.yml")


def test_each_alert_is_played_where_it_is_heard_and_where_it_is_not() -> None:
    tests = yaml.safe_load((FOLDER / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    played = [(one["alertname"], bool(one["exp_alerts"])) for test in tests for one in test["alert_rule_test"]]
    alerts = {rule["alert"] for rule in read_rules() if "alert" in rule}
    assert len(alerts) > 10
    for heard in (True, False):
        assert {name for name, is_heard in played if is_heard is heard} == alerts


def test_each_alert_says_what_is_wrong_where_and_how_grave_it_is() -> None:
    for rule in read_rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in ("warning", "critical"), rule["alert"]
            assert "$labels.instance" in rule["annotations"]["summary"], rule["alert"]


def test_every_expression_asks_for_families_and_labels_that_there_are() -> None:
    recorded = {rule["record"] for rule in read_rules() if "record" in rule}
    for expression in expressions():
        names = NAME.findall(re.sub(r'"[^"]*"', "", expression))
        for name in names:
            assert name in recorded or family_of(name), (name, expression)
        assert names or expression.startswith('up{job="musearoo"}'), expression
        for name, matchers in SELECTOR.findall(expression):
            family = family_of(name)
            assert family is not None
            labels = {label.name: label.values for label in family.labels}
            for label, how, wanted in MATCHER.findall(matchers):
                assert label in labels or label in FOLLOWED, (label, expression)
                values = wanted.split("|") if how in ("=~", "!~") else [wanted]
                known = labels.get(label) or {"engine": KINDS.values(), "instance": values, "job": values}[label]
                assert set(values) <= set(known), (values, expression)


def test_every_family_is_on_the_dashboard() -> None:
    asked = {
        family.name
        for each in read_panels()
        for target in each.get("targets", ())
        for family in _families(target["expr"])
    }
    assert set(FAMILIES) - asked == set()


def _families(expression: str) -> list[Family]:
    return [family for name in NAME.findall(expression) if (family := family_of(name)) is not None]


def test_rates_are_of_counters_and_values_of_gauges() -> None:
    for expression in expressions():
        for call, name in re.findall(r"\b(rate|increase)\(\s*(\w+)", expression):
            family = family_of(name)
            assert family is not None, (call, expression)
            assert family.kind in ("counter", "histogram"), (call, expression)
        for name in re.findall(r"\b(?:sum|max|min)(?: by \([\w, ]+\))? ?\(\s*(musearoo_\w+)", expression):
            family = family_of(name)
            assert family is not None, expression
            assert family.kind == "gauge", expression


def test_the_dashboard_is_in_step_with_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert dashboard.main(["--check"]) == 0, capsys.readouterr().err


def test_a_dashboard_that_is_out_of_step_is_named_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dashboard, "FILE", tmp_path / "grafana.json")
    assert dashboard.main(["--check"]) == 1
    assert "out of step" in capsys.readouterr().err
    assert dashboard.main([]) == 0
    assert dashboard.main(["--check"]) == 0


def test_panels_have_ids_titles_units_and_queries_of_their_own() -> None:
    panels = read_panels()
    assert len({panel["id"] for panel in panels}) == len(panels)
    drawn = [panel for panel in panels if panel["type"] != "row"]
    assert len(drawn) > 20
    assert [title for title, count in Counter(panel["title"] for panel in panels).items() if count > 1] == []
    for panel in drawn:
        assert panel["title"], panel
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
        assert panel["targets"], panel["title"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        for target in panel["targets"]:
            assert target["legendFormat"], panel["title"]
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                grouped = re.search(r"by \(([\w, ]+)\)", target["expr"])
                assert grouped, panel["title"]
                assert label in grouped[1].split(", "), panel["title"]


def test_panels_fill_their_rows_and_none_covers_another() -> None:
    places = [(panel["title"], panel["gridPos"]) for panel in read_panels()]
    for title, place in places:
        assert place["x"] >= 0, title
        assert place["x"] + place["w"] <= dashboard.COLUMNS, title
    for (one, a), (other, b) in combinations(places, 2):
        apart = (
            a["x"] + a["w"] <= b["x"]
            or b["x"] + b["w"] <= a["x"]
            or a["y"] + a["h"] <= b["y"]
            or b["y"] + b["h"] <= a["y"]
        )
        assert apart, (one, other)
    widths = Counter[int]()
    for _, place in places:
        widths[place["y"]] += place["w"]
    assert {y: width for y, width in widths.items() if width != dashboard.COLUMNS} == {}


UNITS: Final = ("bytes", "cpm", "percentunit", "reqps", "s", "short")
"""Names of Grafana's units, as its own list has them."""
