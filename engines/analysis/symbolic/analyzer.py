"""Analysis of MIDI clips: the same Analysis as from audio, exact where the notes give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from musearoo.engines.analysis.groove import GrooveOnset, find_polyrhythms, measure_groove
from musearoo.engines.analysis.symbolic.character import characterise
from musearoo.engines.analysis.symbolic.chords import read_chords
from musearoo.engines.analysis.symbolic.keys import find_key, find_keys
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.analysis.symbolic.tempo import find_note_tempo, retime
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.groove_template import beat_quarters
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    DetectedChord,
    DrumOnset,
    Harmony,
    KeySpan,
    Onset,
    Polyrhythm,
    Rhythm,
    TempoPoint,
)
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.music.timing import bpm_of_period, seconds_per_beat
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.engines.music.midi_files.song import (
        MidiSong,  # reading files is not needed where clips come from Live
    )

TOGETHER_BEATS: Final = 1.0 / 32.0
"""Notes that start closer than this are one onset: a chord that is not exactly together."""
ROUNDING: Final = 1e-3
"""Quarters within which lengths may differ by rounding."""
MIN_DRUM_ONSETS: Final = 8
"""Minimum number of drum onsets to measure the groove by them instead of by all notes."""


def analyze_song(song: MidiSong, hints: Hints | None = None, styles: Mapping[str, Style] | None = None) -> Analysis:
    """Return the analysis of a MIDI file, with its own tempos and meters; missing values come from the hints."""
    hints = hints or Hints()
    parts = [
        Part("drums" if name in song.drums else guess_role(name, clip)[0], name, clip)
        for name, clip in song.parts.items()
    ]
    if song.has_tempo:
        length = max((clip.length for clip in song.parts.values()), default=0.0)
        hints = replace(hints, tempo=Estimate(song.tempos.mean_bpm(length), 1.0, "clip"))
        return _analyze(parts, hints, song.tempos, song.meters, styles or {})
    if hints.tempo.confidence == 0.0:
        # By the standard, a file without a tempo runs at 120 BPM; the intended tempo is found from its notes.
        beat_seconds = seconds_per_beat(song.bpm)
        onsets = sorted((note.start * beat_seconds, note.velocity) for part in parts for note in part.clip.notes)
        tempo = find_note_tempo(onsets)
        if tempo is not None:
            retimed = [replace(part, clip=retime(part.clip, tempo, beat_seconds)) for part in parts]
            hints = replace(hints, tempo=Estimate(bpm_of_period(tempo.period), tempo.confidence, "clip"))
            upbeat = len(tempo.clock.changes) > 1
            meters = ((0.0, song.meter), (1.0, song.meter)) if upbeat else song.meters[:1]
            return _analyze(retimed, hints, tempo.clock, meters, styles or {})
    return _analyze(parts, hints, _steady(hints), song.meters, styles or {})


def analyze_notes(
    clips: Clip | Sequence[Clip | tuple[str, Clip]],
    hints: Hints | None = None,
    styles: Mapping[str, Style] | None = None,
) -> Analysis:
    """Return the analysis of MIDI clips that start together, each under its track's name or its own; depth "exact".

    Tempo and meter are those of the hints, unless they are guesses: then the meter is the clips' own. `styles` are the
    candidates. What notes cannot show (loudness, stereo, bands, tuning) is unknown.
    """
    hints = hints or Hints()
    return _analyze(name_parts(clips), hints, _steady(hints), (), styles or {})


def _steady(hints: Hints) -> TempoMap:
    return TempoMap(((0.0, hints.tempo.value),))


def _analyze(
    parts: Sequence[Part],
    hints: Hints,
    clock: TempoMap,
    meters: Sequence[tuple[float, Meter]],
    styles: Mapping[str, Style],
) -> Analysis:
    length = max((part.clip.length for part in parts), default=0.0)
    meter = _meter_of(parts, hints)
    rhythm = _rhythm_of(length, meter, meters or ((0.0, meter.value),), clock, hints)
    chords = hints.chords or read_harmony(parts)
    harmony = _harmony_of(parts, chords, length, meter.value, clock, hints)
    groove = read_groove(parts, rhythm, clock)
    onsets, hits = _onsets_of(parts, clock), tuple(_hits_of(parts, clock))
    return Analysis(
        duration=clock.seconds(length),
        depth="exact",
        rhythm=rhythm,
        harmony=harmony,
        groove=groove,
        onsets=onsets,
        hits=hits,
        polyrhythms=_polyrhythms_of(parts, rhythm, clock),
        character=characterise(parts, length, clock, rhythm, harmony, groove, onsets, hits, styles),
    )


def name_parts(clips: Clip | Sequence[Clip | tuple[str, Clip]]) -> tuple[Part, ...]:
    """Return the parts of clips, with roles from their names or notes."""
    named = [clips] if isinstance(clips, Clip) else clips
    pairs = [(clip.name, clip) if isinstance(clip, Clip) else clip for clip in named]
    return tuple(Part(guess_role(name, clip)[0], name, clip) for name, clip in pairs)


def read_harmony(parts: Sequence[Part]) -> tuple[ChordSpan, ...]:
    """Return the chords that parts play together: the harmony parts over the bass; without them, bass and melodies."""
    sounding = [part for part in parts if part.clip.notes and part.role != "drums"]
    bass = next((part.clip for part in sounding if part.role == "bass"), None)
    harmony = [part.clip for part in sounding if part.role == "harmony"]
    others = [part.clip for part in sounding if part.role not in ("harmony", "bass")]
    if harmony:
        return read_chords(harmony, bass, others)
    return read_chords([part.clip for part in sounding], bass) if others and bass is not None else ()


def read_groove(parts: Sequence[Part], rhythm: Rhythm, clock: TempoMap) -> Groove:
    """Return the groove of the drums, or of all parts where there are no drums."""
    onsets = _groove_onsets_of([part for part in parts if part.role == "drums"], clock)
    if len(onsets) < MIN_DRUM_ONSETS:
        onsets = _groove_onsets_of(parts, clock)
    return measure_groove(onsets, rhythm.beats, rhythm.downbeats, rhythm.meter.value, exact=True)


def _groove_onsets_of(parts: Sequence[Part], clock: TempoMap) -> list[GrooveOnset]:
    return [
        GrooveOnset(
            clock.seconds(note.start), KIND_OF_PITCH.get(note.pitch) if part.role == "drums" else None, note.velocity
        )
        for part in parts
        for note in part.clip.notes
    ]


def _meter_of(parts: Sequence[Part], hints: Hints) -> Estimate[Meter]:
    if hints.meter.confidence > 0.0 or not parts:
        return hints.meter
    return Estimate(parts[0].clip.meter, 0.8, "clip")


def _rhythm_of(
    length: float, meter: Estimate[Meter], meters: Sequence[tuple[float, Meter]], clock: TempoMap, hints: Hints
) -> Rhythm:
    unit = beat_quarters(meter.value)
    beats: list[float] = []
    downbeats: list[float] = []
    for index, (start, own) in enumerate(meters):
        end = min(length, meters[index + 1][0] if index + 1 < len(meters) else length)
        bars = _steps(start, end, own.bar_beats)
        downbeats += map(clock.seconds, bars)
        step = beat_quarters(own)
        beats += (clock.seconds(beat) for bar in bars for beat in _steps(bar, min(end, bar + own.bar_beats), step))
    whole_bars = length / meter.value.bar_beats
    return Rhythm(
        tempo=Estimate(hints.tempo.value / unit, hints.tempo.confidence, hints.tempo.source),
        beats=tuple(beats),
        downbeats=tuple(downbeats),
        meter=meter,
        curve=tuple(TempoPoint(clock.seconds(beat), bpm / unit) for beat, bpm in clock.changes if beat < length),
        beats_confidence=1.0,
        downbeats_confidence=meter.confidence,
        loop_bars=Estimate(round(whole_bars), 1.0, "clip")
        if whole_bars >= 0.5 and abs(whole_bars - round(whole_bars)) < ROUNDING
        else UNKNOWN,
    )


def _steps(start: float, end: float, step: float) -> list[float]:
    """Return the positions of steps from the start on that begin before the end."""
    count = int((end - start - ROUNDING) / step) + 1 if end - start > ROUNDING else 0
    return [start + index * step for index in range(count)]


def _harmony_of(
    parts: Sequence[Part], chords: Sequence[ChordSpan], length: float, meter: Meter, clock: TempoMap, hints: Hints
) -> Harmony:
    notes = [note for part in parts if part.role != "drums" for note in part.clip.notes]
    key: Estimate[Key | None] | None = hints.key
    if key is None:
        found = find_key(notes, chords)
        key = UNKNOWN if found is None else Estimate(found[0], found[1], "clip")
    spans = [
        KeySpan(clock.seconds(start), clock.seconds(end), held, key.confidence)
        for start, end, held in find_keys(notes, length, meter.bar_beats, key.value)
    ]
    chord_spans: list[DetectedChord] = []
    at = 0.0
    for span in chords:
        if span.start > at + 1e-6:
            chord_spans.append(DetectedChord(clock.seconds(at), clock.seconds(span.start), None, 1.0))
        chord_spans.append(
            DetectedChord(clock.seconds(span.start), clock.seconds(span.end), span.chord, span.confidence)
        )
        at = span.end
    if chord_spans and at < length - 1e-6:
        chord_spans.append(DetectedChord(clock.seconds(at), clock.seconds(length), None, 1.0))
    total = sum(span.end - span.start for span in chords)
    confidence = sum(span.confidence * (span.end - span.start) for span in chords) / total if total else 0.0
    return Harmony(key, tuple(spans), tuple(chord_spans), confidence)


def _onsets_of(parts: Sequence[Part], clock: TempoMap) -> tuple[Onset, ...]:
    """Return the onsets of all parts; simultaneous notes have the strength of the loudest."""
    starts = sorted((note.start, note.velocity) for part in parts for note in part.clip.notes)
    loudest = max((velocity for _, velocity in starts), default=1.0)
    joined: list[tuple[float, float]] = []
    for start, velocity in starts:
        if joined and start - joined[-1][0] < TOGETHER_BEATS:
            joined[-1] = (joined[-1][0], max(velocity, joined[-1][1]))
        else:
            joined.append((start, velocity))
    return tuple(Onset(clock.seconds(start), velocity / loudest) for start, velocity in joined)


def _hits_of(parts: Sequence[Part], clock: TempoMap) -> list[DrumOnset]:
    hits = [
        DrumOnset(clock.seconds(note.start), KIND_OF_PITCH[note.pitch], note.velocity, 1.0)
        for part in parts
        if part.role == "drums"
        for note in part.clip.notes
        if note.pitch in KIND_OF_PITCH
    ]
    return sorted(hits, key=lambda hit: hit.time)


def _polyrhythms_of(parts: Sequence[Part], rhythm: Rhythm, clock: TempoMap) -> tuple[Polyrhythm, ...]:
    """Return the polyrhythms of each drum, of each part's onsets, and of each of its pitches."""
    onsets: list[tuple[float, tuple[int, int], float]] = []
    for number, part in enumerate(parts):
        last = -1.0
        for note in part.clip.notes:
            time = clock.seconds(note.start)
            onsets.append((time, (number, note.pitch), note.velocity))
            if part.role != "drums" and note.start - last > TOGETHER_BEATS:
                onsets.append((time, (number, -1), note.velocity))
                last = note.start
    return find_polyrhythms(onsets, rhythm.beats, rhythm.meter.value, exact=True)
