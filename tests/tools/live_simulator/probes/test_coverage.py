"""What of a real Live's API the simulator behaves: all of the core modules, but for what is left out by name."""

from __future__ import annotations

import json

import pytest

from musearoo.tools.live_simulator.core.clock import ManualClock
from musearoo.tools.live_simulator.core.not_simulated import REASONS
from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES
from musearoo.tools.live_simulator.probes.coverage import CORE_MODULES, KINDS, main, measure, sample_objects
from musearoo.tools.live_simulator.program.simulator import Simulator
from tests.each_case import each_case

LEFT_OUT_AT_MOST = 25


@each_case("profile", PROFILES)
def test_nothing_of_the_core_is_missing_unless_it_is_left_out_by_name(profile: str) -> None:
    rows = measure(profile)
    assert {row.module for row in rows} == set(CORE_MODULES)
    assert {row.kind for row in rows} == set(KINDS)
    assert [name for row in rows for name in row.missing] == []
    assert sum(row.total for row in rows) > 850
    assert len({name for row in rows for name in row.refused}) <= LEFT_OUT_AT_MOST


def test_every_listener_can_be_connected_and_removed() -> None:
    connected = 0
    for path, handle in sample_objects(Simulator(NEWEST, clock=ManualClock(), user_library=".")).items():
        if path.partition(".")[0] not in CORE_MODULES:
            continue
        for name in [each[4:-9] for each in dir(handle) if each.startswith("add_") and each.endswith("_listener")]:
            if f"{path}.{name}".partition(".")[2] in REASONS:
                continue

            def listener() -> None:
                """Nothing."""

            getattr(handle, f"add_{name}_listener")(listener)
            assert getattr(handle, f"{name}_has_listener")(listener), (path, name)
            getattr(handle, f"remove_{name}_listener")(listener)
            connected += 1
    assert connected > 180


def test_the_command_reports_what_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--profile", "12.0.0"]) == 0
    assert "left out: Song.Song.tuning_system: tuning systems" in capsys.readouterr().out
    assert main(["--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row["covered"] + len(row["refused"]) == row["total"] for row in rows)
