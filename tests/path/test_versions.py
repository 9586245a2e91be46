"""Versions in Live: kept by themselves and when asked, brought back next to what is there, taken back by one Undo."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.bridge.versions.repository import Repository, Versions, default_folder
from musearoo.bridge.versions.upkeep import check
from musearoo.tools.studio.processes import Studio, write_set
from tests.bridge.versions.some_versions import read_samples, write_sound

WITHIN: Final = 30.0
DRUMS, BASS, LOOPS = 0, 1, 2
"""The tracks of the set."""

Run = Callable[..., Any]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio with a small set: two MIDI tracks, an audio track, three named scenes."""
    set_file = write_set(
        tmp_path / "set.json",
        {
            "song": {"tempo": 92.0},
            "scenes": [{"name": "Verse"}, {"name": "Chorus"}, {"name": "Break"}],
            "tracks": [
                {"kind": "midi", "given_name": "Drums"},
                {"kind": "midi", "given_name": "Bass"},
                {"kind": "audio", "given_name": "Loops"},
            ],
        },
    )
    settings = f"audio_folders: [{json.dumps(str(tmp_path))}]\nlisten: false\n"
    with Studio(set_file=set_file, home=tmp_path / "home", settings=settings) as made:
        yield made


@pytest.fixture
def run(studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`musearoo repo …` with --json: returns what it printed, or with `fails` the sentence."""
    monkeypatch.setenv(HOME_VARIABLE, str(studio.home))

    def repo(*words: str, fails: int = 0) -> Any:
        capsys.readouterr()
        assert main(["repo", *words, "--json"]) == fails
        out, err = capsys.readouterr()
        return err if fails else json.loads(out)

    return repo


def make(studio: Studio, engine: str, track: int, scene: int, **more: Any) -> None:
    press = studio.device.press(engine, bars=2, seed=3, track=track, scene=scene, **more)
    studio.device.wait_for(press, WITHIN)


def notes_at(studio: Studio, track: int, scene: int) -> list[list[float]]:
    """The notes of a clip, without the ids that Live gives them."""
    notes = studio.live.call(f"song.tracks[{track}].clip_slots[{scene}].clip.get_all_notes_extended")
    return sorted(note[1:] for note in notes)


def repository_of(studio: Studio) -> Repository:
    (found,) = Versions(default_folder(studio.home)).list()
    return found


def wait_for_versions(studio: Studio, count: int) -> list[str]:
    """Wait until that many versions are kept; returns what happened in them, newest first."""
    ends = time.monotonic() + WITHIN
    while True:
        known = Versions(default_folder(studio.home)).list()
        messages = [version.commit.message for each in known for version in each.log(all=True)]
        if len(messages) >= count:
            return messages
        assert time.monotonic() < ends, messages
        studio.device.idle(0.1)


def test_what_musearoo_writes_is_kept_by_itself_and_comes_back_with_one_undo(studio: Studio, run: Run) -> None:
    make(studio, "drums", DRUMS, 1)
    make(studio, "bass", BASS, 1)
    assert len(wait_for_versions(studio, 1)) == 1
    kept = run("commit", "-m", "The chorus")
    assert kept["message"] == "The chorus"
    notes = notes_at(studio, BASS, 1)
    studio.live.call(f"song.tracks[{BASS}].clip_slots[1].delete_clip")
    before = studio.live.snapshot()

    answer = run("checkout", "the chorus", "--scene", "chorus")
    assert "Back to today" in answer["answer"]
    assert any("only the names were kept" in sentence for sentence in answer["limits"])
    scenes = [scene["name"] for scene in studio.live.snapshot()["scenes"]]
    assert scenes[3].startswith("Chorus (today ")
    assert notes_at(studio, BASS, 3) == notes
    studio.live.undo()
    assert studio.live.snapshot() == before

    clip = run("checkout", "the chorus", "--clip", "bass, chorus")
    assert clip["clips"] == 1
    assert notes_at(studio, BASS, 1) == notes
    studio.live.undo()
    run("checkout", "the chorus", "--track", "Bass")
    added = studio.live.snapshot()["tracks"][3]
    assert added["given_name"].startswith("Bass (today ")
    assert [bool(slot) for slot in added["slots"]] == [False, True, False]
    studio.live.undo()
    assert studio.live.snapshot() == before
    # Only what is not as it was comes back.
    run("checkout", "the chorus")
    assert [bool(slot) for slot in studio.live.snapshot()["tracks"][BASS]["slots"]] == [False, False, False, True]
    studio.live.undo()
    assert studio.live.snapshot() == before
    assert check(repository_of(studio).versions) == []


def test_the_mix_comes_back_and_nothing_else(studio: Studio, run: Run) -> None:
    make(studio, "drums", DRUMS, 0)
    studio.live.set(f"song.tracks[{DRUMS}].mixer_device.volume.value", 0.6)
    studio.device.idle(0.3)
    run("commit", "-m", "Loud drums")
    before = studio.live.snapshot()
    studio.live.set(f"song.tracks[{DRUMS}].mixer_device.volume.value", 0.9)
    studio.live.set(f"song.tracks[{BASS}].mute", True)
    studio.device.idle(0.3)
    changes = run("commit")["message"]
    assert changes == "“Drums”: volume -10.0 dB → 2.0 dB; “Bass”: muted"
    run("checkout", "loud drums", "--mix")
    assert studio.live.snapshot() == before
    assert "as it was" in run("checkout", "loud drums", "--mix", fails=1)


def test_a_sound_whose_file_is_gone_comes_back_sample_by_sample(studio: Studio, run: Run, tmp_path: Path) -> None:
    loop = write_sound(tmp_path / "Loop.wav", frames=48_000)
    samples = read_samples(loop)
    studio.live.call(f"song.tracks[{LOOPS}].clip_slots[0].create_audio_clip", str(loop))
    studio.device.idle(0.5)
    run("commit", "-m", "With the loop")
    studio.live.call(f"song.tracks[{LOOPS}].clip_slots[0].delete_clip")
    loop.unlink()
    run("checkout", "with the loop", "--clip", "loop")
    path = Path(studio.live.get(f"song.tracks[{LOOPS}].clip_slots[0].clip.file_path"))
    assert path.is_relative_to(studio.home / "restored sounds")
    assert (read_samples(path) == samples).all()
    # Where the file is there, it is used.
    studio.live.undo()
    run("checkout", "with the loop", "--clip", "loop")
    assert studio.live.get(f"song.tracks[{LOOPS}].clip_slots[0].clip.file_path") == str(path)


def test_a_scene_comes_back_with_all_settings_of_its_clips(studio: Studio, run: Run, tmp_path: Path) -> None:
    make(studio, "bass", BASS, 0)
    loop = write_sound(tmp_path / "Loop.wav", frames=96_000)
    studio.live.call(f"song.tracks[{LOOPS}].clip_slots[0].create_audio_clip", str(loop))
    bass, sound = (f"song.tracks[{track}].clip_slots[0].clip" for track in (BASS, LOOPS))
    for path, settings in (
        (bass, {"loop_start": 1.0, "loop_end": 6.0, "start_marker": 2.0, "name": "Low", "muted": True}),
        (sound, {"warp_mode": 4, "looping": True, "loop_start": 0.5, "loop_end": 2.5, "name": "Texture"}),
    ):
        for name, value in settings.items():
            studio.live.set(f"{path}.{name}", value)
    studio.device.idle(0.5)
    run("commit", "-m", "As it is")
    before = studio.live.snapshot()
    run("checkout", "as it is", "--scene", "1")
    tracks = studio.live.snapshot()["tracks"]
    for track in (BASS, LOOPS):
        there, back = ({**tracks[track]["slots"][row]} for row in (0, 3))
        # Live numbers notes anew, and the end marker goes with the loop.
        for clip in (there, back):
            clip["notes"] = sorted(note[1:] for note in clip.get("notes", ()))
            clip["markers"] = clip["markers"][:1]
        assert there == back
    studio.live.undo()
    assert studio.live.snapshot() == before


def test_branches_merge_and_go_elsewhere_on_the_command_line(studio: Studio, run: Run, tmp_path: Path) -> None:
    make(studio, "bass", BASS, 0)
    first = run("commit", "-m", "first")
    run("branch", "house")
    studio.live.set("song.tempo", 124.0)
    studio.device.idle(0.3)
    run("commit", "-m", "as house")
    assert run("branch", "main")["branch"] == "main"
    make(studio, "drums", DRUMS, 0)
    run("commit", "-m", "drums")
    assert [row["message"] for row in run("log")] == ["drums", "first"]
    merged = run("merge", "house")
    assert len(merged["parents"]) == 2
    shown = run("show")
    assert shown["tempo"] == 124.0
    assert [clip["track"] for clip in shown["clips"]] == ["Drums", "Bass"]
    assert all(clip["made_by"] for clip in shown["clips"])
    assert "Tempo 92 → 124 BPM" in run("diff", "first", "house")["changes"]
    run("tag", "demo", first["version"][:8])
    assert run("show", "demo")["message"] == "first"
    stick = tmp_path / "stick"
    assert run("push", str(stick))["copied"] > 0
    assert run("pull", str(stick))["copied"] == 0
    run("export", str(tmp_path / "song.musearoo"))
    assert run("import", str(tmp_path / "song.musearoo"))["copied"] == 0
    run("fork", "Another song")
    assert {row["name"] for row in run("list")} >= {"Another song"}
    assert run("fsck")["faults"] == []
    assert run("gc", "--days", "0")["objects"] >= 0
    assert run("fsck")["faults"] == []
    assert "no scene “Outro”" in run("checkout", "demo", "--scene", "Outro", fails=1)
    assert "no version “polka”" in run("show", "polka", fails=1)


def test_a_daemon_that_starts_again_goes_on_in_the_same_repository(studio: Studio, run: Run) -> None:
    make(studio, "bass", BASS, 0)
    first = run("commit", "-m", "before")
    studio.daemon.kill()
    studio.daemon.start()
    studio.wait_for_live()
    make(studio, "drums", DRUMS, 0)
    second = run("commit", "-m", "after")
    assert second["parents"] == [first["version"]]
    repository = repository_of(studio)
    trees = [repository.versions.tree(each["version"]) for each in (first, second)]
    (bass,) = trees[0].clips
    assert bass.uid in {clip.uid for clip in trees[1].clips}
    assert [track.uid for track in trees[0].tracks] == [track.uid for track in trees[1].tracks][: len(trees[0].tracks)]
