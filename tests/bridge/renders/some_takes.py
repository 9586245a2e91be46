"""Takes that the tests render."""

from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note

BEAT = Clip.of("beat", 4.0, [Note(beat / 2, (36, 42, 38, 42)[beat % 4], 0.25, 80.0 + beat) for beat in range(8)])
LINE = Clip.of("line", 4.0, [Note(float(beat), 40 + 3 * beat, 0.9, 96.0) for beat in range(4)])
CHORDS = Clip.of("chords", 4.0, [Note(0.0, pitch, 4.0, 78.0) for pitch in (57, 60, 64)])

DRUMS = TakePart.of(BEAT, "drums")
BASS = TakePart.of(LINE, "bass")
HARMONY = TakePart.of(CHORDS, "harmony")
BAND = (DRUMS, BASS, HARMONY)
