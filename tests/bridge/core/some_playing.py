"""A player who has played, for tests: notes in a time line that runs, as they come from the MIDI process."""

from collections.abc import Iterable

from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.chord import Chord

AT = 100.0
"""The second in which beat 0 is."""

BPM = 120.0


def seconds_of(beat: float) -> float:
    """When a beat is."""
    return AT + beat * 60.0 / BPM


def a_recording(notes: Iterable[tuple[float, int, float]], until: float) -> Recording:
    """A recording of notes (beat, pitch, length in beats) in a set that runs in 4/4, up to a beat."""
    player = PlayerListener()
    events = [(start, bytes((0x90, pitch, 90))) for start, pitch, _ in notes]
    events += [(start + length, bytes((0x80, pitch, 64))) for start, pitch, length in notes]
    player.clock(0.0, AT, BPM, is_running=True)
    for beat, data in sorted(events, key=lambda event: event[0]):
        player.clock(beat, seconds_of(beat), BPM, is_running=True)
        player.hear(beat, seconds_of(beat), data)
    return player.recording(until, seconds_of(until))


CHORDS = ("Am", "F", "C", "G")


def chords_played() -> list[tuple[float, int, float]]:
    """Four chords, a bar each, struck on the first and third beat over their roots."""
    played = []
    for bar, symbol in enumerate(CHORDS):
        chord = Chord.parse(symbol)
        pitches = [36 + chord.root, *(60 + pitch_class for pitch_class in chord.pitch_classes)]
        played += [(bar * 4.0 + beat, pitch, 1.8) for beat in (0.0, 2.0) for pitch in pitches]
    return played


def a_tune() -> list[tuple[float, int, float]]:
    """Four bars of C major in eighths and quarters."""
    bar = [(0.0, 60, 0.9), (1.0, 64, 0.4), (1.5, 65, 0.4), (2.0, 67, 0.9), (3.0, 64, 0.9)]
    return [(4.0 * number + start, pitch, length) for number in range(4) for start, pitch, length in bar]
