"""The copies of the table of messages: the script's, the device's and the reference page."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess

import pytest

from musearoo.bridge import protocol as wire
from musearoo.bridge.protocol import MESSAGE_BY_PATH, MESSAGES, LiveState, Refusal
from musearoo.bridge.protocol.types import Route
from musearoo.tools import ROOT
from musearoo.tools.workshop.generate import wire as generate_wire


def test_the_generated_files_are_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate_wire.main(["--check"]) == 0, capsys.readouterr().err


def test_the_script_has_the_same_table() -> None:
    copy = runpy.run_path(str(ROOT / "remote_scripts/MuseAroo/wire/table.py"))
    for name, route in (("SENT", Route.SCRIPT_TO_DAEMON), ("RECEIVED", Route.DAEMON_TO_SCRIPT)):
        assert copy[name] == {
            path: tuple((name, spec.kind.value, spec.low, spec.high, spec.choices) for name, spec in cls.specs)
            for path, cls in MESSAGE_BY_PATH[route].items()
        }
    assert copy["WIRE_VERSION"] == wire.WIRE_VERSION
    assert copy["NOTE_RECORD"] == wire.NOTE_RECORD
    assert copy["LONGEST_FRAME"] == wire.LONGEST_FRAME
    assert {name: copy[name] for name in Refusal.__members__} == {code.name: code.value for code in Refusal}
    assert set(copy["REPEATING"]) == {cls.path for cls in MESSAGES if cls.repeats}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js to read the device's table as JavaScript")
def test_the_device_has_the_same_table() -> None:
    source = ROOT / "max_for_live" / "wire_table.js"
    read = "const vm = require('vm'), fs = require('fs'), box = {};"
    read += "vm.runInNewContext(fs.readFileSync(process.argv[1], 'utf8'), box); console.log(JSON.stringify(box.WIRE));"
    said = subprocess.run(["node", "-e", read, str(source)], capture_output=True, check=True, timeout=30).stdout
    table = json.loads(said)
    for name, route in (("sent", Route.DEVICE_TO_DAEMON), ("received", Route.DAEMON_TO_DEVICE)):
        assert set(table[name]) == set(MESSAGE_BY_PATH[route])
        for path, cls in MESSAGE_BY_PATH[route].items():
            told = [(one["name"], one["type"], one["low"], one["high"]) for one in table[name][path]]
            assert told == [(name, spec.kind.value, spec.low, spec.high) for name, spec in cls.specs]
    assert table["refusals"] == {code.name.lower(): code.value for code in Refusal}
    assert table["liveStates"] == {state.name.lower(): state.value for state in LiveState}
    assert table["wireVersion"] == wire.WIRE_VERSION


def test_the_devices_table_is_es5() -> None:
    source = (ROOT / "max_for_live" / "wire_table.js").read_text(encoding="utf-8")
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source)
    assert not re.search(r"\b(let|const|class|import|export|of)\b|=>|`|\.\.\.", without_strings.split("\n", 1)[1])
    assert not set("\u2028\u2029") & set(source)  # line ends to ES5, even inside a string
