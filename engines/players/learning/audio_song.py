"""Songs from audio analyses, for learning: tempo, swing, chords and a drum track, if the beat is clear."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Final

from musearoo.engines.analysis.symbolic.roles import guess_audio_role
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import PITCHES
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.learning.song import SourceSong, swing_of

CLEAR_BEAT: Final = 0.3
SURE_HIT: Final = 0.3
SURE_CHORDS: Final = 0.4
"""The confidences from which each is used."""
LEAST_BARS: Final = 2
STROKE_BEATS: Final = 0.25


def song_from_analysis(name: str, analysis: Analysis) -> SourceSong:
    """Return the song of an audio file's analysis; ParamError without a clear beat or two bars.

    Drum detection in a full mix has too many false onsets: grooves are learned from drums alone.
    """
    rhythm = analysis.rhythm
    if rhythm.live_bpm is None or rhythm.beats_confidence < CLEAR_BEAT or len(rhythm.beats) < 2:
        raise ParamError("audio", "with a clear beat", name)
    meter = rhythm.meter.value or Meter()
    quarters = _Quarters(rhythm.beats, rhythm.quarters_per_beat)
    downbeats = [quarters.round(time) for time in rhythm.downbeats]
    bars = [start for start, end in pairwise(downbeats) if abs(end - start - meter.bar_beats) < 1e-6]
    if downbeats and downbeats[-1] + meter.bar_beats <= quarters.length + 1e-6:
        bars.append(downbeats[-1])
    if len(bars) < LEAST_BARS:
        raise ParamError("audio", f"of {LEAST_BARS} bars at least", name)
    alone = guess_audio_role(name, analysis)[0] == "drums"
    hits = [
        Note(start, PITCHES[hit.kind][0], STROKE_BEATS, min(127.0, max(1.0, hit.velocity)))
        for hit in analysis.hits
        if alone and hit.confidence >= SURE_HIT and (start := quarters.place(hit.time)) >= 0.0
    ]
    swing = swing_of(analysis)
    drums = Clip.of(name, max(quarters.length, *(note.start + STROKE_BEATS for note in hits)), hits) if hits else None
    return SourceSong(
        name=name,
        bpm=rhythm.live_bpm,
        meter=meter,
        bars=tuple(bars),
        swing=swing or Swing(),
        has_swing_evidence=swing is not None,
        parts=() if drums is None else (Part("drums", name, drums),),
        chords=_chords_of(analysis, quarters),
        key=analysis.harmony.key.value,
        styles=tuple((guess.name, guess.likelihood) for guess in analysis.character.styles),
        exact=False,
    )


class _Quarters:
    """Convert seconds to quarters from the first beat on; a beat is `each` quarters."""

    def __init__(self, beats: tuple[float, ...], each: float) -> None:
        self._beats, self._each = beats, each
        self.length = len(beats) * each

    def place(self, seconds: float) -> float:
        """Return the position of a time, interpolated between beats."""
        index = min(max(0, bisect_right(self._beats, seconds) - 1), len(self._beats) - 2)
        start, end = self._beats[index], self._beats[index + 1]
        return (index + (seconds - start) / (end - start)) * self._each

    def round(self, seconds: float) -> float:
        """Return the position of the nearest beat."""
        return round(self.place(seconds) / self._each) * self._each


def _chords_of(analysis: Analysis, quarters: _Quarters) -> tuple[ChordSpan, ...]:
    """Return the chords on beats; none if they are unreliable."""
    if analysis.harmony.chords_confidence < SURE_CHORDS:
        return ()
    spans: list[ChordSpan] = []
    for span in analysis.harmony.chords:
        start, end = max(0.0, quarters.round(span.start)), quarters.round(span.end)
        if span.chord is not None and end > start and (not spans or start >= spans[-1].end):
            spans.append(ChordSpan(start, end, span.chord, span.confidence))
    return tuple(spans)
