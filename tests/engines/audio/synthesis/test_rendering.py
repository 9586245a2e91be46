"""The synthesiser: on time, in tune, in its place, never clipped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musearoo.engines.audio.synthesis.drum_kit import render_stroke
from musearoo.engines.audio.synthesis.instruments import voice_of
from musearoo.engines.audio.synthesis.mixing import CEILING, TAIL, mix_stems, pan_gains, render_stem
from musearoo.engines.audio.synthesis.stem import RATE, Samples, Sounding, Stem, stem_of
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from tests.each_case import each_case


def one_note(program: int | None, pitch: int, velocity: float = 100.0, seconds: float = 1.0) -> Stem:
    return Stem("part", (Sounding(0.5, seconds, pitch, velocity),), program)


def pitch_of(sound: Samples) -> float:
    """The lowest strong tone of a sound, Hz."""
    strengths = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    strong = np.flatnonzero(strengths > 0.3 * strengths.max())[0]
    peak = strong + int(strengths[strong : strong + 8].argmax())
    return float(peak) * RATE / sound.size


@each_case("program", range(0, 128, 4))
@each_case("pitch", [45, 64])
def test_every_family_plays_in_tune_and_falls_silent(program: int, pitch: int) -> None:
    sound = render_stem(one_note(program, pitch), 3.0).mean(axis=0)
    assert np.isfinite(sound).all()
    assert np.abs(sound[: RATE // 2 - 1]).max() == 0.0
    assert 0.005 < np.abs(sound).max() < 1.0
    assert np.abs(sound[-RATE // 4 :]).max() < 0.001
    found = pitch_of(sound[RATE // 2 : 3 * RATE // 2])
    expected = 440.0 * 2 ** ((pitch - 69) / 12)
    assert found == pytest.approx(expected, rel=0.03) or found == pytest.approx(expected / 2, rel=0.03)


@each_case("pitch", range(35, 82))
def test_every_drum_sounds_at_once_and_dies_away(pitch: int) -> None:
    sound = np.abs(render_stroke(pitch, RATE)).max(axis=0)
    assert 0.1 < sound.max() < 2.0
    assert int((sound > 0.2 * sound.max()).argmax()) < 0.012 * RATE
    assert sound[-1] == 0.0


def test_drums_that_differ_sound_different() -> None:
    spectra = [np.abs(np.fft.rfft(render_stroke(pitch, RATE)[0], RATE)) for pitch in (36, 38, 42, 46, 39, 37, 51, 56)]
    for number, one in enumerate(spectra):
        for other in spectra[number + 1 :]:
            assert np.dot(one, other) / np.sqrt(np.dot(one, one) * np.dot(other, other)) < 0.98


def test_a_hard_stroke_is_louder_and_brighter() -> None:
    soft, hard = (render_stem(one_note(0, 60, velocity), 2.0)[0] for velocity in (40.0, 120.0))
    assert np.abs(hard).max() > 3.0 * np.abs(soft).max()

    def centre(sound: Samples) -> float:
        power = np.abs(np.fft.rfft(sound)) ** 2
        return float((power * np.arange(power.size)).sum() / power.sum())

    assert centre(hard) > 1.02 * centre(soft)


def test_gain_and_place_are_those_asked_for() -> None:
    stem = one_note(0, 60)
    plain = render_stem(stem, 2.0)
    quieter = render_stem(replace(stem, gain_db=-6.0), 2.0)
    assert np.abs(quieter).max() == pytest.approx(np.abs(plain).max() * 10 ** (-0.3), rel=1e-4)
    left = render_stem(replace(stem, pan=-1.0), 2.0)
    assert np.abs(left[1]).max() == 0.0
    for pan in (-0.7, 0.0, 0.3):
        assert np.hypot(*pan_gains(pan)) == pytest.approx(np.sqrt(2.0))


def test_a_crowd_does_not_clip_and_a_mix_has_its_tail() -> None:
    crowd = [
        Stem("p", tuple(Sounding(0.0, 1.0, pitch, 127.0) for pitch in range(40, 90)), program) for program in (0, 48)
    ]
    mixed = mix_stems(crowd, 1.0)
    assert mixed.shape == (2, round((1.0 + TAIL) * RATE))
    assert np.abs(mixed).max() <= CEILING + 1e-6
    assert np.abs(mix_stems([replace(stem, room=0.5) for stem in crowd], 1.0)).max() <= CEILING + 1e-6


def test_a_loop_rings_on_into_its_beginning() -> None:
    clip = Clip.of("pad", 2.0, [Note(1.5, 60, 0.5, 100.0)])
    for beats in (2.0, 0.5):
        loop = mix_stems([stem_of("pad", replace(clip, length=2.0), 120.0, 89)], beats / 2.0, loop=True)
        assert loop.shape == (2, round(beats / 2.0 * RATE))
    loop = mix_stems([stem_of("pad", clip, 120.0, 89)], 1.0, loop=True)
    assert np.abs(loop[:, :2000]).max() > 0.005


def test_the_room_answers_only_when_asked() -> None:
    stem = replace(one_note(None, 38), room=0.0)
    dry, wet = (mix_stems([replace(stem, room=room)], 1.0) for room in (0.0, 0.4))
    late = slice(RATE, round(1.4 * RATE))
    assert np.abs(dry[:, late]).max() == 0.0
    assert np.abs(wet[:, late]).max() > 0.001


def test_silence_and_muted_notes_are_silent() -> None:
    assert np.abs(mix_stems([Stem("nothing", (), 0)], 1.0)).max() == 0.0
    assert stem_of("m", Clip("m", 1.0, (Note(0.0, 60, 1.0, 90.0, mute=True),)), 120.0, 0).notes == ()


def test_the_same_notes_give_the_same_samples() -> None:
    for program in (None, 33, 89):
        stem = one_note(program, 40)
        assert np.array_equal(render_stem(stem, 1.0), render_stem(stem, 1.0))


@each_case("fault, bounds", [({"program": 128}, "0 to 127"), ({"pan": 1.5}, "-1 to 1"), ({"gain_db": 60.0}, "24 dB")])
def test_a_stem_that_cannot_be_is_refused(fault: dict[str, float], bounds: str) -> None:
    with pytest.raises(ParamError, match=bounds):
        replace(one_note(0, 60), **fault)  # type: ignore[arg-type]


def test_all_programs_have_a_voice() -> None:
    assert len({voice_of(program) for program in range(128)}) >= 16
