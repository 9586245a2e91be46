"""Bass lines: tones over chords, with and without a drummer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.players.bass.engine import BassParams, generate, refine
from musearoo.engines.players.bass.roots import Register, lead_roots
from musearoo.engines.players.bass.walking import chord_scale
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.params import Change
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

BASS_GUITAR = Register(28, 52, 35)


def test_roots_lead_by_small_steps_and_stay_home() -> None:
    spans = parse_progression("Am Dm G C F Bm7b5 E7 Am " * 8)
    roots = lead_roots(spans, BASS_GUITAR)
    leaps = [abs(one.pitch - other.pitch) for one, other in pairwise(roots)]
    assert max(leaps) <= 7
    assert sum(leaps) / len(leaps) < 5.5
    assert all(28 <= root.pitch <= 45 for root in roots)
    assert [root.pitch % 12 for root in roots] == [span.chord.root for span in spans]


def test_a_slash_chord_gives_its_bass() -> None:
    context = MusicalContext.plain(chords="C/E | F | G/B | C")
    clip = generate(BassParams(style=STYLES["rock"], bars=4, humanise=0.0), context, 1)
    on_one = [note.pitch % 12 for note in clip.notes if note.start % 4 == 0]
    assert on_one == [4, 5, 11, 0]


def test_chords_are_looped_to_the_length_and_gaps_held() -> None:
    context = MusicalContext.plain(chords="Am | N.C. | F")
    spans = chords_to_play(BassParams(style=STYLES["rock"], bars=6), context, 24.0)
    assert [(span.start, span.end, str(span.chord)) for span in spans] == [
        (0.0, 8.0, "Am"),
        (8.0, 12.0, "F"),
        (12.0, 20.0, "Am"),
        (20.0, 24.0, "F"),
    ]


def test_without_chords_the_vamp_is_played_in_the_key() -> None:
    params = BassParams(style=STYLES["house"], bars=4)
    keyed = chords_to_play(params, MusicalContext.plain(key="F# minor"), 16.0)
    assert [str(span.chord) for span in keyed] == ["F#m7", "F#m7", "Dmaj7", "C#m7"]
    vamp = chords_to_play(params, MusicalContext.plain(meter="3/4"), 12.0)
    assert [(span.start, str(span.chord)) for span in vamp] == [(0, "Am7"), (3, "Am7"), (6, "Fmaj7"), (9, "Em7")]


@each_case("style", ["jazz swing", "bossa nova", "ballad", "disco"])
def test_most_notes_on_the_beat_belong_to_the_chord(style: str) -> None:
    chords = "Dm7 | G7 | Cmaj7 | A7"
    inside = total = 0
    for seed in range(20):
        context = MusicalContext.plain(key="C", chords=chords)
        clip = generate(BassParams(style=STYLES[style], humanise=0.0, swing=1.0), context, seed)
        for span in chords_to_play(BassParams(style=STYLES[style]), context, 32.0):
            for note in clip.notes:
                if span.start <= note.start < span.end and note.start % 2 == 0:
                    total += 1
                    inside += note.pitch % 12 in span.chord.pitch_classes
    assert inside / total > 0.85


def test_a_walking_line_arrives_by_step() -> None:
    """Of the notes before a new chord, most are at most a whole tone from it: that is what makes it walk there."""
    context = MusicalContext.plain(bpm=150, key="C", chords="Dm7 | G7 | Cmaj7 | A7")
    near = total = repeated = 0
    for seed in range(20):
        clip = generate(BassParams(style=STYLES["jazz swing"], complexity=0.4, humanise=0.0, swing=1.0), context, seed)
        for note, following in pairwise(clip.notes):
            repeated += note.pitch == following.pitch and following.duration > 0.2  # a dead note may repeat
            if following.start % 4 == 0:
                total += 1
                near += 1 <= abs(following.pitch - note.pitch) <= 2
    assert near / total > 0.6
    assert repeated / (total * 4) < 0.15


def test_the_bass_follows_a_kick_wherever_a_drummer_puts_it() -> None:
    """A drum clip of one bar, played late and looped: the bass takes its odd places and its lateness."""
    kicks = (0.03, 0.78, 2.53, 3.28)
    drums = Clip.of("d", 4.0, [Note(at, 36, 0.1, 100) for at in kicks])
    context = MusicalContext.plain(chords="Em", parts=[Part("drums", "Drums", drums)])
    params = BassParams(style=STYLES["hip-hop"], bars=8, complexity=0.3, humanise=0.0, swing=1.0)
    clip = generate(params, context, 1)
    starts = {round(note.start % 4, 6) for note in clip.notes if note.start < 12}
    assert starts >= set(kicks)


def test_a_drum_part_without_kick_is_no_drummer_to_lock_to() -> None:
    hats = Clip.of("d", 4.0, [Note(at / 2, 42, 0.1, 100) for at in range(8)])
    params = BassParams(style=STYLES["rock"])
    alone = generate(params, MusicalContext.plain(key="Em"), 1)
    assert alone == generate(params, MusicalContext.plain(key="Em", parts=[Part("drums", "Hats", hats)]), 1)


def test_walking_uses_the_scale_of_the_key_or_of_the_chord() -> None:
    key = Key.parse("C")
    assert chord_scale(Chord.parse("Dm7"), key) == frozenset(key.pitch_classes)
    assert chord_scale(Chord.parse("Eb7"), key) == {3, 5, 7, 8, 10, 0, 1}
    assert chord_scale(Chord.parse("Bdim7"), None) >= {11, 2, 5, 8}


@each_case("octave", [-3, 4, 1.5, True])
def test_a_bad_octave_raises(octave: int) -> None:
    with pytest.raises(ParamError, match="octave must be a whole number from -2 to 3"):
        BassParams(style=STYLES["rock"], octave=octave)


def test_simpler_keeps_the_roots_and_busier_adds_between() -> None:
    context = MusicalContext.plain(bpm=104, chords="Em | A")
    params = BassParams(style=STYLES["funk"], complexity=0.5)
    clip = generate(params, context, 2)
    simpler = refine(clip, Change.SIMPLER, params, context, 2)
    assert [note.pitch % 12 for note in simpler.notes if round(note.start, 1) % 4 < 0.1][:4] == [4, 9, 4, 9]
    busier = refine(simpler, Change.BUSIER, params, context, 2)
    assert len(busier) > len(simpler)
    assert {note.start for note in simpler.notes} <= {note.start for note in busier.notes}


def test_a_clip_of_another_meter_keeps_its_length() -> None:
    context = MusicalContext.plain(meter="7/8", key="Am")
    params = BassParams(style=STYLES["rock"], bars=3)
    clip = generate(params, context, 1)
    assert clip.meter == Meter(7, 8)
    assert refine(clip, Change.AGAIN, replace(params, bars=8), context, 1).length == clip.length == 10.5


def test_a_take_leads_to_the_chord_that_follows_it() -> None:
    """Four bars of A minor before F: the walk of the last bar arrives at F, and by itself it comes round to A."""
    params = BassParams(style=STYLES["jazz swing"], bars=4, humanise=0.0, swing=1.0)

    def last_steps(chords: str) -> list[int]:
        context = MusicalContext.plain(bpm=140, key="Am", chords=chords)
        clips = [generate(params, context, seed) for seed in range(20)]
        return [[note for note in clip.notes if note.duration > 0.2][-1].pitch % 12 for clip in clips]

    near_f = [pitch in (4, 6, 7, 3) for pitch in last_steps("Am | Am | Am | Am | F")]
    alone = [pitch in (4, 6, 7, 3) for pitch in last_steps("Am | Am | Am | Am")]
    assert sum(near_f) > 12
    assert sum(near_f) > sum(alone)
