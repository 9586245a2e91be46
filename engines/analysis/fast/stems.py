"""What the stems of a sound add to what was heard in its mix: the drums give strokes and groove, the bass the notes
under the chords. Tempo, beats and the chords themselves stay the mix's: on development sets no stem told them better.
`musearoo bench analysis --sets DIR --stems` measures it.
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
"""Hits in the mix from which on drums are taken to play: where there are none, their stem holds what leaks into it.

Of 100 rendered excerpts the mixes with drums had 1.6 at least, those without a median of 0.1.
"""
GROOVE_TRUST: Final = 0.75
"""With less trust in the stems the groove stays the mix's: a rough separator's drums gave more strokes rightly, and yet
swing and microtiming no better, for the few that leak in from other instruments lie where no drummer plays."""
LEAST_BASS: Final = 0.25
"""The level of the bass beside the mix's, 12 dB below it, from which on there is taken to be one: under that, what a
rough separator calls bass was a left hand, or nothing, in as many excerpts as it was a bass."""
LEAST_LINE: Final = 0.12
"""How loud and clear the notes of a bass are on the mean, 0..1; basses had .14 at least."""
USUAL_BEAT: Final = 0.5
"""Seconds that a beat is taken to last where none was found."""


@dataclass(frozen=True, eq=False)
class Stems:
    """The stems of a sound, as long as it; any may be missing.

    `trust`, 0..1: how much their word counts beside the mix's. A network's stems hold little else than what they are
    called (1); in a rough separator's (`ROUGH`) other instruments leak. `label` stands beside their names.
    """

    sounds: Mapping[StemName, Sound]
    trust: float = 1.0
    label: str = ""

    def __post_init__(self) -> None:
        require_between("trust", self.trust, 0.0, 1.0)


ROUGH: Final = 0.5
"""With more, what leaks into the drums makes up strokes; with less, buried strokes stay buried."""


def refine_with_stems(analysis: Analysis, mix: Sound, stems: Stems, learned: Learned) -> Analysis:
    """The analysis of a mix, better by what its stems tell, and as it was where they tell nothing.

    Takes as long again as the fast pass. The same input gives the same result.
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
    """What is heard of the drums in their stem and in the mix: strokes by the geometric mean of both, by trust.

    How loud they are is read from the stem; when exactly they begin from the mix, whose attacks no separator has
    smeared.
    """
    frames = min(len(mix.drums.onsets), len(drums.drums.onsets))
    drum_onsets = mix.drums.onsets[:frames] ** (1.0 - trust) * drums.drums.onsets[:frames] ** trust
    spectrogram = replace(drums.spectrogram, rise_curve=mix.spectrogram.rise_curve)
    return replace(drums, spectrogram=spectrogram, drums=DrumEvidence(drum_onsets.astype(np.float32)))


def _refine_bass(analysis: Analysis, mix: Sound, bass: Sound) -> Analysis:
    """The notes under the chords, from the bass alone."""
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
    """The root of the mean square of all samples."""
    return float(np.sqrt(np.einsum("cf,cf->", sound.samples, sound.samples, dtype=np.float64) / sound.samples.size))
