"""Each broken device is found, by the rule it breaks and by no other; the good ones are clean."""

from musearoo.tools.workshop.lint.device.linter import RULES, check_device, check_patcher
from tests.each_case import each_case
from tests.tools.workshop.lint.device.breaks import BREAKS, Break
from tests.tools.workshop.lint.device.good import BUILT, FOLDER, good_device
from tests.tools.workshop.lint.device.rules import test_containers
from tests.tools.workshop.lint.device.script import test_rules as test_scripts


@each_case("name", BUILT)
def test_the_built_devices_are_clean(name: str) -> None:
    assert check_device((FOLDER / name).read_bytes(), name) == []


@each_case("name", BUILT)
def test_what_the_breaks_begin_with_is_clean(name: str) -> None:
    assert good_device(name).findings() == []


@each_case("broken", BREAKS)
def test_a_break_is_found_by_its_rule(broken: Break) -> None:
    device = good_device()
    broken.change(device)
    found = {finding.rule for finding in device.findings()}
    assert broken.rule in found
    assert found <= {broken.rule} | broken.also


def test_an_unfrozen_device_is_told_what_it_lacks() -> None:
    device = good_device()
    findings = check_patcher({"patcher": device.patcher}, "open", device.kind)
    assert [(finding.rule, finding.where) for finding in findings] == [("not-frozen", "open")]


def test_every_rule_is_broken_by_a_test() -> None:
    broken = {entry.rule for entry in BREAKS} | set(test_scripts.RULES_BROKEN) | set(test_containers.RULES_BROKEN)
    assert broken | {"not-frozen"} == set(RULES)
