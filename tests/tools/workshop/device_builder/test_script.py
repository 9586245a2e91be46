"""The script: its parts in order, its constants, and letters that every Max can read."""

import json
from dataclasses import replace
from pathlib import Path

import dukpy
import pytest

from musearoo.bridge import protocol as wire
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.records import Kind
from musearoo.tools.workshop.device_builder.build import FOLDER, build_script
from musearoo.tools.workshop.device_builder.objects import BuildError
from musearoo.tools.workshop.device_builder.script import (
    PARTS,
    device_constants,
    escape_letters,
    join_script,
    read_wire,
)
from tests.each_case import each_case


def _constants() -> tuple[dict[str, object], dict[str, object]]:
    """WIRE and DEVICE as a JavaScript engine reads them from the head of the real script."""
    script = build_script()
    head = script[: script.index(f"// {PARTS[0]}")]
    told = json.loads(dukpy.evaljs(f"{head}; JSON.stringify([WIRE, DEVICE])"))
    return told[0], told[1]


def test_the_parts_stand_in_their_order() -> None:
    script = build_script()
    places = [script.index(f"\n// {name}\n") for name in PARTS]
    assert places == sorted(places)
    assert script.isascii()


def test_the_constants_are_the_wire_and_the_table() -> None:
    told, device = _constants()
    assert told["wireVersion"] == wire.WIRE_VERSION
    sent = told["sent"]
    assert isinstance(sent, dict)
    assert [argument["name"] for argument in sent["/roo/hello"]] == [name for name, _ in wire.Hello.specs]
    assert "meaning" not in json.dumps(told)
    choices, initial, labels = device["choices"], device["initial"], device["labels"]
    assert isinstance(choices, dict)
    assert isinstance(initial, dict)
    assert isinstance(labels, dict)
    for control in CONTROLS:
        assert (control.name in choices) == (control.kind is Kind.MENU)
        assert (control.name in labels) == (control.kind in (Kind.BUTTON, Kind.HOLD))
        if control.kind is Kind.MENU and control.parameter is not None:
            assert choices[control.name] == list(control.parameter.choices)
            assert initial[control.name] == control.parameter.initial
    assert all(type(value) is int for value in initial.values())
    assert len(device["lamps"]) == 4  # type: ignore[arg-type]


def test_a_fraction_stays_one() -> None:
    dial = next(control for control in CONTROLS if control.kind is Kind.DIAL)
    parameter = dial.parameter
    assert parameter is not None
    half = replace(dial, parameter=replace(parameter, initial=0.5))
    made = device_constants((half,), (("bgcolor", 1.0),), "1")
    assert made["initial"] == {dial.name: 0.5}
    assert made["lamps"] == [["bgcolor", 1.0]]


def test_a_part_too_many_or_too_few_is_named(tmp_path: Path) -> None:
    for name in PARTS:
        (tmp_path / name).write_text("")
    (tmp_path / "stray.js").write_text("")
    with pytest.raises(BuildError, match=r"stray\.js: in .* but not in both"):
        join_script(tmp_path, {}, {})
    (tmp_path / "stray.js").unlink()
    (tmp_path / PARTS[3]).unlink()
    with pytest.raises(BuildError, match=PARTS[3]):
        join_script(tmp_path, {}, {})


@each_case("text", ["“…” – ü", "\N{MUSICAL SYMBOL G CLEF}", "plain"])
def test_escaped_letters_are_the_same_to_javascript(text: str) -> None:
    assert json.loads(dukpy.evaljs(escape_letters(f'JSON.stringify("{text}")'))) == text


def test_the_wire_is_read_from_the_committed_table() -> None:
    table = read_wire((FOLDER / "wire_table.js").read_text(encoding="utf-8"))
    assert set(table) == {
        "wireVersion",
        "noText",
        "refusals",
        "liveStates",
        "sent",
        "received",
    }
