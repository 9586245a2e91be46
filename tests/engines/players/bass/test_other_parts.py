"""The bass follows chords, melody and drums."""

from __future__ import annotations

from collections.abc import Iterable

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.bass.engine import BassParams, generate
from musearoo.engines.players.bass.other_parts import find_band_cues, push_changes
from tests.engines.presets_on_disk import STYLES

CHORDS = "Am | F | C | G"


def chord(at: float, *pitches: int, length: float = 0.5) -> list[Note]:
    return [Note(at, pitch, length, 80) for pitch in pitches]


def among(role: Role, notes: Iterable[Note], length: float = 16.0, chords: str = CHORDS) -> MusicalContext:
    return MusicalContext.plain(bpm=110, key="Am", chords=chords, parts=[Part(role, role, Clip.of("p", length, notes))])


def test_a_chord_that_the_band_pushes_is_pushed_by_the_bass() -> None:
    """The piano strikes F an eighth before its bar and leaves the bar line empty; so does the bass."""
    piano = [
        *chord(0.0, 57, 60, 64),
        *chord(3.5, 57, 60, 65, length=4.0),
        *chord(8.0, 60, 64, 67),
        *chord(12, 59, 62, 67),
    ]
    context = among("harmony", piano)
    spans = parse_progression(CHORDS)
    pushed = push_changes(spans, context, Swing(), 16.0)
    assert [span.start for span in pushed] == [0.0, 3.5, 8.0, 12.0]
    assert [span.end for span in pushed] == [3.5, 8.0, 12.0, 16.0]
    clip = generate(BassParams(style=STYLES["rock"], bars=4, humanise=0.0), context, 1)
    starts = {note.start: note.pitch % 12 for note in clip.notes}
    assert starts[3.5] == 5
    assert 4.0 not in starts
    assert starts[8.0] == 0


def test_the_bass_stays_below_low_chords_and_comes_up_to_high_ones() -> None:
    def pitches(shift: int) -> list[int]:
        piano = [note for bar in range(4) for note in chord(4.0 * bar, 45 + shift, 52 + shift, 60 + shift, length=4.0)]
        params = BassParams(style=STYLES["disco"], bars=4)
        return [note.pitch for seed in range(6) for note in generate(params, among("harmony", piano), seed).notes]

    low, high = pitches(0), pitches(12)
    assert max(low) <= 47
    assert sum(high) / len(high) > sum(low) / len(low) + 1.0


def test_a_busy_tune_leaves_less_to_the_bass_than_a_silent_one() -> None:
    busy = [Note(at / 4.0, 72, 0.2, 80) for at in range(64)]
    sparse = [Note(0.0, 72, 2.0, 80)]
    params = BassParams(style=STYLES["soul"], bars=4)

    def notes(tune: list[Note]) -> int:
        return sum(len(generate(params, among("melody", tune), seed)) for seed in range(8))

    assert notes(busy) < notes(sparse)


def test_optional_notes_go_with_the_chords() -> None:
    """The same bass beside chords on the third sixteenth of beats two and four, and beside others a sixteenth later."""

    def near(offset: float) -> int:
        piano = [note for at in range(8) for note in chord(2.0 * at + 1.5 + offset, 60, 64, 69, length=0.25)]
        context = among("harmony", piano)
        params = BassParams(style=STYLES["funk"], bars=4, humanise=0.0, swing=1.0)
        clips = [generate(params, context, seed) for seed in range(16)]
        return sum(note.start % 2.0 == 1.5 for clip in clips for note in clip.notes)

    assert near(0.0) > near(0.25)


def test_where_the_kick_drops_out_the_bass_holds_its_notes() -> None:
    kicks = [Note(bar * 4.0 + beat, 36, 0.1, 100) for bar in (0, 1, 3) for beat in range(4)]
    context = among("drums", [*kicks, *(Note(at / 2.0, 42, 0.1, 70) for at in range(32))])
    params = BassParams(style=STYLES["rock"], bars=4, humanise=0.0)
    assert find_band_cues(params, context, Swing(), 16.0, 1).kickless == {2}
    clip = generate(params, context, 1)
    held = [note for note in clip.notes if 8.0 <= note.start < 12.0]
    assert [(note.start, note.pitch % 12) for note in held] == [(8.0, 0)]
    assert held[0].duration > 3.0


def test_muted_kicks_are_no_kicks() -> None:
    muted = Note(2.5, 36, 0.1, 100, mute=True)
    context = among("drums", [Note(0.0, 36, 0.1, 100), muted], length=4.0)
    params = BassParams(style=STYLES["rock"], bars=1)
    assert find_band_cues(params, context, Swing(), 4.0, 1).kicks == (0.0,)
