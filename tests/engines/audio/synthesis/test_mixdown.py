"""A mix made in sound: measured levels, cuts that cut, and a song that is balanced as planned."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from musearoo.engines.audio.synthesis.equalising import apply_cuts
from musearoo.engines.audio.synthesis.measuring import lowest_pitch, measure_samples, measure_stem
from musearoo.engines.audio.synthesis.mixdown import MixPart, mix_down, set_part
from musearoo.engines.audio.synthesis.mixing import render_stem
from musearoo.engines.audio.synthesis.stem import RATE, Samples, Sounding, Stem
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.mix.eq_bands import Cut, masking
from musearoo.engines.players.mix.tracks import MixerMove, MixTrack, TrackSound
from musearoo.engines.styles.mix import MixStyle

SECONDS = 8.0
SECTIONS = (("Verse", 0.0, 4.0), ("Chorus", 4.0, 8.0))
ROLES: tuple[Role, ...] = ("drums", "bass", "harmony", "harmony", "melody", "atmosphere")


def a_stem(name: str, program: int | None, pitches: tuple[int, ...], step: float, seconds: float) -> Stem:
    notes = tuple(
        Sounding(place * step, seconds, pitch, 60.0 + 40.0 * (place * step >= 4.0))
        for place in range(int(SECONDS / step))
        for pitch in ((pitches[place % len(pitches)],) if program is None or len(pitches) < 3 else pitches)
    )
    return Stem(name, notes, program)


SONG = (
    a_stem("drums", None, (36, 42, 38, 42), 0.25, 0.1),
    a_stem("bass", 33, (33, 36), 0.5, 0.4),
    a_stem("keys", 4, (48, 55, 60, 64), 1.0, 0.9),
    a_stem("guitar", 26, (52, 57, 64), 0.5, 0.4),
    a_stem("voice", 73, (76, 72), 0.5, 0.45),
    a_stem("pad", 89, (45, 57, 64), 4.0, 4.0),
)


def test_a_part_measures_as_loud_as_it_is() -> None:
    # The loudness of a flute, whose tones lie where the ear's weighting is flat, is nearly its mean power.
    measured = measure_stem(SONG[4], SECONDS, SECTIONS)
    assert measured.sound is not None
    sound = render_stem(SONG[4], SECONDS)
    rms = 10.0 * np.log10(float((sound[:, : int(SECONDS * RATE)] ** 2).mean()) * 2.0)
    assert measured.sound.lufs == pytest.approx(rms, abs=3.0)
    assert measured.sound.peak_db == pytest.approx(20.0 * np.log10(np.abs(sound).max()), abs=0.5)
    levels = dict(measured.sections)
    assert levels["Chorus"] is not None
    assert levels["Verse"] is not None
    assert levels["Chorus"] > levels["Verse"] + 2.0


def test_silence_has_no_loudness() -> None:
    measured = measure_stem(Stem("nothing", (), 0), 2.0, SECTIONS)
    assert measured.sound is None
    assert [level for _, level in measured.sections] == [None, None]


def test_cuts_take_their_frequencies_and_leave_the_rest() -> None:
    time = np.arange(RATE) / RATE
    for cut, takes, leaves in ((Cut("low cut", 200.0), 50.0, 2000.0), (Cut("bell", 1000.0, -4.0, 0.9), 1000.0, 60.0)):
        for hertz, expected in ((takes, -4.0 if cut.kind == "bell" else -24.0), (leaves, 0.0)):
            wave = np.sin(2.0 * np.pi * hertz * time).astype(np.float32)
            sine = np.stack([wave, wave])
            change = 20.0 * np.log10(np.abs(apply_cuts(sine, (cut,), RATE)[:, RATE // 2 :]).max())
            assert change == pytest.approx(expected, abs=0.6)


def test_a_mixdown_is_as_loud_as_planned_and_clearer_than_before() -> None:
    style = MixStyle()
    parts = [
        MixPart(stem.name, role, partial(render_stem, stem, SECONDS), lowest_pitch([note.pitch for note in stem.notes]))
        for stem, role in zip(SONG, ROLES, strict=True)
    ]
    mixed = mix_down(parts, style, sections=SECTIONS)
    report = mixed.plan.report
    before = [MixTrack(n, part.name, part.role, sound=measure(part.sound())) for n, part in enumerate(parts)]
    sounds = [set_part(part.sound(), mixed.plan, n, RATE) for n, part in enumerate(parts)]
    after = [MixTrack(n, part.name, part.role, sound=measure(sounds[n])) for n, part in enumerate(parts)]
    pans = {
        move.track: move.new for move in mixed.plan.moves if isinstance(move, MixerMove) and move.control == "panning"
    }
    weights = {number: 10.0 ** (style.part(role).level / 20.0) for number, role in enumerate(ROLES)}
    covered = [
        masking(
            tracks,
            {track.id: track.sound.lufs for track in tracks if track.sound},
            {number: places.get(number, 0.0) for number in range(len(parts))},
            weights,
            {},
        )
        for tracks, places in ((before, {}), (after, pans))
    ]
    assert covered[1] < covered[0]
    for track, row in zip(after, report.tracks, strict=True):
        assert track.sound is not None
        # A part that stands aside is as loud as one in the middle: pans keep their power.
        assert track.sound.lufs == pytest.approx(row.after, abs=1.0)
    assert np.abs(np.sum(sounds, axis=0)).max() < 10.0 ** (-1.0 / 20.0)
    assert len({pan > 0 for pan in pans.values()}) == 2
    assert [section.name for section in report.sections] == ["Verse", "Chorus"]
    assert np.abs(mixed.samples).max() <= 0.8901


def measure(samples: Samples) -> TrackSound | None:
    return measure_samples(samples, RATE).sound
