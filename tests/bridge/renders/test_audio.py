"""Audio of takes: every format is decoded again and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from msgspec import structs

from musearoo.bridge.cache.disk import CacheFolder
from musearoo.bridge.jobs.contract import JobCancelled
from musearoo.bridge.renders import audio
from musearoo.bridge.renders.audio import LONGEST_SECONDS, MOST_PARTS, AudioRender, AudioRequest, render_take
from musearoo.bridge.renders.encoding import AUDIO_FORMATS, FORMATS, RENDER_RATE
from musearoo.bridge.renders.level import LOUDNESS, choose_loudness
from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.audio.loops.levelling import measure_loudness
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.styles.mix import MixStyle, PartMix
from tests.bridge.renders.some_takes import BAND, BASS, BEAT, DRUMS, HARMONY, LINE

FINGERPRINT = (1, 0.1504, 0.0860, 0.1128, 0.0758, 0.1401, 0.0721, 0.1056, 0.0679)
"""The version of the renderer, and the level of each eighth of the band: see the test that reads it."""


@pytest.fixture
def files(tmp_path: Path) -> CacheFolder:
    """An empty cache."""
    return audio.open_renders(tmp_path)


def decode(render: AudioRender) -> np.ndarray:
    """Return the samples of a rendered file, float32 (2, samples)."""
    samples, rate = soundfile.read(render.path, dtype="float32", always_2d=True)
    assert rate == render.rate
    return np.ascontiguousarray(samples.T)


def test_each_format_has_the_length_that_is_told_and_sounds_without_clipping(files: CacheFolder) -> None:
    for audio_format in AUDIO_FORMATS:
        render = render_take(AudioRequest(BAND, 120.0, audio_format), files)
        samples = decode(render)
        assert samples.shape == (2, render.frames), audio_format
        assert render.music_frames == 2 * render.rate
        assert 2.05 < render.seconds < 4.0
        assert np.abs(samples).max() < 1.0
        loudness = measure_loudness(samples[:, : render.music_frames], render.rate)
        assert loudness == pytest.approx(choose_loudness(BAND), abs=1.5), audio_format
        # Music in each beat, a tail that dies away, and silence at the very end.
        beats = samples[:, : render.music_frames].reshape(2, 4, -1)
        assert np.sqrt((beats**2).mean(axis=(0, 2))).min() > 0.03
        assert np.abs(samples[:, -20:]).max() < 0.001
        assert not render.is_cached
        assert render.path.suffix == f".{audio_format}"


def test_flac_has_the_samples_of_wav(files: CacheFolder) -> None:
    wav, flac = (decode(render_take(AudioRequest(BAND, 97.0, name), files)) for name in ("wav", "flac"))
    assert np.array_equal(wav, flac)


def test_a_stroke_is_where_its_note_is_in_every_format(files: CacheFolder) -> None:
    part = TakePart.of(Clip("kick", 8.0, (Note(3.0, 36, 0.25, 100.0),)), "drums")
    for audio_format in AUDIO_FORMATS:
        samples = np.abs(decode(render_take(AudioRequest((part,), 100.0, audio_format), files))).max(axis=0)
        rate = FORMATS[audio_format].rate
        onset = int(np.argmax(samples > 0.25 * samples.max()))
        # The first quarter of the kick's wave; MP3 and Opus spread it by a few hundred samples.
        assert 0 <= onset / rate - 1.8 < 0.003, (audio_format, onset / rate)


def test_a_loop_has_the_length_of_its_bars_and_keeps_its_tail(files: CacheFolder) -> None:
    clip = Clip("late", 4.0, (Note(3.75, 49, 0.25, 110.0),))
    request = AudioRequest((TakePart.of(clip, "drums"),), 90.0, ending="loop")
    render = render_take(request, files)
    samples = decode(render)
    assert render.frames == render.music_frames == samples.shape[1] == round(4 * 60 / 90 * 44_100)
    # The crash of the last sixteenth rings on at the beginning.
    assert np.abs(samples[:, :4410]).max() > 0.02
    plain = decode(render_take(replace(request, ending="tail"), files))
    assert np.abs(plain[:, :4410]).max() < 0.001
    assert plain.shape[1] > samples.shape[1] + 22_050


def test_a_loop_is_as_long_as_is_told_in_every_format_and_at_any_tempo(files: CacheFolder) -> None:
    for bpm in (93.7, 97.0, 119.0, 121.3):
        for audio_format in AUDIO_FORMATS:
            render = render_take(AudioRequest((DRUMS,), bpm, audio_format, ending="loop"), files)
            whole = round(round(4 * 60 / bpm * RENDER_RATE) * render.rate / RENDER_RATE)
            assert render.frames == render.music_frames == whole, (bpm, audio_format)


def test_faders_and_pans_of_the_set_are_heard(files: CacheFolder) -> None:
    def loudness(*parts: TakePart) -> tuple[float, float]:
        left, right = np.sqrt((decode(render_take(AudioRequest(parts, 120.0), files)) ** 2).mean(axis=1))
        return float(left), float(right)

    alone = loudness(HARMONY)
    left, right = loudness(replace(HARMONY, pan=-1.0))
    assert left > 3 * right, "what is left on the right is its reverb"
    left, right = loudness(replace(HARMONY, pan=1.0))
    assert right > 3 * left
    balances = []
    for gain_db in (-70.0, -12.0, 0.0):
        left, right = loudness(replace(HARMONY, pan=-1.0), replace(BASS, pan=1.0, gain_db=gain_db))
        balances.append(right / left)
    assert balances == sorted(balances)
    assert balances[0] < 0.4 < 1.0 < balances[2]
    assert loudness(replace(HARMONY, gain_db=None, pan=None)) == alone


def test_a_note_longer_than_the_tail_fades_out(files: CacheFolder) -> None:
    organ = TakePart(clip=Clip("long", 4.0, (Note(0.0, 60, 64.0, 90.0),)), role="harmony", program=16, name="organ")
    samples = decode(render_take(AudioRequest((organ,), 120.0), files))
    assert samples.shape[1] == 4 * 44_100
    assert np.abs(samples[:, -6000:-3000]).max() > 0.05
    assert np.abs(samples[:, -3:]).max() < 0.001


def test_what_ends_in_time_has_no_tail(files: CacheFolder) -> None:
    early = TakePart.of(Clip("early", 16.0, (Note(0.0, 36, 0.25, 100.0),)), "drums")
    render = render_take(AudioRequest((early,), 120.0), files)
    assert render.frames == render.music_frames


def test_a_softer_take_sounds_softer(files: CacheFolder) -> None:
    def loudness(velocity: float) -> float:
        clip = LINE.with_notes(structs.replace(note, velocity=velocity) for note in LINE.notes)
        samples = decode(render_take(AudioRequest((TakePart.of(clip, "bass"),), 120.0), files))
        measured = measure_loudness(samples[:, : 2 * 44_100], 44_100)
        assert measured is not None
        return measured

    assert loudness(95.0) == pytest.approx(LOUDNESS, abs=0.7)
    assert loudness(76.0) == pytest.approx(loudness(95.0) - 1.9, abs=0.5)


def test_silence_is_rendered_too(files: CacheFolder) -> None:
    muted = BEAT.with_notes(structs.replace(note, mute=True) for note in BEAT.notes)
    render = render_take(AudioRequest((TakePart.of(muted, "drums"),), 120.0), files)
    assert render.frames == 2 * 44_100
    assert not decode(render).any()


def test_the_second_time_it_comes_from_the_cache(files: CacheFolder) -> None:
    told: list[tuple[float, str]] = []
    request = AudioRequest((BASS,), 120.0, "flac")
    first = render_take(request, files, lambda fraction, text: told.append((fraction, text)))
    assert {text for _, text in told} == {"rendering", "levelling", "encoding", "done"}
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert told[-1] == (1.0, "done")
    told.clear()
    again = render_take(request, files, lambda fraction, text: told.append((fraction, text)))
    assert again == replace(first, is_cached=True)
    assert not told


def test_the_same_request_gives_the_same_bytes(tmp_path: Path) -> None:
    for audio_format in AUDIO_FORMATS:
        request = AudioRequest((DRUMS, BASS), 120.0, audio_format)
        once, again = (render_take(request, audio.open_renders(tmp_path / name)) for name in ("a", "b"))
        assert once.path.read_bytes() == again.path.read_bytes(), audio_format


def test_a_broken_file_is_made_again(files: CacheFolder) -> None:
    request = AudioRequest((BASS,), 120.0, "flac")
    first = render_take(request, files)
    whole = first.path.read_bytes()
    for broken in (b"", b"nothing that sounds", whole[:3]):
        first.path.write_bytes(broken)
        assert not render_take(request, files).is_cached
        assert first.path.read_bytes() == whole
    first.path.write_bytes(b"nothing that sounds")
    with pytest.raises(JobCancelled):
        render_take(request, files, _cancel)
    assert not first.path.exists()


def _cancel(_fraction: float, _text: str) -> None:
    raise JobCancelled


def test_the_key_depends_on_all_that_is_heard_and_on_nothing_else() -> None:
    request = AudioRequest((DRUMS, BASS), 120.0)
    louder = LINE.with_notes(structs.replace(note, velocity=97.0) for note in LINE.notes)
    others = (
        replace(request, bpm=120.5),
        replace(request, format="flac"),
        replace(request, ending="loop"),
        replace(request, mix=MixStyle(bass=PartMix(level=-9))),
        replace(request, parts=(DRUMS,)),
        replace(request, parts=(BASS, DRUMS)),
        replace(request, parts=(DRUMS, replace(BASS, program=38))),
        replace(request, parts=(DRUMS, replace(BASS, role="melody"))),
        replace(request, parts=(DRUMS, replace(BASS, gain_db=0.0))),
        replace(request, parts=(DRUMS, replace(BASS, pan=0.0))),
        replace(request, parts=(DRUMS, replace(BASS, clip=louder))),
        replace(request, parts=(DRUMS, replace(BASS, clip=replace(LINE, length=5.0)))),
    )
    keys = {request.key, *(other.key for other in others)}
    assert len(keys) == 1 + len(others)
    renamed = replace(BASS, name="another name", clip=replace(LINE, name="another"))
    assert replace(request, parts=(DRUMS, renamed)).key == request.key
    assert request.file_name == f"{request.key}.wav"
    assert len(request.key) == 40


def test_the_key_depends_on_the_version_of_the_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    before = AudioRequest(BAND, 120.0).key
    monkeypatch.setattr(audio, "RENDERER", audio.RENDERER + 1)
    assert AudioRequest(BAND, 120.0).key != before


def test_who_changes_the_sound_raises_the_version(files: CacheFolder) -> None:
    samples = decode(render_take(AudioRequest(BAND, 120.0), files))
    eighths = samples[:, : 2 * 44_100].reshape(2, 8, -1)
    levels = np.sqrt((eighths.astype(np.float64) ** 2).mean(axis=(0, 2)))
    version, *known = FINGERPRINT
    shown = ", ".join(f"{level:.4f}" for level in levels)
    assert (audio.RENDERER, levels.tolist()) == (version, pytest.approx(known, abs=0.0003)), (
        f"renders sound different: raise RENDERER in bridge/renders/audio.py and put ({audio.RENDERER + 1}, {shown}) "
        "here, so that no old file is taken for a new one"
    )


def test_a_cancelled_render_leaves_nothing(files: CacheFolder) -> None:
    def cancel_at(step: str) -> Callable[[float, str], None]:
        def report(_fraction: float, text: str) -> None:
            if text == step:
                raise JobCancelled

        return report

    for step in ("rendering", "levelling", "encoding"):
        with pytest.raises(JobCancelled):
            render_take(AudioRequest((BASS,), 120.0, "mp3"), files, cancel_at(step))
        assert not files.folder.exists()


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(EngineError, match=r"The renders cannot be written to .*taken"):
        render_take(AudioRequest((BASS,), 120.0), audio.open_renders(tmp_path / "taken"))


def test_what_cannot_be_rendered_is_refused() -> None:
    some_format: Any = "aac"
    some_ending: Any = "bang"
    long = TakePart.of(Clip("long", 2 * LONGEST_SECONDS + 2.0), "bass")
    cases: tuple[tuple[Callable[[], AudioRequest], str], ...] = (
        (lambda: AudioRequest((), 120.0), f"parts must be 1 to {MOST_PARTS} to render, but was 0"),
        (lambda: AudioRequest((BASS,) * 17, 120.0), "but was 17"),
        (lambda: AudioRequest((BASS,), 0.0), "bpm must be 20 to 999, but was 0"),
        (lambda: AudioRequest((BASS,), float("nan")), "bpm must be 20 to 999"),
        (lambda: AudioRequest((BASS,), 120.0, some_format), "format must be one of wav"),
        (lambda: AudioRequest((BASS,), 120.0, ending=some_ending), "ending must be tail or loop"),
        (lambda: AudioRequest((long,), 120.0), "length must be at most 660 seconds to be rendered, but was 661"),
    )
    for make, message in cases:
        with pytest.raises(ParamError, match=message):
            make()
    assert AudioRequest((HARMONY,), 20.0).seconds == 12.0
