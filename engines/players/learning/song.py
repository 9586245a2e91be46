"""Songs to learn from: parts with roles, bars, swing, chords and key."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import fsum, sqrt
from typing import TYPE_CHECKING, Final

from musearoo.engines.analysis.symbolic.analyzer import analyze_song, read_harmony
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.analysis.symbolic.tempo import find_note_tempo, retime
from musearoo.engines.analysis.traits.drum_pattern import find_pattern
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Part, Role
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import MAX_RATIO, Swing
from musearoo.engines.music.timing import seconds_per_beat
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.engines.music.midi_files.song import MidiSong  # only for typing: songs may have other sources

SWUNG_EIGHTHS: Final = 1.25
SWUNG_SIXTEENTHS: Final = 1.3
"""The ratios from which eighths and sixteenths count as swung; straight ones by human players reach up to these."""
SWUNG_BY_MACHINE: Final = 1.08
MACHINE_MS: Final = 4.0
"""The ratio for sixteenths if on-beat onsets scatter by less than this, as machines do."""
ON_BEAT: Final = 0.1
"""The distance in beats up to which an onset is on the beat."""
SURE_SWING: Final = 0.35
LEAST_BAR_BEATS: Final = 1.5


@dataclass(frozen=True, slots=True)
class SourceSong:
    """A song, in beats from its start.

    `bars` are the bar starts of its main meter; bars in other meters are ignored. `has_swing_evidence` is false if
    there are no off-beats to measure swing by (the song counts as straight). `exact` is true for note data, false for
    times estimated from audio. `styles` are the likelihoods of the styles that it may be in.
    """

    name: str
    bpm: float
    meter: Meter
    bars: tuple[float, ...]
    swing: Swing
    has_swing_evidence: bool
    parts: tuple[Part, ...]
    chords: tuple[ChordSpan, ...] = ()
    key: Key | None = None
    styles: tuple[tuple[str, float], ...] = ()
    exact: bool = True

    @property
    def milliseconds(self) -> float:
        """The length of a beat in milliseconds."""
        return 60_000.0 / self.bpm

    def notes(self, role: Role) -> list[Note]:
        """Return the notes of all parts with a role, sorted."""
        return sorted(note for part in self.parts if part.role == role for note in part.clip.notes)


def read_song(name: str, song: MidiSong, styles: Mapping[str, Style]) -> SourceSong:
    """Return the song of a MIDI file; ParamError without notes.

    `styles` are the candidates for the song's style.
    """
    if not any(clip.notes for clip in song.parts.values()):
        raise ParamError("song", "one with notes", name)
    song = _in_its_tempo(song)
    parts = tuple(
        Part("drums" if track in song.drums else guess_role(track, clip)[0], track, clip)
        for track, clip in song.parts.items()
    )
    chords = read_harmony(parts)
    analysis = analyze_song(song, Hints(chords=chords), styles)
    meter, bars = _bars_of(song)
    swing = swing_of(analysis)
    return SourceSong(
        name=name,
        bpm=analysis.rhythm.live_bpm or song.bpm,
        meter=meter,
        bars=bars,
        swing=swing or Swing(),
        has_swing_evidence=swing is not None,
        parts=parts,
        chords=chords,
        key=analysis.harmony.key.value,
        styles=tuple((guess.name, guess.likelihood) for guess in analysis.character.styles),
    )


def _in_its_tempo(song: MidiSong) -> MidiSong:
    """Return a song that was recorded without a tempo, moved to the tempo of its notes."""
    if song.has_tempo:
        return song
    beat_seconds = seconds_per_beat(song.bpm)
    strokes = sorted((note.start * beat_seconds, note.velocity) for clip in song.parts.values() for note in clip.notes)
    tempo = find_note_tempo(strokes)
    if tempo is None:
        return song
    return replace(
        song,
        parts={name: retime(clip, tempo, beat_seconds) for name, clip in song.parts.items()},
        tempos=tempo.clock,
        # An upbeat fills the first beat.
        meters=((0.0, song.meter), (1.0, song.meter)) if len(tempo.clock.changes) > 1 else song.meters[:1],
        has_tempo=True,
    )


def _bars_of(song: MidiSong) -> tuple[Meter, tuple[float, ...]]:
    """Return the main meter and the starts of its bars."""
    length = max(clip.length for clip in song.parts.values())
    starts: list[tuple[Meter, float]] = []
    lasting: Counter[Meter] = Counter()
    ends = [start for start, _ in song.meters[1:]] + [length]
    for (start, signature), end in zip(song.meters, ends, strict=True):
        # Bars of a single beat come from a metronome click, not from a meter.
        at, meter = start, signature if signature.bar_beats >= LEAST_BAR_BEATS else Meter()
        while at < min(end, length) - 1e-6:
            starts.append((meter, at))
            at += meter.bar_beats
            lasting[meter] += 1
    main = max(lasting, key=lambda meter: (lasting[meter] * meter.bar_beats, meter))
    return main, tuple(start for meter, start in starts if meter == main)


def swing_of(analysis: Analysis) -> Swing | None:
    """Return the swing of eighths if there is any, else of sixteenths; None without off-beats."""
    eighths, rhythm = analysis.groove.swing, analysis.rhythm
    if eighths.value is not None and eighths.value >= SWUNG_EIGHTHS and eighths.confidence >= SURE_SWING:
        return Swing(min(eighths.value, MAX_RATIO))
    strokes = [(hit.time, hit.kind, hit.velocity) for hit in analysis.hits]
    pattern = find_pattern(strokes, rhythm.beats, rhythm.downbeats, None) if len(rhythm.beats) > 1 else None
    sixteenths = None if pattern is None else pattern.sixteenths
    least = SWUNG_BY_MACHINE if _scatter_ms(analysis) < MACHINE_MS else SWUNG_SIXTEENTHS
    if sixteenths is None:
        return None
    return Swing(min(sixteenths, MAX_RATIO), 0.5) if sixteenths >= least else Swing()


def _scatter_ms(analysis: Analysis) -> float:
    """Return the scatter of on-beat onsets, root mean square in milliseconds."""
    beats = analysis.rhythm.beats
    misses = []
    for hit in analysis.hits:
        index = min(max(1, bisect_right(beats, hit.time)), len(beats) - 1)
        length = beats[index] - beats[index - 1]
        miss = hit.time - min(beats[index - 1 : index + 1], key=lambda beat: abs(beat - hit.time))
        if abs(miss) <= ON_BEAT * length:
            misses.append(miss)
    mean = fsum(misses) / max(1, len(misses))
    return 1000.0 * sqrt(fsum((miss - mean) ** 2 for miss in misses) / max(1, len(misses)))
