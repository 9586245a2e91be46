"""A simulated Live as a process: commands, faults, files, the end."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.tools.live_simulator.process import ROOT, LiveError, LiveProcess

from .program.test_remote_scripts import write_script

NOISY_SCRIPT = """
    import sys
    import Live

    class Surface:
        def __init__(self, c_instance):
            print("this goes to stdout", flush=True)
            self.c_instance = c_instance
            self.calls = 0
            self.timer = Live.Base.Timer(callback=self.call, interval=10, repeat=True)
            self.timer.start()

        def call(self):
            self.calls += 1

        def update_display(self):
            pass

        def disconnect(self):
            self.c_instance.log_message("calls: some" if self.calls else "calls: none")

    def create_instance(c_instance):
        return Surface(c_instance)
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveProcess]:
    folder = tmp_path_factory.mktemp("scripts")
    with LiveProcess(scripts=(write_script(folder, "NoisyScript", NOISY_SCRIPT),)) as process:
        yield process


def test_values_come_and_go(live: LiveProcess) -> None:
    live.set("song.tempo", 97)
    assert live.get("song.tempo") == 97.0
    live.call("song.tracks[0].clip_slots[1].create_clip", 4.0)
    live.set("song.tracks[0].clip_slots[1].clip.name", "groove")
    assert live.get("song.tracks[0].clip_slots[1].clip.name") == "groove"
    ids = live.call("song.tracks[0].clip_slots[1].clip.add_new_notes", {"notes": [[60, 0.0, 1.0, 90.0]]})
    notes = live.call("song.tracks[0].clip_slots[1].clip.get_all_notes_extended")
    assert notes == [[ids[0], 60, 0.0, 1.0, 90.0, False, 1.0, 0.0, 64.0]]
    live.set("song.view.selected_track", {"path": "song.tracks[2]"})
    assert live.get("song.view.selected_track")["name"] == "3-Audio"
    assert live.get("song.clip_trigger_quantization") == 4
    assert live.get("song.tracks[3].clip_slots[0].clip") is None
    assert [track["class"] for track in live.get("song.tracks")] == ["Track"] * 4


def test_what_goes_wrong_is_told(live: LiveProcess) -> None:
    with pytest.raises(LiveError, match=r"song\.tracks\[9\]\.name: IndexError: Index out of range"):
        live.get("song.tracks[9].name")
    with pytest.raises(LiveError, match="a path starts with song"):
        live.get("sing.tracks")
    with pytest.raises(LiveError, match=r"cannot read the path 'song\.\.'"):
        live.get("song..")
    with pytest.raises(LiveError, match=r"did not match C\+\+ signature"):
        live.set("song.tempo", "fast")
    with pytest.raises(LiveError, match=r"does not simulate Song\.tuning_system"):
        live.get("song.tuning_system")
    assert "Song.tuning_system" in live.not_simulated()


def test_a_gesture_of_several_edits_is_one_undo_step(live: LiveProcess) -> None:
    before = live.snapshot()
    live.group(
        {"do": "call", "path": "song.create_scene", "args": [-1]},
        {"do": "set", "path": "song.tracks[1].name", "value": "Keys"},
    )
    after = live.snapshot()
    assert after["tracks"][1]["name"] == "Keys"
    assert live.undo() == "Undo Custom Action"
    assert live.snapshot() == before
    live.redo()
    assert live.snapshot() == after
    live.undo()


def test_what_scripts_print_stays_out_of_the_replies(live: LiveProcess) -> None:
    assert live.get("song.root_note") == 0
    assert "this goes to stdout" in live.stderr


def test_faults(live: LiveProcess) -> None:
    live.stall(60)
    assert live.stats()["largest_gap_ms"] >= 55
    live.open_menu(60)
    live.kill_timers()
    count = len(live.get("song.tracks"))
    live.call("song.create_midi_track", -1)
    live.vanish_track(count)
    assert len(live.get("song.tracks")) == count
    live.freeze_track(3)
    with pytest.raises(LiveError, match="Clips cannot be created on frozen tracks"):
        live.call("song.tracks[3].clip_slots[0].create_audio_clip", "/x.wav")
    live.freeze_track(3, False)
    live.undo()
    live.undo()


