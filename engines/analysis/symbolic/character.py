"""The character of MIDI clips: energy, sections, styles, mood, complexity and register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from musearoo.engines.analysis.symbolic.form import find_sections, trace_energy
from musearoo.engines.analysis.traits.complexity import measure_complexity
from musearoo.engines.analysis.traits.mood import MoodCues, find_mood
from musearoo.engines.analysis.traits.style_likelihoods import gather_features, guess_styles
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Character, DrumOnset, EnergyCurve, Harmony, Onset, Rhythm, Section
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.styles.schema import Style

ENERGY_STEP: Final = 1.0
"""Quarters between the values of the energy curve."""
SURE_OF_ENERGY: Final = 0.6
"""The confidence of energy: notes show how much is played and how hard, not how loud the instrument is."""
OUTLIERS: Final = 20
"""One note in this many may be outside the register."""


def characterise(
    parts: Sequence[Part],
    length: float,
    clock: TempoMap,
    rhythm: Rhythm,
    harmony: Harmony,
    groove: Groove,
    onsets: Sequence[Onset],
    hits: Sequence[DrumOnset],
    styles: Mapping[str, Style],
) -> Character:
    """Return the character of parts, with their length in quarters; bands, loudness and stereo image are unknown."""
    if not onsets:
        return Character()
    duration = clock.seconds(length)
    meter = rhythm.meter.value or Meter()
    values = trace_energy(parts, length, ENERGY_STEP, duration / length)
    peak = max(range(len(values)), key=values.__getitem__)
    energy = EnergyCurve(
        step=ENERGY_STEP * duration / length,
        values=values,
        mean=sum(values) / len(values),
        climax=clock.seconds(peak * ENERGY_STEP),
        confidence=SURE_OF_ENERGY,
    )
    register = _find_register(parts)
    span, key = register.value, harmony.key.value
    drum_onsets = [(hit.time, hit.kind, hit.velocity) for hit in hits]
    return Character(
        energy=energy,
        sections=tuple(
            Section(clock.seconds(part.start), clock.seconds(part.end), part.label, part.confidence)
            for part in find_sections(parts, length, meter.bar_beats)
        ),
        styles=guess_styles(gather_features(rhythm, harmony, drum_onsets, groove.swing.value), styles),
        mood=find_mood(
            MoodCues(
                mode=None if key is None else harmony.key.confidence * (-1.0 if key.is_minor else 1.0),
                bpm=rhythm.tempo.value,
                energy=energy.mean,
                onsets_per_second=len(onsets) / duration,
                middle_pitch=None if span is None else (span[0] + span[1]) / 2.0,
            )
        ),
        complexity=measure_complexity([onset.time for onset in onsets], rhythm, harmony.chords, duration),
        register=register,
    )


def _find_register(parts: Sequence[Part]) -> Estimate[tuple[int, int] | None]:
    pitches = sorted(note.pitch for part in parts if part.role != "drums" for note in part.clip.notes)
    if not pitches:
        return UNKNOWN
    outside = len(pitches) // OUTLIERS
    return Estimate((pitches[outside], pitches[-1 - outside]), 1.0, "clip")
