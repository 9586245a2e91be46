"""A band that everyone knows the truth of: four bars of rock at one tempo, over four chords."""

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression

BPM = 96.0
BARS = 4
CHORDS = "Am Dm E7 Am"


def _rock_bar(start: float) -> list[Note]:
    strokes = [(0.0, 36), (1.0, 38), (2.0, 36), (2.5, 36), (3.0, 38), *((beat / 2, 42) for beat in range(8))]
    return [Note(start + beat, pitch, 0.25, 110.0 if pitch != 42 else 80.0) for beat, pitch in strokes]


def play_band() -> dict[str, Clip]:
    """Four bars of rock: drums, roots on the bass, chords on the keys."""
    drums = [note for bar in range(BARS) for note in _rock_bar(4.0 * bar)]
    spans = parse_progression(CHORDS)
    bass = [Note(s.start + step, 36 + (s.chord.root - 4) % 12 + 4, 0.9, 100.0) for s in spans for step in range(4)]
    keys = [Note(s.start, 60 + pc, 3.9, 90.0) for s in spans for pc in s.chord.pitch_classes]
    length = 4.0 * BARS
    return {
        "drums": Clip.of("drums", length, drums),
        "bass": Clip.of("", length, bass),
        "keys": Clip.of("", length, keys),
    }