def test_devices_are_put_copied_moved_and_deleted_each_in_one_step(live: LiveProcess) -> None:
    before = live.snapshot()
    steps = live.stats()["undo_steps"]
    live.insert_device("song.tracks[2]", "Audio Effect Rack")
    key = live.insert_max_device("song.tracks[2]", "MuseAroo", "audio", 0, ["Complexity"])
    live.duplicate_device("song.tracks[2].devices[0]")
    live.move_device("song.tracks[2].devices[1]", "song.tracks[2].devices[2].chains[0]")
    live.move_track(2, 0)
    one, copy = live.max_devices()
    assert one == {
        "key": key,
        "name": "MuseAroo",
        "kind": "audio",
        "path": "live_set tracks 0 devices 0",
        "copied_from": 0,
    }
    assert copy["copied_from"] == key
    assert copy["path"] == "live_set tracks 0 devices 1 chains 0 devices 0"
    live.delete_device("song.tracks[0].devices[1]")
    assert live.max_devices() == [one]
    for _ in range(live.stats()["undo_steps"] - steps):
        live.undo()
    assert live.stats()["undo_steps"] == steps
    assert live.snapshot() == before


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("insert_device", ("song.scenes[0]", "EQ Eight"), r"song\.scenes\[0\] has no device chain"),
        ("insert_device", ("song.tracks[0]", "Wavetables"), "none of EQ Eight, Audio Effect Rack"),
        ("insert_max_device", ("song.tracks[0]", "MuseAroo", "video"), "audio or instrument or midi"),
        ("delete_device", ("song.tracks[0]",), r"song\.tracks\[0\] is not a device in a chain"),
    ],
)
def test_devices_that_cannot_be_are_refused(
    live: LiveProcess, command: str, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(LiveError, match=message):
        getattr(live, command)(*arguments)


def test_stats_tell_sizes(live: LiveProcess) -> None:
    stats = live.stats()
    assert {"listeners", "handles", "undo_steps", "open_files", "rss_bytes", "display_ticks"} <= set(stats)
    assert stats["display_ticks"] > 0


def test_a_saved_set_opens_again(live: LiveProcess, tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    live.save(str(path))
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved == live.snapshot()
    with LiveProcess(profile="12.0.5", set_file=str(path)) as other:
        assert other.get("song.tempo") == live.get("song.tempo")
        assert other.get("song.tracks[0].clip_slots[1].clip.name") == "groove"
        assert other.call("application.get_version_string") == "12.0.5"
        assert (other.get("song.name"), other.get("song.file_path")) == ("", "")


def test_a_set_is_called_by_the_file_that_it_was_saved_in(live: LiveProcess, tmp_path: Path) -> None:
    path = tmp_path / "Song.als"
    live.save_as(str(path))
    assert (live.get("song.name"), live.get("song.file_path")) == ("Song", str(path))
    with LiveProcess(set_file=str(path)) as other:
        assert (other.get("song.name"), other.get("song.file_path")) == ("Song", str(path))


def test_quitting_disconnects_scripts_and_killing_does_not(tmp_path: Path) -> None:
    script = write_script(tmp_path, "NoisyScript", NOISY_SCRIPT)
    with LiveProcess(scripts=(script,)) as live:
        time.sleep(0.1)
        live.quit()
        assert not live.is_running
        assert "calls: some" in live.stderr
    with LiveProcess(scripts=(script,)) as live:
        live.kill()
        assert not live.is_running
        assert "calls:" not in live.stderr
        with pytest.raises(LiveError, match="has ended"):
            live.get("song.tempo")


def test_the_user_librarys_scripts_are_loaded(tmp_path: Path) -> None:
    scripts = tmp_path / "Remote Scripts"
    scripts.mkdir()
    write_script(scripts, "NoisyScript", NOISY_SCRIPT)
    write_script(scripts, "BrokenScript", "raise ValueError('at import')")
    with LiveProcess(user_library=str(tmp_path)) as live:
        assert "this goes to stdout" in live.stderr
        assert any("at import" in line for line in live.log())


def test_a_process_that_cannot_start_says_why() -> None:
    with pytest.raises(LiveError, match=r"invalid choice: '9\.0'"):
        LiveProcess(profile="9.0")


def test_the_command_line_prints_and_saves(tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    clip = {"name": "beat", "length": 4.0, "notes": [[36, 0.0, 0.5, 100], [38, 1.0, 0.5, 90]]}
    track = {"kind": "midi", "given_name": "Drums", "slots": [clip]}
    given.write_text(json.dumps({"song": {"tempo": 90.0}, "tracks": [track]}), encoding="utf-8")
    command = [sys.executable, "-m", "musearoo.tools.live_simulator", "--set", str(given), "--run-seconds", "0.1"]
    command += ["--print", "--save", str(tmp_path / "saved.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[:3] == [
        "90 BPM, 4/4, 8 scenes",
        "Drums (midi)",
        "  [scene 1] beat: 4 beats, 2 notes",
    ]
    assert "C1  ########" not in done.stdout
    assert "    C1  #=======" in done.stdout
    saved = json.loads((tmp_path / "saved.json").read_text(encoding="utf-8"))
    assert saved["tracks"][0]["slots"][0]["name"] == "beat"


def test_a_script_that_fails_ends_a_run_without_control(tmp_path: Path) -> None:
    script = write_script(tmp_path, "BrokenScript", "raise ValueError('at import')")
    command = [sys.executable, "-m", "musearoo.tools.live_simulator", "--script", script, "--run-seconds", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "at import" in done.stderr
