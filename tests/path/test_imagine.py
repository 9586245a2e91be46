"""Imagining in Live: a prompt becomes loops in the grid, by a tiny model or as a sketch; told, cancelled, undone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.bridge.protocol import Done, Failed, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.imagine import CONTINUE, FOLLOW_TUNE
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.studio.processes import Studio, write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM as TAPED_BPM
from tests.band import play_band
from tests.bridge.capture.some_rings import band_sound, tape
from tests.each_case import each_case
from tests.optional import has, needs

WITHIN = 120.0
"""Seconds in which a busy machine starts the worker, imports torch and imagines some seconds with a tiny model."""

BPM = 150.0
BARS = 1
RATE = 48_000
FRAMES = round(BARS * 4 * 60.0 / BPM * RATE)
"""Of a loop, at the stand-in's rate: a bar, for all that a worker does while tests fill the machine takes long."""

LOOPS, KEYS = 0, 1
"""The tracks of the set."""

needs_models = needs("torch", "transformers")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio whose models, where this Python can run them, are tiny ones of random weights."""
    home = tmp_path_factory.mktemp("home")
    if has("torch", "transformers"):
        from musearoo.tools.bench.musicgen.random_models import write_random_musicgen

        for kind in ("text", "melody"):
            write_random_musicgen(home / "models", kind=kind)
    loop = write_wave(home / "Band.wav", render_parts(play_band(), BPM, loop=True))
    set_file = write_set(
        home / "set.json",
        {
            "song": {"tempo": BPM},
            "scenes": [{}, {}, {}],
            "tracks": [{"kind": "audio", "given_name": "Loops"}, {"kind": "midi", "given_name": "Keys"}],
        },
    )
    settings = f"audio_folders: [{json.dumps(str(home))}]\nlisten: false\n"
    with Studio(set_file=set_file, home=home, settings=settings) as made:
        made.live.call(f"song.tracks[{LOOPS}].clip_slots[0].create_audio_clip", str(loop))
        yield made


@pytest.fixture
def room(studio: Studio) -> Iterator[Studio]:
    """The studio with only its own tracks and clips in the set, before and after."""
    yield studio
    while len(tracks(studio)) > 2:
        studio.live.call("song.delete_track", 2)
    for row in (1, 2):
        if studio.live.get(f"song.tracks[{LOOPS}].clip_slots[{row}].has_clip"):
            studio.live.call(f"song.tracks[{LOOPS}].clip_slots[{row}].delete_clip")
    studio.device.idle(0.3)


def tracks(studio: Studio) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = studio.live.snapshot()["tracks"]
    return listed


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def failed(answer: Message) -> Failed:
    assert isinstance(answer, Failed), answer
    return answer


def clip_at(studio: Studio, answer: Done) -> dict[str, Any]:
    where = f"song.tracks[{answer.track}].clip_slots[{answer.scene}].clip"
    names = ("name", "file_path", "warping", "looping", "loop_start", "loop_end")
    return {name: studio.live.get(f"{where}.{name}") for name in names}


def sidecar_of(path: str) -> dict[str, Any]:
    (found,) = [each for each in Path(path).parent.glob("*.json") if each.name.startswith(Path(path).stem + ".")]
    told: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return told


def left_over(studio: Studio) -> list[Path]:
    """What is left of unfinished work beside the loops."""
    return list((studio.home / "loops").rglob(".*"))


@each_case(
    "words, backend, label", [("slow funk with slap bass", "sketch", "Sketch"), ("calm glass", "ambient", "Ambient")]
)
def test_what_needs_no_model_loops_in_the_grid_exactly_as_long_as_its_bars(
    room: Studio, words: str, backend: str, label: str
) -> None:
    before = room.live.snapshot()
    press = room.device.imagine(words, bars=BARS, seed=3, backend=backend)
    answer = done(room.device.wait_for(press, WITHIN))
    clip = clip_at(room, answer)
    assert (clip["warping"], clip["looping"], clip["loop_start"], clip["loop_end"]) == (True, True, 0.0, 4.0 * BARS)
    assert words.split()[1] in clip["name"]
    assert label in clip["name"]
    sound, rate = soundfile.read(clip["file_path"])
    assert (len(sound), rate) == (FRAMES, RATE)
    assert press.progress
    room.live.undo()
    assert room.live.snapshot() == before


def test_endless_music_comes_as_clips_from_the_command_line(
    room: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = room.live.snapshot()
    monkeypatch.setenv(HOME_VARIABLE, str(room.home))
    words = ["ambient", "--out", "clip", "--preset", "glass", "--mood", "calm", "--bars", "1", "--takes", "2"]
    assert main([*words, "--seed", "3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["out"], answer["preset"], answer["seed"]) == ("clip", "glass", 3)
    assert "calm glass" in answer["answer"]
    assert [track["given_name"] for track in tracks(room)] == ["Loops", "Keys", "calm glass (Ambient)"]
    clips = [clip_at(room, Done(1, 1, 0.0, 0.0, 0.0, 0, 2, scene, "")) for scene in (0, 1)]
    assert all("calm glass" in clip["name"] for clip in clips)
    assert sidecar_of(clips[0]["file_path"])["request"]["backend"] == "ambient"
    room.live.undo()
    assert room.live.snapshot() == before


def waves(studio: Studio) -> list[Path]:
    """All loops that are kept."""
    return list((studio.home / "loops").rglob("*.wav"))


@needs_models
def test_a_prompt_becomes_takes_on_a_track_of_their_own_with_all_that_makes_them_again(room: Studio) -> None:
    before = room.live.snapshot()
    press = room.device.imagine("warm dub bass", bars=BARS, takes=2, seed=3)
    answer = done(room.device.wait_for(press, WITHIN))
    assert [track["given_name"] for track in tracks(room)] == ["Loops", "Keys", "warm dub bass"]
    clips = [clip_at(room, answer), clip_at(room, Done(1, 1, 0.0, 0.0, 0.0, 0, answer.track, answer.scene - 1, ""))]
    assert sorted(clip["name"] for clip in clips) == ["warm dub bass · take 1", "warm dub bass · take 2"]
    for clip in clips:
        sound, rate = soundfile.read(clip["file_path"])
        assert (len(sound), rate) == (FRAMES, RATE)
        told = sidecar_of(clip["file_path"])
        assert "CC-BY-NC" in told["licence"]
        assert told["request"]["model"] == "musicgen-small"
    assert len({sidecar_of(clip["file_path"])["request"]["seed"] for clip in clips}) == 2
    assert any("of" in progress.sentence for progress in press.progress)
    room.live.undo()
    assert room.live.snapshot() == before


@needs_models
def test_a_cancelled_press_leaves_neither_a_clip_nor_a_file(room: Studio) -> None:
    before = room.live.snapshot()
    kept = waves(room)
    press = room.device.imagine("a very long drone", bars=32, seed=3, takes=8)
    room.device.wait_until(lambda: any(p.fraction > 0.02 for p in press.progress), WITHIN, "progress")
    room.device.cancel(press)
    assert failed(room.device.wait_for(press)).code == Refusal.CANCELLED
    # The worker stands at its next step, and can be asked for something else.
    again = room.device.imagine("slow funk", bars=1, seed=3, backend="sketch")
    done(room.device.wait_for(again, WITHIN))
    room.live.undo()
    assert room.live.snapshot() == before
    assert left_over(room) == []
    assert len(waves(room)) == len(kept) + 1


@needs_models
def test_a_clip_is_continued_in_the_slot_below_it(room: Studio) -> None:
    press = room.device.imagine("more of it", bars=BARS, seed=3, use=CONTINUE, source=(LOOPS, 0), track=LOOPS, scene=0)
    answer = done(room.device.wait_for(press, WITHIN))
    assert (answer.track, answer.scene) == (LOOPS, 1)
    assert "Band.wav" in json.dumps(sidecar_of(clip_at(room, answer)["file_path"]))


@needs_models
def test_what_a_device_recorded_is_continued_and_its_chords_told(room: Studio) -> None:
    before = room.live.snapshot()
    taped = tape(band_sound(), TAPED_BPM, 2.2, seconds=8.0)
    assert room.device.welcome is not None
    ring = taped.write(Path(room.device.welcome.captures), "device-1-1.wav")
    press = room.device.listen(
        ring.name, taped.counter, taped.song_beat, bars=2, go_on=True, prompt="with strings", length=BARS
    )
    answer = done(room.device.wait_for(press, WITHIN))
    clip = clip_at(room, answer)
    assert clip["loop_end"] == 4.0 * BARS
    told = sidecar_of(clip["file_path"])["request"]
    assert told["before"]["path"].endswith("Listen 2 bars 96 BPM.wav")
    assert told["before"]["bpm"] == pytest.approx(TAPED_BPM, abs=0.01)
    assert told["chords"] == "Am | Dm"
    assert not ring.exists()
    room.live.undo()
    assert room.live.snapshot() == before


@needs_models
def test_the_tune_of_a_midi_clip_is_followed_by_the_melody_model(room: Studio) -> None:
    slot = f"song.tracks[{KEYS}].clip_slots[0]"
    press = room.device.press("melody", bars=BARS, seed=5, track=KEYS, scene=0)
    done(room.device.wait_for(press, WITHIN))
    press = room.device.imagine("a choir", bars=BARS, seed=3, use=FOLLOW_TUNE, source=(KEYS, 0))
    answer = done(room.device.wait_for(press, WITHIN))
    assert sidecar_of(clip_at(room, answer)["file_path"])["request"]["model"] == "musicgen-melody"
    room.live.call(f"{slot}.delete_clip")


def test_what_cannot_be_done_is_said_in_a_sentence(room: Studio) -> None:
    before = room.live.snapshot()
    press = room.device.imagine("anything", bars=1, backend="musicgen", model="musicgen-large")
    sentence = failed(room.device.wait_for(press, WITHIN)).sentence
    assert "musicgen-large" in sentence
    assert "sketch" in sentence.lower()
    press = room.device.imagine("anything", bars=1, key="H flat", backend="sketch")
    assert failed(room.device.wait_for(press, WITHIN)).code == Refusal.BAD_PARAMETER
    assert room.live.snapshot() == before
