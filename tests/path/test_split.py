"""Stems in Live: a clip taken apart, its stems beside it and just as it plays, by a press or by itself; one undo."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from musearoo.bridge.protocol import Done, Failed, Progress, Refusal, Told
from musearoo.bridge.protocol.types import Message
from musearoo.tools.studio.processes import Studio, write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

WITHIN = 60.0
"""Seconds in which a busy machine starts the worker and takes a few seconds of sound apart."""

SOURCE = 1
"""The track of the clips that are split, between two others."""

STEMS = ("Drums", "Bass", "Vocals", "Other")
NAMES = [f"Band · {stem} (DSP)" for stem in STEMS]
SLOT = f"song.tracks[{SOURCE}].clip_slots"


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The band as a WAV file."""
    return write_wave(tmp_path_factory.mktemp("audio") / "Band.wav", render_parts(play_band(), BPM, loop=True))


@pytest.fixture
def noise(loop: Path, request: pytest.FixtureRequest) -> Path:
    """Forty seconds of noise that was never split before: long enough to be cancelled in the middle."""
    seed = zlib.crc32(request.node.name.encode())
    samples = np.random.default_rng(seed).uniform(-0.3, 0.3, (40 * 44_100, 2))
    path = loop.with_name("Noise.wav")
    soundfile.write(path, samples, 44_100, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def set_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kinds = (("midi", "Keys"), ("audio", "Loops"), ("audio", "Voice"))
    description: dict[str, object] = {
        "song": {"tempo": BPM},
        "scenes": [{}, {}, {}, {}],
        "tracks": [{"kind": kind, "given_name": name} for kind, name in kinds],
    }
    return write_set(tmp_path_factory.mktemp("set") / "set.json", description)


@pytest.fixture(scope="module")
def split_studio(set_file: Path, loop: Path) -> Iterator[Studio]:
    """A studio that may read the folder of the loop; it hears nothing by itself, so that the worker is free."""
    settings = f"audio_folders: [{json.dumps(str(loop.parent))}]\nlisten: false\n"
    with Studio(set_file=set_file, settings=settings) as studio:
        yield studio


@pytest.fixture
def clip(split_studio: Studio, loop: Path) -> Iterator[str]:
    """The loop in the first slot of its track, playing its second half from the middle of a beat on."""
    studio = split_studio
    where = f"{SLOT}[0].clip"
    studio.live.call(f"{SLOT}[0].create_audio_clip", str(loop))
    for name, value in (("name", "Band"), ("loop_start", 2.0), ("loop_end", 10.0), ("start_marker", 2.5)):
        studio.live.set(f"{where}.{name}", value)
    for name, value in (("gain", 0.3), ("pitch_coarse", -2), ("launch_mode", 1), ("legato", True)):
        studio.live.set(f"{where}.{name}", value)
    studio.device.idle(0.3)
    yield where
    _empty(studio)


def _empty(studio: Studio) -> None:
    """Takes all clips of the source's track out, and all tracks that came behind it."""
    while len(studio.live.snapshot()["tracks"]) > 3:
        studio.live.call("song.delete_track", SOURCE + 1)
    for row in range(4):
        if studio.live.get(f"{SLOT}[{row}].has_clip"):
            studio.live.call(f"{SLOT}[{row}].delete_clip")
    studio.device.idle(0.3)


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def failed(answer: Message) -> Failed:
    assert isinstance(answer, Failed), answer
    return answer


def tracks(studio: Studio) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = studio.live.snapshot()["tracks"]
    return listed


def names(studio: Studio) -> list[str]:
    return [track["given_name"] for track in tracks(studio)]


def read(path: str | Path) -> npt.NDArray[np.float64]:
    samples: npt.NDArray[np.float64] = soundfile.read(path, always_2d=True)[0]
    return samples


def files_of(studio: Studio, slot: int = 0) -> list[str]:
    """The files of the four stems in a scene."""
    where = "song.tracks[{}].clip_slots[{}].clip.file_path"
    return [studio.live.get(where.format(SOURCE + 1 + number, slot)) for number in range(4)]


def drafts(studio: Studio) -> list[Path]:
    """What is left of unfinished work beside the stems."""
    folder = studio.home / "stems"
    return [path for path in folder.rglob("*") if path.name.startswith(".") or path.parent.name.startswith(".")]


def test_a_clip_is_split_beside_itself_and_one_undo_takes_it_back(split_studio: Studio, clip: str, loop: Path) -> None:
    studio = split_studio
    before = studio.live.snapshot()
    press = studio.device.split(track=SOURCE, scene=0, backend="dsp", mute=True)
    answer = done(studio.device.wait_for(press, WITHIN))
    assert answer.name == "Band split into drums, bass, vocals, other (DSP)"
    assert (answer.track, answer.scene) == (SOURCE + 4, 0)
    assert names(studio) == ["Keys", "Loops", *NAMES, "Voice"]
    assert studio.live.get(f"{clip}.muted") is True
    assert press.progress
    # The stems are the loop, sample by sample.
    rest = read(loop)
    for path in files_of(studio):
        assert read(path).shape == rest.shape
        rest = rest - read(path)
    assert np.sqrt(np.mean(rest**2)) < 1e-3 * np.sqrt(np.mean(read(loop) ** 2))
    studio.live.undo()
    assert studio.live.snapshot() == before


@pytest.mark.usefixtures("clip")
def test_stems_play_just_as_their_clip_does(split_studio: Studio) -> None:
    studio = split_studio
    studio.live.set(f"{SLOT}[0].clip.muted", True)
    done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, backend="dsp"), WITHIN))
    source, *stems = (tracks(studio)[SOURCE + number]["slots"][0] for number in range(5))
    own = {"name", "audio", "color_index", "muted"}
    for stem in stems:
        assert {key: value for key, value in stem.items() if key not in own} == {
            key: value for key, value in source.items() if key not in own
        }
    assert [stem["name"] for stem in stems] == NAMES
    # An earlier split may have muted the clip; its stems are to be heard.
    assert not any(stem["muted"] for stem in stems)
    assert [stem["audio"][1:] for stem in stems] == [source["audio"][1:]] * 4


