"""What stems add to an analysis: strokes that a band buries, the notes under chords; nothing where they are empty."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.analyzer import Learned, analyze_sound
from musearoo.engines.analysis.fast.stems import ROUGH, Stems, refine_with_stems
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.stems import StemName
from musearoo.engines.neural.analysis_weights import read_learned
from tests.each_case import each_case
from tests.engines.analysis.fast.activation.drums import play, rock_beat
from tests.engines.analysis.fast.harmony.sounds import play_chords, tone

BPM = 120.0
SECONDS = 8.0
RATE = 44_100
BASSES = (40.0, 41.0, 35.0, 36.0)
"""C/E, Dm/F, G/B, C: three inversions, which the chords above do not tell."""


@cache
def learned() -> Learned:
    return read_learned(read_styles())


@cache
def parts() -> Mapping[StemName, np.ndarray]:
    """A beat that is buried under chords, and a bass below them."""
    chords = play_chords(["C", "Dm", "G", "C"], seconds=2.0, rate=RATE).samples[0]
    bass = np.concatenate([tone(pitch, 2.0, RATE) for pitch in BASSES])
    return {
        "drums": 0.12 * play([(time - 0.1, kind, gain) for time, kind, gain in rock_beat(4, BPM)], SECONDS, RATE),
        "bass": 0.25 * bass,
        "other": 0.9 * chords,
    }


@cache
def mix() -> Sound:
    return Sound.of(sum(parts().values()), RATE)


@cache
def heard() -> Analysis:
    return analyze_sound(mix(), learned())


def stems(*names: StemName, trust: float = 1.0, label: str = "") -> Stems:
    return Stems({name: Sound.of(parts()[name], RATE) for name in names}, trust, label)


def missed(analysis: Analysis) -> float:
    """The share of the strokes of the beat that are not there, or are there and were not played."""
    played = {(round(time * 20), kind) for time, kind, _ in ((t - 0.1, k, g) for t, k, g in rock_beat(4, BPM))}
    found = {(round(hit.time * 20), hit.kind) for hit in analysis.hits}
    return len(played ^ found) / len(played)


@each_case("trust, left", [(1.0, 0.3), (ROUGH, 0.7)])
def test_the_drums_give_the_strokes_that_the_band_buries(trust: float, left: float) -> None:
    better = refine_with_stems(heard(), mix(), stems("drums", trust=trust), learned())
    assert missed(better) < left * missed(heard())
    assert better.stems == ("drums",)
    assert (better.rhythm, better.harmony, better.onsets) == (heard().rhythm, heard().harmony, heard().onsets)
    # What leaks into a rough separator's drums would move the groove.
    assert (better.groove != heard().groove) == (trust == 1.0)


def test_the_bass_gives_the_notes_under_the_chords() -> None:
    better = refine_with_stems(heard(), mix(), stems("bass", label="DSP"), learned())
    assert (better.stems, better.stems_label) == (("bass",), "DSP")
    assert (better.hits, better.groove) == (heard().hits, heard().groove)
    for number, bass in enumerate(BASSES):
        middle = 2.0 * number + 1.0
        (span,) = (span for span in better.harmony.chords if span.start <= middle < span.end)
        assert span.chord is not None
        assert span.chord.bass_or_root == bass % 12
    assert [span.chord and span.chord.root for span in better.harmony.chords] == [
        span.chord and span.chord.root for span in heard().harmony.chords
    ]


def test_stems_that_hold_nothing_change_nothing() -> None:
    silence = Sound.of(np.zeros_like(parts()["drums"]), RATE)
    assert refine_with_stems(heard(), mix(), Stems({}), learned()) is heard()
    assert refine_with_stems(heard(), mix(), Stems({"drums": silence, "bass": silence}), learned()) is heard()
    assert refine_with_stems(heard(), mix(), stems("other"), learned()) is heard()


def test_what_leaks_into_the_stems_of_a_piano_is_no_band() -> None:
    alone = Sound.of(parts()["other"], RATE)
    analysis = analyze_sound(alone, learned())
    leaks = Stems({"drums": alone, "bass": Sound.of(0.1 * parts()["other"], RATE)}, ROUGH)
    assert refine_with_stems(analysis, alone, leaks, learned()) is analysis


def test_no_more_than_all_trust_can_be_had() -> None:
    with pytest.raises(ParamError, match="trust"):
        stems("drums", trust=1.5)
