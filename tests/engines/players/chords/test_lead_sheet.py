"""The lead sheet: the source of its chords, how they loop, and the chord that follows."""

from __future__ import annotations

from dataclasses import replace

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.chords.harmonisation import harmonise
from musearoo.engines.players.chords.lead_sheet import chord_after, chords_to_play
from musearoo.engines.players.chords.progressions import compose_progression, vamp_in_key
from musearoo.engines.players.chords.units import usual_key
from musearoo.engines.players.params import EngineParams
from tests.engines.presets_on_disk import STYLES

POP = EngineParams(style=STYLES["pop"])


def told(spans: tuple[ChordSpan, ...]) -> list[tuple[float, float, str]]:
    return [(span.start, span.end, span.chord.symbol) for span in spans]


def line(role: str, *pitches: int, length: float = 8.0) -> Part:
    notes = [Note(float(beat), pitch, 0.9, 90.0) for beat, pitch in enumerate(pitches)]
    return Part(role, role, Clip.of(role, length, notes))  # type: ignore[arg-type]


def test_given_chords_go_round_without_gaps() -> None:
    context = MusicalContext.plain(chords="Am F")
    assert told(chords_to_play(POP, context, 10.0)) == [(0.0, 4.0, "Am"), (4.0, 8.0, "F"), (8.0, 10.0, "Am")]
    gaps = MusicalContext.plain(chords=[ChordSpan(1.0, 2.0, Chord(0)), ChordSpan(3.0, 3.5, Chord(7))])
    # The first one begins with the take, each is held to the next, the last to the end.
    assert told(chords_to_play(POP, gaps, 4.0)) == [(0.0, 3.0, "C"), (3.0, 4.0, "G")]
    assert told(chords_to_play(POP, gaps, 6.0)) == [(0.0, 3.0, "C"), (3.0, 5.0, "G"), (5.0, 6.0, "C")]
    # Chords that begin after the take: the first of them is what it leads to.
    later = MusicalContext.plain(chords=[ChordSpan(8.0, 12.0, Chord(5)), ChordSpan(12.0, 16.0, Chord(7))])
    for length in (4.0, 0.5):
        assert told(chords_to_play(POP, later, length)) == [(0.0, length, "F")]


def test_without_chords_those_are_played_that_suit_the_tune_over_its_bass() -> None:
    tune, bass = line("melody", 60, 64, 67, 64, 65, 69, 72, 69), line("bass", 36, 36, 36, 36, 41, 41, 41, 41)
    key, meter = Key.parse("C"), Meter()
    alone = MusicalContext.plain(key="C", parts=[tune])
    spans = harmonise(tune.clip, key, POP.style, meter, None)
    assert chords_to_play(POP, alone, 8.0) == spans
    # They come round with the tune.
    twice = chords_to_play(POP, alone, 16.0)
    assert [span.chord for span in twice] == [span.chord for span in spans] * 2
    both = replace(alone, parts=(tune, bass))
    assert chords_to_play(POP, both, 8.0) == harmonise(tune.clip, key, POP.style, meter, bass.clip.repeated(8.0))
    # A bass alone is no tune: its roots count, its notes do not.
    under = replace(alone, parts=(bass,))
    silent = bass.clip.with_notes(())
    assert chords_to_play(POP, under, 8.0) == harmonise(silent, key, POP.style, meter, bass.clip)
    empty = replace(alone, parts=(line("melody"),))
    assert chords_to_play(POP, empty, 8.0) == chords_to_play(POP, replace(alone, parts=()), 8.0)


def test_without_other_parts_a_loop_has_the_styles_vamp_and_a_section_its_progression() -> None:
    meter = Meter()
    for key in (None, Key.parse("E")):
        context = MusicalContext.plain(key=key)
        own = key or usual_key(POP.style)
        vamp = vamp_in_key(POP.style, own, meter)
        period = vamp[-1].end
        assert chords_to_play(POP, context, period) == vamp
        again = chords_to_play(POP, context, 2.0 * period)
        assert [span.chord for span in again] == [span.chord for span in vamp] * 2
        verse = replace(POP, section=SongSection("verse"))
        for length, bars in ((16.0, 4), (1.0, 1), (30.5, 8)):
            expected = compose_progression(POP.style, own, meter, bars, verse.section)
            assert chords_to_play(verse, context, length) == expected, length


def test_the_chord_after_a_take_is_the_next_that_begins() -> None:
    context = MusicalContext.plain(chords="Am F | C")
    for length, chord in ((0.0, "Am"), (1.0, "F"), (2.0, "F"), (2.0000005, "F"), (2.1, "C"), (4.0, "C"), (4.1, None)):
        found = chord_after(context, length)
        assert (found and found.symbol) == chord, length
    assert chord_after(MusicalContext(), 4.0) is None