@pytest.mark.usefixtures("clip")
def test_the_same_clip_again_is_answered_from_what_was_kept(split_studio: Studio) -> None:
    studio = split_studio
    done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, backend="dsp"), WITHIN))
    paths = files_of(studio)
    written = [Path(path).stat().st_mtime_ns for path in paths]
    studio.live.undo()
    studio.device.idle(0.3)
    done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, backend="dsp"), WITHIN))
    assert files_of(studio) == paths
    assert [Path(path).stat().st_mtime_ns for path in paths] == written


@pytest.mark.usefixtures("clip")
def test_another_clip_of_the_track_takes_the_same_tracks(split_studio: Studio, loop: Path) -> None:
    studio = split_studio
    done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, backend="dsp"), WITHIN))
    studio.live.call(f"{SLOT}[2].create_audio_clip", str(loop))
    studio.device.idle(0.3)
    answer = done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=2, backend="dsp"), WITHIN))
    assert (answer.track, answer.scene) == (SOURCE + 4, 2)
    assert names(studio) == ["Keys", "Loops", *NAMES, "Voice"]


def test_a_clip_of_the_arrangement_is_split_where_it_lies(split_studio: Studio, loop: Path) -> None:
    studio = split_studio
    studio.live.call(f"song.tracks[{SOURCE}].create_audio_clip", str(loop), 8.0)
    where = f"song.tracks[{SOURCE}].arrangement_clips[0]"
    studio.live.set("song.view.detail_clip", {"path": where})
    studio.device.idle(0.3)
    before = studio.live.snapshot()
    done(studio.device.wait_for(studio.device.split(backend="dsp"), WITHIN))
    span = [studio.live.get(f"{where}.{name}") for name in ("start_time", "end_time")]
    for number in range(4):
        stem = f"song.tracks[{SOURCE + 1 + number}].arrangement_clips[0]"
        assert [studio.live.get(f"{stem}.{name}") for name in ("start_time", "end_time")] == span
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.live.undo()
    _empty(studio)


@pytest.mark.usefixtures("clip")
def test_without_demucs_the_fallback_answers_and_says_so(split_studio: Studio) -> None:
    studio = split_studio
    press = studio.device.split(track=SOURCE, scene=0)
    assert done(studio.device.wait_for(press, WITHIN)).name.endswith("(DSP)")
    assert any("musearoo models fetch" in told.sentence or "setup --with stems" in told.sentence for told in press.told)
    answer = failed(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, stems=6), WITHIN))
    assert answer.code == Refusal.ENGINE_FAILED


def begin_long(studio: Studio, noise: Path) -> Any:
    """A press that takes its time, and has made a beginning."""
    studio.live.call(f"{SLOT}[1].create_audio_clip", str(noise))
    studio.device.idle(0.3)
    press = studio.device.split(track=SOURCE, scene=1, backend="dsp", mute=True)
    studio.device.wait_until(lambda: bool(press.progress), WITHIN, "progress")
    return press


