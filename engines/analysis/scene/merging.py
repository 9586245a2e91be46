"""One musical context merged from a scene's MIDI and audio clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, prod
from typing import Final

from musearoo.engines.analysis.groove import GrooveOnset, measure_groove
from musearoo.engines.analysis.groove.swing import find_swing
from musearoo.engines.analysis.scene.clips import AnalyzedClip, SceneClip, ScenePart
from musearoo.engines.analysis.scene.harmony import merge_chords, vote_for_key
from musearoo.engines.analysis.symbolic.analyzer import MIN_DRUM_ONSETS
from musearoo.engines.analysis.symbolic.form import find_sections, trace_energy
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.analysis.traits.style_likelihoods import gather_features, guess_styles
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.knowledge.analysis import Harmony, Rhythm, StyleGuess
from musearoo.engines.music.knowledge.analysis_json import name_style
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM, MusicalContext, Part, SectionSpan
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT
from musearoo.engines.music.timing import seconds_per_beat
from musearoo.engines.styles.schema import Style

__all__ = ["AnalyzedClip", "ScenePart", "merge_context", "read_context"]

PITCHED_STYLE: Final = 0.5
"""Weight of the style found in a part without drums."""
GROOVE_BARS: Final = 4
"""Bars to which a short loop is repeated to measure its groove: even one bar is a groove."""
FORM_BARS: Final = 16
"""Minimum bars of MIDI to look for sections."""
UNKNOWN_GROOVE: Final = 0.7
"""Weight of the groove of a clip that is not known to be drums, perhaps a whole mix."""


def read_context(clips: Sequence[Clip | tuple[str, Clip]], hints: Hints | None = None) -> MusicalContext:
    """Return the context of MIDI clips that sound together, each with its track's name or its own; hints take
    precedence."""
    named = [(clip.name, clip) if isinstance(clip, Clip) else clip for clip in clips]
    return merge_context([ScenePart(name, clip) for name, clip in named], hints)


def merge_context(
    parts: Sequence[ScenePart], hints: Hints | None = None, styles: Mapping[str, Style] | None = None
) -> MusicalContext:
    """Return the context of clips that play together.

    Hints are used unchanged; a hint without confidence is ignored. Drums determine groove and swing, bass and chords
    the harmony; keys are voted for by confidence. Drum onsets detected in audio become notes of their part, so that a
    bass can lock to them; other audio parts have no notes. MIDI drums are classified by style when `styles` are given.
    """
    hints = hints or Hints()
    meter = _meter_of(parts, hints)
    tempo = _tempo_of(parts, hints)
    midi: list[Part] = []
    audio: list[SceneClip] = []
    playing: list[Part] = []
    for part in parts:
        if isinstance(part.content, Clip):
            midi.append(Part(part.role or guess_role(part.name, part.content)[0], part.name, part.content))
            playing.append(midi[-1])
        else:
            audio.append(SceneClip.of(part.name, part.role, part.content, meter.value, tempo.value))
            playing.append(audio[-1].part(meter.value))
    chords = hints.chords or merge_chords(midi, audio, meter.value)
    groove = _groove_of(midi, audio, meter.value, tempo.value)
    return MusicalContext(
        tempo=tempo,
        meter=meter,
        key=hints.key or vote_for_key(midi, audio, chords),
        chords=chords,
        swing=hints.swing or _swing_of(groove, midi),
        parts=tuple(playing),
        groove=groove,
        style=_style_of(midi, audio, groove, meter.value, tempo.value, styles or {}),
        energy=_energy_of(midi, audio, tempo.value),
        sections=_sections_of(midi, audio, meter.value),
    )


def _meter_of(parts: Sequence[ScenePart], hints: Hints) -> Estimate[Meter]:
    """Return the hinted meter, else that of a MIDI clip, else the most confident one found in audio."""
    if hints.meter.confidence > 0.0:
        return hints.meter
    found: list[Estimate[Meter | None]] = []
    for part in parts:
        if isinstance(part.content, Clip):
            return Estimate(part.content.meter, 0.5, "clip")
        found.append(part.content.analysis.rhythm.meter)
    best = max(found, key=_confidence, default=None)
    return hints.meter if best is None or best.value is None else Estimate(best.value, best.confidence, "clip")


def _tempo_of(parts: Sequence[ScenePart], hints: Hints) -> Estimate[float]:
    """Return the hinted tempo, because Live's tempo determines note positions; else the most confident one found in
    audio, as Live counts it.
    """
    if hints.tempo.confidence > 0.0:
        return hints.tempo
    rhythms = [part.content.analysis.rhythm for part in parts if isinstance(part.content, AnalyzedClip)]
    best = max(rhythms, key=lambda rhythm: rhythm.tempo.confidence, default=None)
    bpm = None if best is None else best.live_bpm
    if best is None or bpm is None or not MIN_BPM <= bpm <= MAX_BPM:
        return hints.tempo
    return Estimate(bpm, best.tempo.confidence, "clip")


def _confidence(found: Estimate[object]) -> float:
    return found.confidence


def _groove_of(midi: Sequence[Part], audio: Sequence[SceneClip], meter: Meter, bpm: float) -> Estimate[Groove | None]:
    """Return the most confident groove of the drums, MIDI first; audio is measured against the set's own beats."""
    found: list[tuple[float, Groove]] = []
    least = GROOVE_BARS * meter.bar_beats
    drums = [part.clip for part in midi if part.role == "drums" and part.clip.notes]
    if sum(map(len, drums)) >= MIN_DRUM_ONSETS:
        length = max(least, *(clip.length for clip in drums))
        groove = _measured(
            [
                GrooveOnset(note.start, KIND_OF_PITCH.get(note.pitch), note.velocity)
                for clip in drums
                for note in clip.repeated(length).notes
            ],
            meter,
            bpm,
            exact=True,
        )
        found.append((groove.confidence, groove))
    for part in audio:
        hits = part.analysis.hits
        if part.role in ("drums", "unknown") and len(hits) >= MIN_DRUM_ONSETS:
            length = max(least, part.length)
            groove = _measured(part.strokes(length), meter, bpm, exact=False)
            sure = sum(hit.confidence for hit in hits) / len(hits) * (1.0 if part.role == "drums" else UNKNOWN_GROOVE)
            found.append((groove.confidence * sure, groove))
    if not found:
        return Estimate(None, 0.0, "guess")
    confidence, groove = max(found, key=lambda item: item[0])
    return Estimate(groove, confidence, "clip")


