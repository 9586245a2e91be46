"""Refine an analysis with separated stems: the drums give drum onsets and groove, the bass the notes under the chords.

Tempo, beats and the chords themselves stay the mix's: on development sets no stem improved them. `musearoo bench
analysis --sets DIR --stems` measures it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from musearoo.engines.analysis.fast.activation.drum_onsets import find_hits
from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.network import listen
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.analyzer import Learned, find_drum_polyrhythms, measure_drum_groove
from musearoo.engines.analysis.fast.harmony.bass_line import follow_bass, name_basses
from musearoo.engines.analysis.traits.style_likelihoods import gather_features, guess_styles
from musearoo.engines.errors import require_between
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.stems import StemName
from musearoo.engines.music.timing import seconds_per_beat

MIN_HITS_PER_SECOND: Final = 1.0
"""The minimum rate of drum onsets in the mix for drums to count as present: without drums, their stem contains only
leakage.

Of 100 rendered excerpts the mixes with drums had at least 1.6, those without a median of 0.1.
"""
GROOVE_TRUST: Final = 0.75
"""With less trust in the stems the groove stays the mix's: a rough separator's drums improved drum onsets, but not
swing and microtiming, because the few onsets that leak in from other instruments are off the drummer's grid.
"""
LEAST_BASS: Final = 0.25
"""The minimum level of the bass relative to the mix, 12 dB below it.

Under that, a rough separator's bass stem was as often a left hand, or nothing, as a bass.
"""
LEAST_LINE: Final = 0.12
"""The minimum mean level and clarity of the notes of a bass, 0..1; real basses had at least .14."""
USUAL_BEAT: Final = 0.5
"""The assumed beat duration in seconds where none was found."""


@dataclass(frozen=True, eq=False)
class Stems:
    """The stems of a sound, of the same length; any may be missing.

    `trust`, 0..1: their weight relative to the mix. A network's stems contain little except their instrument (1); in a
    rough separator's (`ROUGH`) other instruments leak. `label` is added to their names.
    """

    sounds: Mapping[StemName, Sound]
    trust: float = 1.0
    label: str = ""

    def __post_init__(self) -> None:
        require_between("trust", self.trust, 0.0, 1.0)


ROUGH: Final = 0.5
"""A higher value would turn leakage in the drums into onsets; a lower one would miss buried onsets."""


def refine_with_stems(analysis: Analysis, mix: Sound, stems: Stems, learned: Learned) -> Analysis:
    """Return the analysis of a mix, refined by its stems where they give evidence.

    Takes as long as the fast pass. Deterministic.
    """
    better = analysis
    if "drums" in stems.sounds:
        better = _refine_drums(better, mix, stems.sounds["drums"], stems.trust, learned)
    if "bass" in stems.sounds:
        better = _refine_bass(better, mix, stems.sounds["bass"])
    if better is analysis:
        return analysis
    drum_onsets = [(hit.time, hit.kind, hit.velocity) for hit in better.hits]
    features = gather_features(better.rhythm, better.harmony, drum_onsets, better.groove.swing.value)
    character = replace(better.character, styles=guess_styles(features, learned.styles))
    return replace(better, character=character, stems_label=stems.label)


def _refine_drums(analysis: Analysis, mix: Sound, drums: Sound, trust: float, learned: Learned) -> Analysis:
    """Return the analysis with the drum onsets of the stem, and its groove where the stem is reliable."""
    if drums.is_silent or len(analysis.hits) < MIN_HITS_PER_SECOND * analysis.duration:
        return analysis
    in_mix, alone = (listen(compute_spectrogram(sound), learned.ear) for sound in (mix, drums))
    hits = find_hits(merge_drum_activations(in_mix, alone, trust))
    better = replace(analysis, hits=hits, stems=(*analysis.stems, "drums"))
    if trust < GROOVE_TRUST:
        return better
    groove = measure_drum_groove(hits, analysis.onsets, analysis.rhythm)
    return replace(better, groove=groove, polyrhythms=find_drum_polyrhythms(hits, analysis.rhythm))


def merge_drum_activations(mix: Activations, drums: Activations, trust: float) -> Activations:
    """Merge the drum activations of stem and mix by their geometric mean, weighted by trust.

    Velocities are read from the stem, onset times from the mix, whose attacks are not smeared by separation.
    """
    frames = min(len(mix.drums.onsets), len(drums.drums.onsets))
    drum_onsets = mix.drums.onsets[:frames] ** (1.0 - trust) * drums.drums.onsets[:frames] ** trust
    spectrogram = replace(drums.spectrogram, rise_curve=mix.spectrogram.rise_curve)
    return replace(drums, spectrogram=spectrogram, drums=DrumEvidence(drum_onsets.astype(np.float32)))


def _refine_bass(analysis: Analysis, mix: Sound, bass: Sound) -> Analysis:
    """Return the analysis with the notes under the chords taken from the bass stem."""
    harmony = analysis.harmony
    if all(span.chord is None for span in harmony.chords) or _level(bass) < LEAST_BASS * _level(mix):
        return analysis
    line = follow_bass(bass)
    if float(line.weights.mean()) < LEAST_LINE:
        return analysis
    bpm = analysis.rhythm.tempo.value
    beat = seconds_per_beat(bpm) if bpm else USUAL_BEAT
    chords = name_basses(harmony.chords, line, beat, harmony.tuning_cents)
    return replace(analysis, harmony=replace(harmony, chords=chords), stems=(*analysis.stems, "bass"))


def _level(sound: Sound) -> float:
    """Return the root mean square of all samples."""
    return float(np.sqrt(np.einsum("cf,cf->", sound.samples, sound.samples, dtype=np.float64) / sound.samples.size))
