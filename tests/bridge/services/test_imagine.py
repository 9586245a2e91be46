"""What the imaginer is asked for: the set's tempo, meter, key, style, chords and loudness, and the settings' model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.imagining.plan import Imagined, ImaginedTake
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.protocol import Imagine, SongState
from musearoo.bridge.requests.imagine import CONTINUE, FOLLOW_TUNE, ImagineReading, SoundSource, TuneSource
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.imagine import SOFTEST, USUAL_LOUDNESS, list_take_files, make_imagine_request
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.analysis.scene.merging import ScenePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note

IMAGINE = Imagine(1, 1, "warm dub bass", 2, 3, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)
SONG = SongState("set", 96.0, 6, 8, 9, "Minor", 1, 0, "")
READING = ImagineReading(IMAGINE, SONG, 7, 0, 20, (), None, None)
SOUND = SoundSource("Break", "/a/break.wav", 1.0, 5.0, 80.0)


def order(
    tmp_path: Path, *, press: dict[str, Any] | None = None, settings: Settings | None = None, **changed: Any
) -> ImagineRequest:
    reading = replace(READING, imagine=replace(IMAGINE, **(press or {})), **changed)
    return make_imagine_request(reading, read_styles(), settings or Settings(), tmp_path, "", 48_000)[0]


def test_the_set_decides_on_tempo_meter_and_key(tmp_path: Path) -> None:
    request = order(tmp_path)
    assert (request.bpm, request.numerator, request.denominator, request.key) == (96.0, 6, 8, "A minor")
    assert (request.bars, request.takes, request.seed, request.rate) == (2, 3, 7, 48_000)
    assert (request.text, request.title, request.follow) == ("warm dub bass", "warm dub bass", True)
    assert Path(request.folder) == tmp_path / "loops"
    request.require_sensible()


def test_a_key_and_a_style_that_are_asked_for_win(tmp_path: Path) -> None:
    request = order(tmp_path, press={"key": "D", "style": "hiphop"})
    assert (request.key, request.style) == ("D major", "hip-hop")
    for press in ({"key": "H flat"}, {"style": "polka-core"}):
        with pytest.raises(RequestError, match="Imagine: "):
            order(tmp_path, press=press)


def test_a_scale_that_is_switched_off_says_nothing(tmp_path: Path) -> None:
    assert order(tmp_path, song=replace(SONG, scale_mode=0)).key == ""


def test_what_plays_in_the_scene_is_told(tmp_path: Path) -> None:
    chords = [Note(0.0, pitch, 3.0, 90.0) for pitch in (57, 60, 64)] + [
        Note(3.0, pitch, 3.0, 90.0) for pitch in (53, 57, 60)
    ]
    part = ScenePart("Piano chords", Clip.of("Piano chords", 6.0, chords))
    request = order(tmp_path, neighbours=(part,))
    assert request.playing == ("harmony",)
    assert request.chords == "Am | F"


def test_its_loudness_follows_the_analyses_within_bounds(tmp_path: Path) -> None:
    assert order(tmp_path).loudness_lufs == USUAL_LOUDNESS
    assert order(tmp_path, lufs=-20.5).loudness_lufs == -20.5
    assert order(tmp_path, lufs=-60.0).loudness_lufs == SOFTEST


def test_a_clip_is_followed_or_gone_on_from(tmp_path: Path) -> None:
    source = Source("/a/break.wav", 1.0, 5.0, 80.0)
    followed = order(tmp_path, press={"use": FOLLOW_TUNE}, source=SOUND)
    assert (followed.melody, followed.before) == (source, None)
    gone_on = order(tmp_path, press={"use": CONTINUE}, source=SOUND)
    assert (gone_on.melody, gone_on.before) == (None, source)
    notes = ((0.0, 60, 0.5),)
    assert order(tmp_path, press={"use": FOLLOW_TUNE}, source=TuneSource("Hook", notes)).notes == notes


def test_the_settings_model_is_meant_where_nothing_else_is(tmp_path: Path) -> None:
    large = Settings(imagine_model="musicgen-large")
    assert order(tmp_path).model == ""
    assert order(tmp_path, settings=large).model == "musicgen-large"
    assert order(tmp_path, settings=large, press={"model": "musicgen-medium"}).model == "musicgen-medium"
    assert order(tmp_path, settings=large, press={"backend": "sketch"}).model == ""
    assert order(tmp_path, settings=large, press={"use": FOLLOW_TUNE}, source=SOUND).model == ""


def test_takes_are_clips_as_many_beats_long_as_their_bars(tmp_path: Path) -> None:
    take = ImaginedTake(
        path=tmp_path / "a.wav",
        sidecar=tmp_path / "a.musearoo.json",
        title="warm dub bass · take 1",
        seed=7,
        rate=48_000,
        channels=1,
        frames=180_000,
        bpm=96.0,
        bars=2,
        beats=(0.0,),
        first_audio_ms=1.0,
        ms=2.0,
        notices=(),
    )
    made = Imagined((take,), "musicgen", "musicgen-small", "", "CC-BY-NC 4.0", "warm dub bass", ())
    (file,) = list_take_files(made, READING)
    assert (file.path, file.name, file.bpm, file.beats) == (str(take.path), take.title, 96.0, 6.0)