def _measured(strokes: Sequence[GrooveOnset], meter: Meter, bpm: float, exact: bool) -> Groove:
    """Measure the groove of onsets in quarters against the beats of the set."""
    beat_seconds = seconds_per_beat(bpm)
    timed = (GrooveOnset(onset.time * beat_seconds, onset.kind, onset.velocity) for onset in strokes)
    # The set's beats are even: the first two determine all of them, and one downbeat the bars.
    return measure_groove(timed, (0.0, beat_quarters(meter) * beat_seconds), (0.0,), meter, exact)


def _swing_of(groove: Estimate[Groove | None], midi: Sequence[Part]) -> Estimate[float]:
    """Return the swing of the groove, else that of all notes together."""
    swing = None if groove.value is None else groove.value.swing
    if swing is None or swing.value is None:
        simple = [part.clip for part in midi if not part.clip.meter.is_compound]
        swing = find_swing(sorted(note.start for clip in simple for note in clip.notes))
    if swing.value is None:
        return Estimate(STRAIGHT, 0.0, "guess")
    return Estimate(min(MAX_RATIO, max(STRAIGHT, swing.value)), swing.confidence, "clip")


def _style_of(
    midi: Sequence[Part],
    audio: Sequence[SceneClip],
    groove: Estimate[Groove | None],
    meter: Meter,
    bpm: float,
    styles: Mapping[str, Style],
) -> Estimate[str | None]:
    """Return the style that the parts agree on; drums and whole mixes count more than a bass or a pad."""
    ballots = [
        (1.0 if part.role in ("drums", "unknown") else PITCHED_STYLE, part.analysis.character.styles) for part in audio
    ]
    drums = [part.clip for part in midi if part.role == "drums" and part.clip.notes]
    if drums and styles:
        swing = None if groove.value is None else groove.value.swing.value
        ballots.append((1.0, _styles_of_drums(drums, swing, meter, bpm, styles)))
    votes: dict[str, float] = {}
    for weight, guesses in ballots:
        for guess in guesses:
            votes[guess.name] = votes.get(guess.name, 0.0) + weight * guess.likelihood
    total = sum(votes.values())
    best = name_style([StyleGuess(name, vote / total) for name, vote in votes.items()]) if total else None
    return Estimate(None, 0.0, "guess") if best is None else Estimate(best, min(1.0, votes[best] / total), "clip")