def test_a_split_that_is_cancelled_leaves_nothing_behind(split_studio: Studio, noise: Path) -> None:
    studio = split_studio
    press = begin_long(studio, noise)
    before = studio.live.snapshot()
    studio.device.cancel(press)
    assert failed(studio.device.wait_for(press, WITHIN)).code == Refusal.CANCELLED
    studio.device.idle(1.0)
    assert studio.live.snapshot() == before
    assert drafts(studio) == []
    assert not list((studio.home / "stems").rglob("Noise*.wav"))
    _empty(studio)


def test_a_track_that_is_deleted_before_its_stems_are_ready_is_said_to_have_gone(
    split_studio: Studio, noise: Path
) -> None:
    studio = split_studio
    press = begin_long(studio, noise)
    studio.live.call(f"{SLOT}[1].delete_clip")
    before = studio.live.snapshot()
    answer = failed(studio.device.wait_for(press, WITHIN))
    assert answer.code == Refusal.GONE
    assert answer.sentence.startswith("Noise was deleted while it was being split; its stems lie in ")
    assert studio.live.snapshot() == before
    _empty(studio)


def test_what_comes_onto_a_marked_track_is_split_by_itself(split_studio: Studio, loop: Path) -> None:
    studio = split_studio
    studio.device.auto_split(SOURCE, backend="dsp", mute=True)
    studio.device.idle(0.5)
    studio.device.received.clear()
    studio.live.call(f"{SLOT}[0].create_audio_clip", str(loop))

    def told() -> list[Told]:
        return [message for message in studio.device.received if isinstance(message, Told)]

    studio.device.wait_until(lambda: any("split into" in each.sentence for each in told()), WITHIN, "word of the stems")
    assert names(studio) == ["Keys", "Loops", *NAMES, "Voice"]
    assert studio.live.get(f"{SLOT}[0].clip.muted") is True
    assert {each.press for each in told()} == {0}
    assert {each.press for each in studio.device.received if isinstance(each, Progress)} <= {0}
    studio.device.auto_split(SOURCE, on=False)
    studio.device.idle(0.3)
    studio.live.call(f"{SLOT}[1].create_audio_clip", str(loop))
    studio.device.idle(1.5)
    assert not studio.live.get(f"song.tracks[{SOURCE + 1}].clip_slots[1].has_clip")
    _empty(studio)


def test_what_came_by_itself_can_be_cancelled(split_studio: Studio, noise: Path) -> None:
    studio = split_studio
    studio.device.auto_split(SOURCE, backend="dsp")
    studio.device.idle(0.5)
    studio.device.received.clear()
    studio.live.call(f"{SLOT}[0].create_audio_clip", str(noise))
    studio.device.wait_until(
        lambda: any(isinstance(message, Progress) for message in studio.device.received), WITHIN, "progress"
    )
    studio.device.cancel_arrivals()
    studio.device.wait_until(
        lambda: any(isinstance(each, Told) and each.code == Refusal.CANCELLED for each in studio.device.received),
        WITHIN,
        "word of the cancel",
    )
    studio.device.auto_split(SOURCE, on=False)
    studio.device.idle(0.5)
    assert names(studio) == ["Keys", "Loops", "Voice"]
    _empty(studio)


@pytest.mark.usefixtures("clip")
def test_a_live_that_makes_no_audio_clips_loads_them_by_its_browser(
    split_studio: Studio, loop: Path, tmp_path: Path
) -> None:
    same_set = write_set(tmp_path / "set.json", split_studio.live.snapshot())
    settings = f"audio_folders: [{json.dumps(str(loop.parent))}]\nlisten: false\n"
    with Studio(profile="12.0.0", set_file=same_set, settings=settings) as studio:
        before = studio.live.snapshot()
        press = studio.device.split(track=SOURCE, scene=0, backend="dsp", mute=True)
        done(studio.device.wait_for(press, WITHIN))
        assert names(studio) == ["Keys", "Loops", *NAMES, "Voice"]
        assert {Path(path).parts[-4:-1] for path in files_of(studio)} == {("User Library", "Samples", "MuseAroo")}
        studio.live.undo()
        assert studio.live.snapshot() == before


@pytest.mark.usefixtures("clip")
def test_the_stems_of_a_saved_set_go_into_its_project(split_studio: Studio, tmp_path: Path) -> None:
    studio = split_studio
    project = tmp_path / "Song Project"
    (project / "Ableton Project Info").mkdir(parents=True)
    studio.live.save_as(str(project / "Song.als"))
    studio.device.idle(1.5)  # Live tells it to nobody, so the script looks now and then
    done(studio.device.wait_for(studio.device.split(track=SOURCE, scene=0, backend="dsp"), WITHIN))
    folder = project / "Samples" / "Processed" / "MuseAroo"
    assert [Path(path).parent for path in files_of(studio)] == [folder] * 4
    assert {path.suffix for path in folder.iterdir()} == {".wav"}
