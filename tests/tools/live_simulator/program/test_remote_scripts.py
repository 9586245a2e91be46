"""Loading Remote Scripts, and the frameworks they build on."""

from __future__ import annotations

import logging
import sys
import textwrap
from pathlib import Path

import pytest

from musearoo.tools.live_simulator.core.objects import NotSimulatedError
from musearoo.tools.live_simulator.program.remote_scripts import ScriptError
from musearoo.tools.live_simulator.program.simulator import Simulator

SCRIPT_V2 = """
    import Live
    from ableton.v2.control_surface import ControlSurface
    from ableton.v2.control_surface.component import Component
    from .part import NAME

    class Part(Component):
        pass

    class Surface(ControlSurface):
        def __init__(self, c_instance):
            ControlSurface.__init__(self, c_instance)
            self.events = []
            self.schedule_message(1, self.events.append, NAME)
            self.schedule_message(0, self.fail)
            with self.component_guard():
                self.part = Part()

        def fail(self):
            self.events.append("fail")
            raise ValueError("on purpose")

        def build_midi_map(self, handle):
            volume = self.song.tracks[0].mixer_device.volume
            mapped = Live.MidiMap.map_midi_cc(handle, volume, 1, 7, Live.MidiMap.MapMode.absolute, 1)
            self.events.append(mapped)

        def disconnect(self):
            self.log_message("bye", 1)
            super().disconnect()

    def create_instance(c_instance):
        return Surface(c_instance)
"""

SCRIPT_V1 = """
    from _Framework.ControlSurface import ControlSurface
    from _Framework.EncoderElement import EncoderElement

    class Surface(ControlSurface):
        def __init__(self, c_instance):
            super().__init__(c_instance)
            self.show_message("tempo %g" % self.song().tempo)
            self.version = self.application().get_major_version()
            self.knob = EncoderElement(1, 0, 7, 0)
            self._send_midi((176, 7, 64))

    def create_instance(c_instance):
        return Surface(c_instance)
"""


def write_script(folder: Path, name: str, text: str) -> str:
    script = folder / name
    script.mkdir()
    (script / "__init__.py").write_text(textwrap.dedent(text), encoding="utf-8")
    (script / "part.py").write_text("NAME = 'scheduled'\n", encoding="utf-8")
    return str(script)


def test_a_script_of_the_newer_framework(live: Simulator, tmp_path: Path) -> None:
    script = live.load_script(write_script(tmp_path, "NewScript", SCRIPT_V2))
    surface = script.instance
    assert surface.events == []
    assert surface.song == live.song
    assert surface.part.song == live.song
    assert surface.application == live.application
    live.run_for(0.35)
    assert surface.events == [True, "scheduled", "fail"]
    assert sum("ValueError: on purpose" in line for line in live.log_lines) == 1
    assert live.midi_map[(1, 7)].name == "Track Volume"
    live.quit()
    assert "(NewScript) bye 1" in live.log_lines
    assert "NewScript" not in sys.modules
    assert str(tmp_path) not in sys.path


def test_a_script_of_the_older_framework(live: Simulator, tmp_path: Path) -> None:
    surface = live.load_script(write_script(tmp_path, "OldScript", SCRIPT_V1)).instance
    assert list(live.host.status_messages) == ["tempo 120"]
    assert surface.version == 12
    assert surface.knob.message_identifier() == 7
    assert list(surface._c_instance.sent_midi) == [(176, 7, 64)]
    assert surface.instance_identifier() == 0


def test_a_script_without_a_framework_gets_its_ticks(live: Simulator, tmp_path: Path) -> None:
    text = """
        class Plain:
            def __init__(self, c_instance):
                self.ticks = 0
            def update_display(self):
                self.ticks += 1
                if self.ticks == 3:
                    raise ValueError("tick three")
        create_instance = Plain
    """
    surface = live.load_script(write_script(tmp_path, "PlainScript", text)).instance
    live.run_for(0.55)
    assert surface.ticks == 5
    assert any("tick three" in line for line in live.log_lines)


def test_a_message_that_fails_never_runs_again(live: Simulator, tmp_path: Path) -> None:
    text = """
        from ableton.v2.control_surface import ControlSurface
        class Surface(ControlSurface):
            def __init__(self, c_instance):
                super().__init__(c_instance)
                self.ticks = 0
                self.schedule_message(1, self.tick)
            def tick(self):
                self.ticks += 1
                if self.ticks == 3:
                    raise ValueError("tick three")
                self.schedule_message(1, self.tick)
        create_instance = Surface
    """
    surface = live.load_script(write_script(tmp_path, "FailingScript", text)).instance
    live.run_for(2.0)
    assert surface.ticks == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise ValueError('at import')", "at import"),
        ("x = 1", "create_instance"),
        ("def create_instance(c):\n    raise KeyError('at start')", "at start"),
        ("def create_instance(c):\n    c.song().tuning_system", "does not simulate Song.tuning_system"),
    ],
)
def test_a_script_that_fails_to_load_says_why(live: Simulator, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScriptError, match=message):
        live.load_script(write_script(tmp_path, "BrokenScript", text))
    assert any(message in line for line in live.log_lines)
    assert "BrokenScript" not in sys.modules
    live.run_for(0.3)


def test_a_folder_without_a_package_is_no_script(live: Simulator, tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"not a Remote Script: it has no __init__\.py"):
        live.load_script(str(tmp_path))


def test_a_component_needs_the_guard(live: Simulator, tmp_path: Path) -> None:
    text = """
        from ableton.v2.control_surface.component import Component
        def create_instance(c_instance):
            return Component()
    """
    with pytest.raises(ScriptError, match=r"inside component_guard"):
        live.load_script(write_script(tmp_path, "UnguardedScript", text))


def test_unknown_members_of_c_instance_fail_loudly(live: Simulator, tmp_path: Path) -> None:
    script = live.load_script(write_script(tmp_path, "OldScript", SCRIPT_V1))
    with pytest.raises(NotSimulatedError, match=r"c_instance\.toggle_lock"):
        script.c_instance.toggle_lock()


def test_python_warnings_of_scripts_reach_the_log(live: Simulator) -> None:
    logging.getLogger("somebody").warning("something is %s", "odd")
    assert "WARNING: something is odd" in live.log_lines


def test_quitting_takes_the_module_away(live: Simulator) -> None:
    assert sys.modules["Live"] is live.Live
    live.quit()
    assert "Live" not in sys.modules
    assert "Live.Clip" not in sys.modules