def _styles_of_drums(
    drums: Sequence[Clip], swing: float | None, meter: Meter, bpm: float, styles: Mapping[str, Style]
) -> tuple[StyleGuess, ...]:
    unit = beat_quarters(meter)
    strokes = [
        (note.start / unit, kind, note.velocity)
        for clip in drums
        for note in clip.notes
        if (kind := KIND_OF_PITCH.get(note.pitch)) is not None
    ]
    beats = tuple(float(beat) for beat in range(ceil(max(clip.length for clip in drums) / unit)))
    rhythm = Rhythm(
        tempo=Estimate(bpm / unit),
        beats=beats,
        downbeats=beats[:: round(meter.bar_beats / unit)],
        meter=Estimate(meter),
    )
    return guess_styles(gather_features(rhythm, Harmony(), strokes, swing), styles)


def _energy_of(midi: Sequence[Part], audio: Sequence[SceneClip], bpm: float) -> Estimate[float | None]:
    """Return the energy of all parts together: each fills a share of what the previous ones left."""
    curves = [part.analysis.character.energy for part in audio]
    energies = [(curve.mean, curve.confidence) for curve in curves if curve is not None]
    sounding = [part for part in midi if part.clip.notes]
    if sounding:
        # Each clip by its own length: a short one is looped, and so as dense in the scene as alone.
        curves_of_notes = [
            trace_energy([part], part.clip.length, part.clip.length, seconds_per_beat(bpm)) for part in sounding
        ]
        energies += [(value, 0.6) for (value,) in curves_of_notes]
    if not energies:
        return Estimate(None, 0.0, "guess")
    quiet = prod(1.0 - mean for mean, _ in energies)
    return Estimate(1.0 - quiet, sum(confidence for _, confidence in energies) / len(energies), "clip")


def _sections_of(midi: Sequence[Part], audio: Sequence[SceneClip], meter: Meter) -> tuple[SectionSpan, ...]:
    """Return the sections of the longest clip that has more than one."""
    found: list[tuple[float, tuple[SectionSpan, ...]]] = []
    sounding = [part for part in midi if part.clip.notes]
    length = max((part.clip.length for part in sounding), default=0.0)
    if length >= FORM_BARS * meter.bar_beats:
        looped = [replace(part, clip=part.clip.repeated(length)) for part in sounding]
        found.append((length, find_sections(looped, length, meter.bar_beats)))
    for part in audio:
        spans: list[SectionSpan] = []
        for section in part.analysis.character.sections:
            start = max(0.0, part.beat(section.start), spans[-1].end if spans else 0.0)
            end = min(part.length, part.beat(section.end))
            if end > start:
                spans.append(SectionSpan(start, end, section.label, section.confidence))
        found.append((part.length, tuple(spans)))
    several = [item for item in found if len(item[1]) > 1]
    return max(several, key=lambda item: item[0])[1] if several else ()
